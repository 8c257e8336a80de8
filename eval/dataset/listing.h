/* Which files make a data set, and the class of each. Private to eval. */
#ifndef ASX_EVAL_LISTING_H
#define ASX_EVAL_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

typedef struct asx_listing_item {
    char *path; /* owned */
    unsigned label;
    char *mask; /* owned; NULL: the item has a class */
} asx_listing_item;

/* Zeroed = empty. */
typedef struct asx_listing {
    asx_listing_item *item;
    size_t n, capacity;
} asx_listing;

/* Endings of what is read one by one; each list ends with NULL. */
extern const char *const asx_listing_pictures[], *const asx_listing_recordings[];

/**
 * Files by class. Of a folder: every folder in it is a class, numbered in the order of their names' bytes as torchvision's
 * ImageFolder does, and its files with one of the endings are items. They come in rounds, the first of every class, the
 * second of every class, ..., so that every part of them shows all classes. Of a file: every line is a path, relative to
 * the file's folder, and after a blank, a tab or a comma its class 0 .. 65535; empty lines and those that begin with #
 * are none. The order is the file's. With masks, of a file alone: every line is two paths, of a picture and of its
 * mask, between them a tab, a comma or, if there is neither, a blank.
 *
 * @param out      asx_listing_fini it; untouched on failure
 * @param endings  {".png", ..., NULL}, lower case; files are compared in any case
 * @param masks    whether a mask stands in the place of a class
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE with `file:line:`; ASX_EINVAL if there is no class, or none of its files
 *         has the ending, or the list has more than 64 MiB
 */
ASX_NODISCARD asx_status asx_listing_read(asx_listing *out, const char *path,
                                          const char *const *endings, bool masks, asx_error *err);
void asx_listing_fini(asx_listing *listing);

#endif
