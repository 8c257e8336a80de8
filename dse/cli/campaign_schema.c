/* The keys of a campaign file as a libcyaml schema, and its messages as ours. */
#include <ctype.h>
#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign.h"

enum { TEXT_MAX = 4096, LIST_MAX = 4096 };

#define OPTIONAL_TEXT(type, key)                                                                   \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, 0, TEXT_MAX)
#define REQUIRED_TEXT(type, key)                                                                   \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, type, key, 1, TEXT_MAX)
#define OPTIONAL_LIST(type, key, entry)                                                            \
    CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, entry, 0,      \
                         LIST_MAX)
#define OPTIONAL_NUMBER(type, key)                                                                 \
    CYAML_FIELD_FLOAT_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key)
#define OPTIONAL_INTEGER(type, key)                                                                \
    CYAML_FIELD_INT_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key)
#define OPTIONAL_MAPPING(type, key, fields)                                                        \
    CYAML_FIELD_MAPPING_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, fields)

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, TEXT_MAX)};
static const cyaml_schema_value_t integer_entry = {CYAML_VALUE_INT(CYAML_FLAG_DEFAULT, int64_t)};
static const cyaml_schema_value_t number_entry = {CYAML_VALUE_FLOAT(CYAML_FLAG_DEFAULT, double)};

static const cyaml_schema_field_t data_fields[] = {
    REQUIRED_TEXT(campaign_data, format),
    OPTIONAL_LIST(campaign_data, files, &text_entry),
    OPTIONAL_LIST(campaign_data, labels, &text_entry),
    OPTIONAL_LIST(campaign_data, shape, &integer_entry),
    OPTIONAL_LIST(campaign_data, mean, &number_entry),
    OPTIONAL_LIST(campaign_data, std, &number_entry),
    OPTIONAL_NUMBER(campaign_data, offset),
    OPTIONAL_NUMBER(campaign_data, scale),
    OPTIONAL_INTEGER(campaign_data, seed),
    OPTIONAL_INTEGER(campaign_data, count),
    OPTIONAL_TEXT(campaign_data, calibrate),
    OPTIONAL_TEXT(campaign_data, select),
    OPTIONAL_TEXT(campaign_data, report),
    CYAML_FIELD_END};

static const cyaml_schema_field_t hardware_fields[] = {
    OPTIONAL_TEXT(campaign_hardware, technology),
    OPTIONAL_LIST(campaign_hardware, parameters, &text_entry), CYAML_FIELD_END};

static const cyaml_schema_field_t words_fields[] = {
    OPTIONAL_LIST(campaign_words, bits, &integer_entry),
    OPTIONAL_LIST(campaign_words, digit_width, &integer_entry),
    OPTIONAL_LIST(campaign_words, digits, &text_entry), OPTIONAL_TEXT(campaign_words, alphabets),
    CYAML_FIELD_END};

static const cyaml_schema_field_t group_fields[] = {
    REQUIRED_TEXT(campaign_group, name), OPTIONAL_LIST(campaign_group, layers, &text_entry),
    CYAML_FIELD_END};
static const cyaml_schema_value_t group_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, campaign_group, group_fields)};

static const cyaml_schema_field_t pin_fields[] = {
    REQUIRED_TEXT(campaign_pin, layer), REQUIRED_TEXT(campaign_pin, format), CYAML_FIELD_END};
static const cyaml_schema_value_t pin_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, campaign_pin, pin_fields)};

static const cyaml_schema_field_t space_fields[] = {
    OPTIONAL_TEXT(campaign_space, scope),
    OPTIONAL_LIST(campaign_space, placement, &text_entry),
    CYAML_FIELD_MAPPING("weights", CYAML_FLAG_OPTIONAL, campaign_space, weights, words_fields),
    CYAML_FIELD_MAPPING("activations", CYAML_FLAG_OPTIONAL, campaign_space, activations,
                        words_fields),
    OPTIONAL_LIST(campaign_space, groups, &group_entry),
    OPTIONAL_LIST(campaign_space, pin, &pin_entry),
    CYAML_FIELD_END};

static const cyaml_schema_field_t limits_fields[] = {
    OPTIONAL_NUMBER(campaign_limits, drop),    OPTIONAL_NUMBER(campaign_limits, energy),
    OPTIONAL_NUMBER(campaign_limits, latency), OPTIONAL_NUMBER(campaign_limits, area),
    OPTIONAL_NUMBER(campaign_limits, storage), CYAML_FIELD_END};

static const cyaml_schema_field_t search_fields[] = {
    OPTIONAL_TEXT(campaign_search, algorithm),
    OPTIONAL_TEXT(campaign_search, tier),
    OPTIONAL_INTEGER(campaign_search, seed),
    OPTIONAL_INTEGER(campaign_search, budget),
    OPTIONAL_LIST(campaign_search, parameters, &text_entry),
    CYAML_FIELD_END};

