/* Functions on designs for conditions of users: layer_format(formats, 'conv1'), set_of(formats),
 * bits_of(formats), family_of(formats), set_size(set). They read canonical texts and know nothing of the network. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "dse/format.h"
#include "seal.h"

/* The text of a layer's format: its own, else the first, unnamed one. */
static const char *find_layer(size_t *n, const char *formats, const char *layer)
{
    const char *found = formats;
    const size_t length = strlen(layer);
    for (const char *word = formats; *word; word += strcspn(word, " "), word += *word == ' ')
        if (strncmp(word, layer, length) == 0 && word[length] == '=')
            found = word + length + 1;
    *n = strcspn(found, " ");
    return found;
}

static void layer_format(sqlite3_context *context, int n_args, sqlite3_value **arg)
{
    const char *formats = (const char *)sqlite3_value_text(arg[0]);
    const char *layer = (const char *)sqlite3_value_text(arg[1]);
    size_t n = 0;
    (void)n_args;
    if (!formats || !layer)
        return;
    const char *found = find_layer(&n, formats, layer);
    sqlite3_result_text(context, found, (int)n, SQLITE_TRANSIENT);
}

static bool parse(asx_format *out, sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text && asx_format_parse_at(out, &text, NULL) == ASX_OK;
}

static void set_of(sqlite3_context *context, int n_args, sqlite3_value **arg)
{
    asx_format format;
    asx_text set = {0};
    (void)n_args;
    if (!parse(&format, arg[0]))
        return;
    asx_word_print_set(&set, &format.weight);
    if (set.failed)
        sqlite3_result_error_nomem(context);
    else
        sqlite3_result_text(context, set.s ? set.s : "", -1, SQLITE_TRANSIENT);
    asx_text_fini(&set);
}

static void bits_of(sqlite3_context *context, int n_args, sqlite3_value **arg)
{
    asx_format format;
    (void)n_args;
    if (parse(&format, arg[0]))
        sqlite3_result_int(context, (int)asx_word_length(&format.weight));
}

static void family_of(sqlite3_context *context, int n_args, sqlite3_value **arg)
{
    asx_format format;
    (void)n_args;
    if (parse(&format, arg[0]))
        sqlite3_result_text(context, asx_word_family(&format.weight), -1, SQLITE_STATIC);
}

static void set_size(sqlite3_context *context, int n_args, sqlite3_value **arg)
{
    const char *text = (const char *)sqlite3_value_text(arg[0]);
    int n = text && *text == '{';
    (void)n_args;
    for (const char *c = text; c && *c; c++)
        n += *c == ',';
    sqlite3_result_int(context, n);
}

asx_status asx_db_add_functions(asx_store *store, asx_error *err)
{
    static const struct {
        const char *name;
        int n_args;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"layer_format", 2, layer_format},
                     {"set_of", 1, set_of},
                     {"bits_of", 1, bits_of},
                     {"family_of", 1, family_of},
                     {"set_size", 1, set_size}};
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (sqlite3_create_function(store->db, functions[i].name, functions[i].n_args, flags, NULL,
                                    functions[i].run, NULL, NULL) != SQLITE_OK)
            return asx_db_fail(store, err, "add functions");
    return asx_seal_add_function(store, err);
}
