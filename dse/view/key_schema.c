#include "key_schema.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/text.h"
#include "explore/campaign_keys.h"
#include "json_memory.h"

static json_t *section_schema(const asx_campaign_key *keys);

static json_t *string_array(const asx_campaign_key *key)
{
    json_t *out = json_array();
    for (size_t i = 0; key->word(i).text; i++)
        json_array_append_new(out, json_string(key->word(i).text));
    return out;
}

static json_t *bound(const asx_campaign_key *key, double value)
{
    if (key->kind != ASX_KEY_INTEGER)
        return json_real(value);
    return json_integer(value < 0x1p63 ? (json_int_t)value : INT64_MAX);
}

/* "^(lanes|columns)=.+$" */
static json_t *setting_pattern(const asx_campaign_key *key)
{
    asx_text t = {0};
    for (const asx_param_spec *p = key->param; p && p->name; p++)
        asx_text_add(&t, "%s%s", p == key->param ? "^(" : "|", p->name);
    asx_text_add(&t, "%s", key->param ? ")=.+$" : "^[a-z0-9_]+=.+$");
    json_t *out = json_string(t.s);
    asx_text_fini(&t);
    return out;
}

/* One value. Names and labels that are digits only are numbers to YAML. */
static json_t *value_schema(const asx_campaign_key *key)
{
    switch (key->kind) {
    case ASX_KEY_SECTION:
        return section_schema(key->keys);
    case ASX_KEY_WORD:
        return json_pack("{s:o}", "enum", string_array(key));
    case ASX_KEY_NUMBER:
    case ASX_KEY_INTEGER: {
        json_t *number =
            json_pack("{s:s, s:o, s:o}", "type", key->kind == ASX_KEY_NUMBER ? "number" : "integer",
                      "minimum", bound(key, key->low), "maximum", bound(key, key->high));
        return key->word ? json_pack("{s:[o, {s:o}]}", "anyOf", number, "enum", string_array(key))
                         : number;
    }
    case ASX_KEY_SETTING:
        return json_pack("{s:s, s:o}", "type", "string", "pattern", setting_pattern(key));
    case ASX_KEY_RANGE:
        return json_pack("{s:s, s:s}", "type", "string", "pattern",
                         key->pattern ? key->pattern : "^[0-9]*:[0-9]*$");
    case ASX_KEY_PATH:
        return json_pack("{s:s, s:i}", "type", "string", "minLength", 1);
    default:
        break;
    }
    json_t *text = json_pack("{s:[s, s]}", "type", "string", "number");
    if (key->pattern)
        json_object_set_new(text, "pattern", json_string(key->pattern));
    return text;
}

static json_t *scalar(const asx_campaign_key *key, const char *text)
{
    char *end;
    const double number = strtod(text, &end);
    if (key->kind == ASX_KEY_NUMBER && !*end)
        return json_real(number);
    return key->kind == ASX_KEY_INTEGER ? json_integer((json_int_t)number) : json_string(text);
}

static json_t *default_value(const asx_campaign_key *key)
{
    if (!key->list)
        return scalar(key, key->standard);
    json_t *out = json_array();
    for (const char *p = key->standard; *p; p += strspn(p, ", ")) {
        char entry[40];
        const size_t n = strcspn(p, ",");
        snprintf(entry, sizeof entry, "%.*s", (int)n, p);
        json_array_append_new(out, scalar(key, entry));
        p += n;
    }
    return out;
}

static json_t *key_schema(const asx_campaign_key *key)
{
    json_t *out = value_schema(key);
    if (key->list) {
        out = json_pack("{s:s, s:o}", "type", "array", "items", out);
        if (key->min_entries > 0)
            json_object_set_new(out, "minItems", json_integer(key->min_entries));
        if (key->max_entries > 0)
            json_object_set_new(out, "maxItems", json_integer(key->max_entries));
    }
    json_object_set_new(
        out, "description",
        json_sprintf("%s%s%s%s", key->meaning, key->otherwise ? " (without it: " : "",
                     key->otherwise ? key->otherwise : "", key->otherwise ? ")" : ""));
    if (key->standard)
        json_object_set_new(out, "default", default_value(key));
    return out;
}

static json_t *section_schema(const asx_campaign_key *keys)
{
    json_t *properties = json_object(), *required = json_array(), *either = NULL;
    for (const asx_campaign_key *k = keys; k->name; k++) {
        json_object_set_new(properties, k->name, key_schema(k));
        if (k->required)
            json_array_append_new(required, json_string(k->name));
        if (k->unless) /* one of a section */
            either = json_pack("[{s:[s]}, {s:[s]}]", "required", k->name, "required", k->unless);
    }
    json_t *out = json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties,
                            "required", required, "additionalProperties", 0);
    if (either)
        json_object_set_new(out, "oneOf", either);
    return out;
}

asx_status key_schema_print(FILE *out, asx_error *err)
{
    json_memory_begin();
    json_t *file = section_schema(asx_campaign_keys());
    json_t *schema =
        json_pack("{s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title",
                  "asx campaign");
    asx_status status = ASX_OK;
    if (json_object_update(schema, file) != 0 || json_memory_lacked())
        status = asx_fail(err, ASX_ENOMEM, "no memory for a schema");
    else if (json_dumpf(schema, out, JSON_INDENT(2)) != 0 || fputc('\n', out) == EOF)
        status = asx_fail(err, ASX_EIO, "cannot write the schema");
    json_decref(schema);
    json_decref(file);
    return status;
}
