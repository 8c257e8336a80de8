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
#define OPTIONAL_LIST(type, key, entry, min)                                                       \
    CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, entry, min,    \
                         LIST_MAX)
#define OPTIONAL_MAPPING(type, key, fields)                                                        \
    CYAML_FIELD_MAPPING_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, fields)

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, TEXT_MAX)};

static const cyaml_schema_field_t data_fields[] = {
    REQUIRED_TEXT(campaign_data, format),
    OPTIONAL_LIST(campaign_data, files, &text_entry, 0),
    OPTIONAL_LIST(campaign_data, labels, &text_entry, 0),
    OPTIONAL_LIST(campaign_data, shape, &text_entry, 1),
    OPTIONAL_LIST(campaign_data, mean, &text_entry, 1),
    OPTIONAL_LIST(campaign_data, std, &text_entry, 1),
    OPTIONAL_TEXT(campaign_data, offset),
    OPTIONAL_TEXT(campaign_data, scale),
    OPTIONAL_TEXT(campaign_data, seed),
    OPTIONAL_TEXT(campaign_data, count),
    OPTIONAL_TEXT(campaign_data, calibrate),
    OPTIONAL_TEXT(campaign_data, select),
    OPTIONAL_TEXT(campaign_data, report),
    CYAML_FIELD_END};

static const cyaml_schema_field_t calibration_fields[] = {
    OPTIONAL_TEXT(campaign_calibration, ranges), OPTIONAL_TEXT(campaign_calibration, percentile),
    OPTIONAL_TEXT(campaign_calibration, bias_correction), CYAML_FIELD_END};

static const cyaml_schema_field_t hardware_fields[] = {
    OPTIONAL_TEXT(campaign_hardware, technology), OPTIONAL_TEXT(campaign_hardware, operands),
    OPTIONAL_LIST(campaign_hardware, parameters, &text_entry, 0), CYAML_FIELD_END};

static const cyaml_schema_field_t words_fields[] = {
    OPTIONAL_LIST(campaign_words, bits, &text_entry, 1),
    OPTIONAL_LIST(campaign_words, digit_width, &text_entry, 1),
    OPTIONAL_LIST(campaign_words, digits, &text_entry, 1), OPTIONAL_TEXT(campaign_words, alphabets),
    CYAML_FIELD_END};

static const cyaml_schema_field_t group_fields[] = {
    REQUIRED_TEXT(campaign_group, name), OPTIONAL_LIST(campaign_group, layers, &text_entry, 1),
    CYAML_FIELD_END};
static const cyaml_schema_value_t group_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, campaign_group, group_fields)};

static const cyaml_schema_field_t pin_fields[] = {
    REQUIRED_TEXT(campaign_pin, layer), REQUIRED_TEXT(campaign_pin, format), CYAML_FIELD_END};
static const cyaml_schema_value_t pin_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, campaign_pin, pin_fields)};

static const cyaml_schema_field_t space_fields[] = {
    OPTIONAL_TEXT(campaign_space, scope),
    OPTIONAL_LIST(campaign_space, placement, &text_entry, 1),
    CYAML_FIELD_MAPPING("weights", CYAML_FLAG_OPTIONAL, campaign_space, weights, words_fields),
    CYAML_FIELD_MAPPING("activations", CYAML_FLAG_OPTIONAL, campaign_space, activations,
                        words_fields),
    OPTIONAL_LIST(campaign_space, groups, &group_entry, 0),
    OPTIONAL_LIST(campaign_space, pin, &pin_entry, 0),
    CYAML_FIELD_END};

static const cyaml_schema_field_t limits_fields[] = {
    OPTIONAL_TEXT(campaign_limits, drop),    OPTIONAL_TEXT(campaign_limits, energy),
    OPTIONAL_TEXT(campaign_limits, latency), OPTIONAL_TEXT(campaign_limits, area),
    OPTIONAL_TEXT(campaign_limits, storage), CYAML_FIELD_END};

static const cyaml_schema_field_t search_fields[] = {
    OPTIONAL_TEXT(campaign_search, algorithm),
    OPTIONAL_TEXT(campaign_search, tier),
    OPTIONAL_TEXT(campaign_search, seed),
    OPTIONAL_TEXT(campaign_search, budget),
    OPTIONAL_TEXT(campaign_search, rounds),
    OPTIONAL_TEXT(campaign_search, per_round),
    OPTIONAL_LIST(campaign_search, parameters, &text_entry, 0),
    CYAML_FIELD_END};

static const cyaml_schema_field_t verify_fields[] = {
    OPTIONAL_TEXT(campaign_verify, measured), OPTIONAL_TEXT(campaign_verify, trained),
    OPTIONAL_TEXT(campaign_verify, minutes), CYAML_FIELD_END};

