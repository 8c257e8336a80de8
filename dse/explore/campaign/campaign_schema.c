/* What reads a campaign file: the keys of campaign_keys.def as a libcyaml schema. */
#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

#include "campaign_log.h"
#include "campaign_private.h"
#include "dse/memory.h"

enum { TEXT_MAX = 4096, LIST_MAX = 4096 };

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, TEXT_MAX)};

#define REQUIRED      0
#define OPTIONAL      CYAML_FLAG_OPTIONAL
#define SECTION(type) static const cyaml_schema_field_t type##_fields[] = {
#define KEY(type, member, presence, ...)                                                           \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | (presence), type, member,                 \
                           (presence) == REQUIRED, TEXT_MAX),
#define LIST(type, member, min, ...)                                                               \
    CYAML_FIELD_SEQUENCE(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member,          \
                         &text_entry, (min) > 0, LIST_MAX),
#define PART(type, member, section, ...)                                                           \
    CYAML_FIELD_MAPPING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member,       \
                            section##_fields),
#define WITHIN(type, member, section, ...)                                                         \
    CYAML_FIELD_MAPPING(#member, CYAML_FLAG_OPTIONAL, type, member, section##_fields),
#define PARTS(type, member, section, ...)                                                          \
    CYAML_FIELD_SEQUENCE(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member,          \
                         &section##_entry, 0, LIST_MAX),
#define END                                                                                        \
    CYAML_FIELD_END                                                                                \
    }                                                                                              \
    ;
static const cyaml_schema_value_t asx_campaign_group_entry, asx_campaign_pin_entry;
#include "campaign_keys.def"

static const cyaml_schema_value_t asx_campaign_group_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, asx_campaign_group, asx_campaign_group_fields)};
static const cyaml_schema_value_t asx_campaign_pin_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, asx_campaign_pin, asx_campaign_pin_fields)};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, asx_campaign_spec, asx_campaign_spec_fields)};

static cyaml_config_t make_config(asx_campaign_log *log)
{
    return (cyaml_config_t){.log_fn = log ? asx_campaign_log_line : NULL,
                            .log_ctx = log,
                            .log_level = CYAML_LOG_ERROR,
                            .mem_fn = cyaml_mem,
                            .flags = CYAML_CFG_NO_ALIAS};
}

/* The line where something follows the first document; 0: nothing does. Inside of a document no line
 * begins with a document's marks, not even in quoted text. */
static size_t second_document(const char *text, size_t n)
{
    bool content = false, ended = false;
    size_t line = 0;
    for (const char *end; n > 0; n -= (size_t)(end - text), text = end) {
        const char *newline = memchr(text, '\n', n);
        end = newline ? newline + 1 : text + n;
        line++;
        const size_t length = (size_t)(end - text), blank = strspn(text, " \t\r");
        const bool marked = length >= 3 && (length == 3 || strchr(" \t\r\n", text[3]));
        if (marked && memcmp(text, "...", 3) == 0) {
            ended = content;
        } else if (marked && memcmp(text, "---", 3) == 0) {
            if (content)
                return line;
        } else if (blank < length && text[blank] != '#' && text[blank] != '\n' && *text != '%') {
            if (ended)
                return line;
            content = true;
        }
    }
    return 0;
}

