/* Menus from words. */
#include "word_menu.h"

asx_status asx_menu_make(asx_word *out, const asx_word *word, size_t n, unsigned group,
                         asx_error *err)
{
    asx_word made;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        status = asx_word_check(&word[i], err);
        if (status == ASX_OK)
            status = asx_menu_check_word(&word[i], err);
    }
    if (status == ASX_OK)
        status = asx_menu_build(&made, word, n, group, err);
    if (status == ASX_OK)
        status = asx_word_check(&made, err);
    if (status == ASX_OK)
        *out = made;
    return status;
}
