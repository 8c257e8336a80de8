/* What menus are made of, below what words are. Private. */
#ifndef ASX_DSE_WORD_MENU_H
#define ASX_DSE_WORD_MENU_H

#include "dse/menu.h"
#include "dse/word_kind.h"

/** The group as it is written; 0: channels. */
unsigned asx_menu_group(const asx_word *menu);

/** Whether a menu can hold a word that is one. @return ASX_OK; ASX_EINVAL */
ASX_NODISCARD asx_status asx_menu_check_word(const asx_word *word, asx_error *err);

/** Of words that are, and can be held. @return ASX_OK; ASX_EINVAL for the numbers, and for a word that is there twice */
ASX_NODISCARD asx_status asx_menu_build(asx_word *out, const asx_word *word, size_t n,
                                        unsigned group, asx_error *err);

/** Appends a word as formats have it, behind the operand's letter; of a menu without what stands behind the format. */
void asx_word_print(asx_text *text, const asx_word *word);

/** Appends what stands behind the format: "@128", "@ch"; nothing for other words. */
void asx_menu_print_group(asx_text *text, const asx_word *word);

#endif