/* The line where a value begins with an anchor, "key: &name"; 0: none does. Only a quoted text may begin with '&'. */
static size_t anchor(const char *text)
{
    static const char blanks[] = " \t";
    size_t line = 1;
    for (const char *p = text; *p; line++) {
        const char *s = p + strspn(p, blanks);
        while (*s == '-' && strchr(blanks, s[1]) && s[1])
            s += 1 + strspn(s + 1, blanks);
        const size_t key = strspn(s, "abcdefghijklmnopqrstuvwxyz_");
        if (key > 0 && s[key] == ':')
            s += key + 1 + strspn(s + key + 1, blanks);
        if (s[0] == '&' && s[1] && !strchr(" \t\r\n", s[1]))
            return line;
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    return 0;
}

asx_status asx_campaign_spec_parse(asx_campaign_spec **out, const char *name, const char *text,
                                   size_t n, asx_error *err)
{
    asx_campaign_log log = {0};
    const cyaml_config_t config = make_config(&log);
    cyaml_data_t *loaded = NULL;
    const size_t anchored = anchor(text);
    if (anchored > 0)
        return asx_fail(err, ASX_EPARSE,
                        "%s:%zu: an anchor ('&'): anchors and aliases are not read; write the "
                        "value itself",
                        name, anchored);
    const cyaml_err_t failure =
        cyaml_load_data((const uint8_t *)text, n, &config, &file_schema, &loaded, NULL);
    if (failure == CYAML_ERR_OOM)
        return asx_fail(err, ASX_ENOMEM, "no memory for campaign '%s'", name);
    if (failure != CYAML_OK)
        return asx_campaign_log_fail(&log, name, text, cyaml_strerror(failure), err);
    if (!loaded)
        return asx_fail(err, ASX_EPARSE, "%s:1: campaign file is empty", name);
    const size_t line = second_document(text, n);
    if (line > 0) {
        asx_campaign_spec_free((asx_campaign_spec *)loaded);
        return asx_fail(err, ASX_EPARSE,
                        "%s:%zu: a second document begins: one file is one campaign; give it a "
                        "file of its own",
                        name, line);
    }
    *out = (asx_campaign_spec *)loaded;
    return ASX_OK;
}

/* A key that a description must have and has not; NULL: it has all. */
static const char *lacking(const asx_campaign_spec *spec)
{
    const asx_campaign_space *space = spec->space;
    const char *key = !spec->name                         ? "name"
                      : !spec->network && !spec->bespoke  ? "network"
                      : spec->data && !spec->data->format ? "data.format"
                                                          : NULL;
    for (unsigned i = 0; space && !key && i < space->groups_count; i++)
        key = space->groups[i].name ? NULL : "space.groups.name";
    for (unsigned i = 0; space && !key && i < space->pin_count; i++)
        key = !space->pin[i].layer    ? "space.pin.layer"
              : !space->pin[i].format ? "space.pin.format"
                                      : NULL;
    return key;
}

asx_status asx_campaign_spec_print(char **out, size_t *n, const asx_campaign_spec *spec,
                                   asx_error *err)
{
    asx_campaign_log log = {0};
    cyaml_config_t config = make_config(&log);
    char *text = NULL;
    size_t length = 0;
    if (spec->space && spec->space->activations.digits_count > 0)
        return asx_fail(err, ASX_EINVAL,
                        "(memory): space.activations: they take 'bits', 'digit_width' and "
                        "'alphabets' only: their digits are unsigned");
    if (lacking(spec))
        return asx_fail(err, ASX_EINVAL, "(memory): key '%s' is missing", lacking(spec));
    config.flags |= CYAML_CFG_STYLE_BLOCK;
    const cyaml_err_t failure =
        cyaml_save_data(&text, &length, &config, &file_schema, (const cyaml_data_t *)spec, 0);
    if (failure != CYAML_OK)
        return failure == CYAML_ERR_OOM
                   ? asx_fail(err, ASX_ENOMEM, "no memory for a campaign")
                   : asx_fail(err, ASX_EINVAL, "(memory): cannot be written: %s",
                              cyaml_strerror(failure));
    char *copy = asx_array_new(length + 1, 1);
    if (copy)
        memcpy(copy, text, length);
    free(text);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    *out = copy;
    *n = length;
    return ASX_OK;
}

void asx_campaign_spec_free(asx_campaign_spec *spec)
{
    const cyaml_config_t config = make_config(NULL);
    if (spec)
        cyaml_free(&config, &file_schema, spec, 0);
}