static const cyaml_schema_field_t verify_fields[] = {OPTIONAL_INTEGER(campaign_verify, measured),
                                                     OPTIONAL_INTEGER(campaign_verify, trained),
                                                     CYAML_FIELD_END};

static const cyaml_schema_field_t file_fields[] = {
    REQUIRED_TEXT(campaign_file, name),
    REQUIRED_TEXT(campaign_file, network),
    OPTIONAL_MAPPING(campaign_file, data, data_fields),
    OPTIONAL_MAPPING(campaign_file, hardware, hardware_fields),
    OPTIONAL_MAPPING(campaign_file, space, space_fields),
    OPTIONAL_LIST(campaign_file, objectives, &text_entry),
    OPTIONAL_MAPPING(campaign_file, limits, limits_fields),
    OPTIONAL_MAPPING(campaign_file, search, search_fields),
    OPTIONAL_MAPPING(campaign_file, verify, verify_fields),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, campaign_file, file_fields)};

/* libcyaml reports through a log: a first line that says what, and a backtrace of which the
 * innermost place is what users want to know. */
typedef struct log_state {
    char what[200];
    char place[120]; /* "in mapping field 'bits' (line: 2, column: 7)" */
} log_state;

static void on_log(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    log_state *log = ctx;
    char line[320];
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    if (level < CYAML_LOG_ERROR)
        return;
    const char *text = strncmp(line, "Load: ", 6) == 0 ? line + 6 : line;
    if (strncmp(text, "  in ", 5) == 0) {
        if (!*log->place)
            snprintf(log->place, sizeof log->place, "%.*s", (int)sizeof log->place - 1, text + 2);
    } else if (strncmp(text, "Backtrace", 9) != 0 && !*log->what) {
        snprintf(log->what, sizeof log->what, "%.*s", (int)sizeof log->what - 1, text);
    }
}

size_t campaign_line_of(const char *text, const char *raw)
{
    size_t line = 1;
    const size_t n = strlen(raw);
    for (const char *p = text; n > 0 && *p; line++) {
        const char *end = p + strcspn(p, "\n");
        for (const char *q = p; q < end && *q != '#'; q++)
            if (strncmp(q, raw, n) == 0)
                return line;
        p = *end ? end + 1 : end;
    }
    return 0;
}

static asx_status schema_error(const char *name, const char *text, log_state *log,
                               cyaml_err_t failure, asx_error *err)
{
    static const char unexpected[] = "Unexpected key: ";
    size_t line = 0;
    const char *at = strstr(log->place, "(line: ");
    if (at)
        line = strtoul(at + 7, NULL, 10);
    if (strncmp(log->what, unexpected, sizeof unexpected - 1) == 0) {
        const char *key = log->what + sizeof unexpected - 1;
        const size_t found = campaign_line_of(text, key);
        return asx_fail(err, ASX_EPARSE, "%s:%zu: unknown key '%s'", name, found ? found : line,
                        key);
    }
    if (at && at > log->place)
        log->place[at - log->place - 1] = '\0';
    if (*log->what)
        log->what[0] = (char)tolower((unsigned char)log->what[0]);
    const char *what = *log->what ? log->what : cyaml_strerror(failure);
    return asx_fail(err, ASX_EPARSE, "%s:%zu: %s%s%s", name, line ? line : 1, what,
                    *log->place ? ", " : "", log->place);
}

static cyaml_config_t make_config(log_state *log)
{
    return (cyaml_config_t){.log_fn = log ? on_log : NULL,
                            .log_ctx = log,
                            .log_level = CYAML_LOG_ERROR,
                            .mem_fn = cyaml_mem,
                            .flags = CYAML_CFG_NO_ALIAS};
}

asx_status campaign_file_parse(campaign_file **out, const char *name, const char *text, size_t n,
                               asx_error *err)
{
    log_state log = {0};
    const cyaml_config_t config = make_config(&log);
    cyaml_data_t *loaded = NULL;
    const cyaml_err_t failure =
        cyaml_load_data((const uint8_t *)text, n, &config, &file_schema, &loaded, NULL);
    if (failure == CYAML_ERR_OOM)
        return asx_fail(err, ASX_ENOMEM, "no memory for campaign '%s'", name);
    if (failure != CYAML_OK)
        return schema_error(name, text, &log, failure, err);
    if (!loaded)
        return asx_fail(err, ASX_EPARSE, "%s:1: campaign file is empty", name);
    *out = (campaign_file *)loaded;
    return ASX_OK;
}

void campaign_file_free(campaign_file *file)
{
    const cyaml_config_t config = make_config(NULL);
    if (file)
        cyaml_free(&config, &file_schema, file, 0);
}
