/* Lists of alphabet sets as campaigns write them: "all", "none", "max N", "{1,3}", any number of
 * these separated by blanks. Private to dse. */
#ifndef ASX_DSE_SET_LIST_H
#define ASX_DSE_SET_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "dse/word.h"

typedef struct asx_set_choice {
    unsigned max;         /* every set of 1 .. max alphabets; 0: just `set` */
    asx_alphabet_set set; /* empty: a plain word */
} asx_set_choice;

typedef struct asx_set_list {
    asx_set_choice *item;
    size_t n, capacity;
} asx_set_list;

typedef struct asx_word_list {
    asx_word *item;
    size_t n, capacity;
} asx_word_list;

/** @return ASX_OK; ASX_ENOMEM; ASX_EPARSE with the offending part; ASX_EINVAL for no sets */
ASX_NODISCARD asx_status asx_set_list_parse(asx_set_list *out, const char *text, asx_error *err);
void asx_set_list_fini(asx_set_list *list);

/** How many sets the list spells for a digit width; saturates at SIZE_MAX. */
size_t asx_set_list_count(const asx_set_list *list, unsigned digit_width);

/**
 * Appends `like` with each set of the choice that makes it a word, without the alphabets that no
 * digit can use. Of an activation, both the signed and the non-negative form count: the signed one
 * must be a word, and what either can use stays. Words that differ only in unusable alphabets come
 * once.
 *
 * @return ASX_OK, also if nothing was appended; ASX_ENOMEM; ASX_EINVAL if these are more than
 * ASX_FORMATS_MAX
 */
ASX_NODISCARD asx_status asx_set_choice_words(asx_word_list *out, const asx_set_choice *choice,
                                              const asx_word *like, bool activation,
                                              asx_error *err);

#endif
