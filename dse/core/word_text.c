/* Words as texts, where formats do not say more. */
#include "word_menu.h"
#include "word_type.h"

void asx_word_print(asx_text *text, const asx_word *word)
{
    asx_word of[ASX_MENU_WORDS_MAX];
    const size_t n = asx_menu_words(of, word);
    for (size_t i = 0; i < n; i++) {
        const asx_word *w = &of[i];
        const asx_word_type *type = asx_word_type_of(w);
        const bool digits = !asx_alphabet_set_is_empty(w->set);
        if (i > 0)
            asx_text_add(text, "/");
        if (type && type->print) {
            type->print(text, w);
            continue;
        }
        asx_text_add(text, "%u", w->bits);
        if (digits && w->digits == ASX_DIGITS_SIGNED)
            asx_text_add(text, "s");
        if (digits && w->digit_width != ASX_DIGIT_WIDTH_DEFAULT)
            asx_text_add(text, "q%u", w->digit_width);
        asx_alphabet_set_print(text, w->set);
    }
}

void asx_menu_print_group(asx_text *text, const asx_word *word)
{
    if (!asx_word_is_menu(word))
        return;
    if (asx_menu_group(word) > 0)
        asx_text_add(text, "@%u", asx_menu_group(word));
    else
        asx_text_add(text, "@ch");
}

void asx_word_print_set(asx_text *text, const asx_word *word)
{
    const asx_word_type *type = asx_word_type_of(word);
    if (asx_word_is_menu(word)) {
        asx_word_print(text, word);
        asx_menu_print_group(text, word);
    } else if (type && type->print) {
        type->print(text, word);
    } else {
        asx_alphabet_set_print(text, word->set);
    }
}
