/* A folder of files that belong together: all of them appear, or none. */
#ifndef ASX_DSE_OUTPUT_FOLDER_H
#define ASX_DSE_OUTPUT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_output_folder asx_output_folder;

/**
 * Begins a folder. If there is none, it is made beside its place and renamed when it is committed; if there is one, the
 * files are made in a folder of their own below it, and moved over those that are there. A program that is killed
 * meanwhile leaves NAME.PID-K.part.
 *
 * @param out  owned by the caller, asx_output_folder_free
 * @return ASX_OK; ASX_EIO with the system's reason; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_output_folder_open(asx_output_folder **out, const char *path,
                                                        asx_error *err);

/**
 * Adds a file.
 * @param name        of the file, or "FOLDER/NAME": one folder deep at most
 * @param executable  for whoever may read it
 * @return ASX_OK; ASX_EIO; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_output_folder_add(asx_output_folder *folder, const char *name,
                                                       const void *bytes, size_t n, bool executable,
                                                       asx_error *err);

/** Adds a file of text, and releases the text whatever comes of it. @return as asx_output_folder_add; ASX_ENOMEM where the
 *  text had none */
ASX_API ASX_NODISCARD asx_status asx_output_folder_add_text(asx_output_folder *folder,
                                                            const char *name, asx_text *text,
                                                            asx_error *err);

/** Puts the files in their place, in the order of asx_output_folder_add. Call it once.
 *  @return ASX_OK; ASX_EIO: where there was no folder there is none */
ASX_API ASX_NODISCARD asx_status asx_output_folder_commit(asx_output_folder *folder,
                                                          asx_error *err);

/** Frees it; what was not committed is removed. NULL is allowed. */
ASX_API void asx_output_folder_free(asx_output_folder *folder);

#ifdef __cplusplus
}
#endif

#endif