static const cyaml_schema_field_t train_fields[] = {
    OPTIONAL_LIST(campaign_train, files, &text_entry, 0),
    OPTIONAL_LIST(campaign_train, labels, &text_entry, 0),
    OPTIONAL_TEXT(campaign_train, seed),
    OPTIONAL_TEXT(campaign_train, count),
    OPTIONAL_TEXT(campaign_train, images),
    OPTIONAL_TEXT(campaign_train, optimiser),
    OPTIONAL_TEXT(campaign_train, schedule),
    OPTIONAL_TEXT(campaign_train, surrogate),
    OPTIONAL_LIST(campaign_train, parameters, &text_entry, 0),
    CYAML_FIELD_END};

static const cyaml_schema_field_t file_fields[] = {
    REQUIRED_TEXT(campaign_file, name),
    REQUIRED_TEXT(campaign_file, network),
    OPTIONAL_MAPPING(campaign_file, data, data_fields),
    OPTIONAL_MAPPING(campaign_file, calibration, calibration_fields),
    OPTIONAL_MAPPING(campaign_file, hardware, hardware_fields),
    OPTIONAL_MAPPING(campaign_file, space, space_fields),
    OPTIONAL_LIST(campaign_file, objectives, &text_entry, 1),
    OPTIONAL_MAPPING(campaign_file, limits, limits_fields),
    OPTIONAL_MAPPING(campaign_file, search, search_fields),
    OPTIONAL_MAPPING(campaign_file, verify, verify_fields),
    OPTIONAL_MAPPING(campaign_file, train, train_fields),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, campaign_file, file_fields)};

/* libcyaml reports through a log: a first line that says what, then places from the innermost out,
 * each "in mapping field 'bits' (line: 2, column: 7)". */
enum { N_PLACES = 3 };

typedef struct log_state {
    char what[200];
    char place[N_PLACES][120];
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
        size_t i = 0;
        while (i < N_PLACES && *log->place[i])
            i++;
        if (i < N_PLACES)
            snprintf(log->place[i], sizeof log->place[i], "%.*s", (int)sizeof log->place[i] - 1,
                     text + 2);
    } else if (strncmp(text, "Backtrace", 9) != 0 && !*log->what) {
        snprintf(log->what, sizeof log->what, "%.*s", (int)sizeof log->what - 1, text);
    }
}

static size_t place_line(const char *place)
{
    const char *at = strstr(place, "(line: ");
    return at ? strtoul(at + 7, NULL, 10) : 0;
}

/* What stands behind `prefix` in `text`; NULL if it does not begin so. */
static const char *behind(const char *text, const char *prefix)
{
    const size_t n = strlen(prefix);
    return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* The innermost mapping field of the places from `i` on; "" if there is none. */
static void place_key(char *out, size_t n, const log_state *log, size_t i)
{
    const char *name = NULL;
    for (; i < N_PLACES && !name; i++)
        name = behind(log->place[i], "in mapping field '");
    snprintf(out, n, "%.*s", name ? (int)strcspn(name, "'") : 0, name ? name : "");
}

/* YAML's words for what people call a list, a value, keys with values. */
static const char *kind_text(const char *yaml)
{
    return behind(yaml, "SEQ")     ? "a list"
           : behind(yaml, "MAP")   ? "keys with values"
           : behind(yaml, "ALIAS") ? "an alias"
                                   : "one value";
}

/* Line of a key at or after the line of its neighbour. */
static size_t find_key(const char *text, size_t from, const char *key)
{
    size_t line = 1;
    for (const char *p = text; *p; line++) {
        const char *end = p + strcspn(p, "\n");
        const char *found = line >= from ? strstr(p, key) : NULL;
        if (found && found < end)
            return line;
        p = *end ? end + 1 : end;
    }
    return from;
}

static asx_status schema_error(const char *name, const char *text, const log_state *log,
                               cyaml_err_t failure, asx_error *err)
{
    char key[100];
    size_t line = place_line(log->place[0]);
    line = line ? line : 1;
    place_key(key, sizeof key, log, 0);
    const char *what = *log->what ? log->what : cyaml_strerror(failure);
    const char *rest = behind(what, "Unexpected key: ");
    if (rest)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: unknown key '%s'", name,
                        find_key(text, line, rest), rest);
    if ((rest = behind(what, "Missing required mapping field: "))) {
        line = place_line(log->place[1]);
        place_key(key, sizeof key, log, 1);
        return asx_fail(err, ASX_EPARSE, "%s:%zu: %s%s%skey '%s' is missing", name, line ? line : 1,
                        *key ? "'" : "", key, *key ? "': " : "", rest);
    }
    if ((rest = behind(what, "Mapping field already seen: ")))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: key '%s' stands twice", name,
                        find_key(text, line + 1, rest), rest);
    const char *got = strstr(what, "got event: ");
    if ((rest = behind(what, "Expecting ")) && got)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%s' wants %s, not %s", name, line, key,
                        kind_text(rest), kind_text(got + 11));
    if (behind(what, "Insufficient entries"))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%s' is an empty list", name, line, key);
    rest = behind(what, "libyaml: ");
    return asx_fail(err, ASX_EPARSE, "%s:%zu: near '%s': %s", name, line, key, rest ? rest : what);
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
