/* The table of keys, and who looks something up in it. */
#include "explore/campaign_keys.h"

#include <string.h>

#include "campaign_private.h"
#include "campaign_words.h"
#include "dse/alphabet.h"
#include "dse/text.h"
#include "dse/word.h"
#include "hwmodel/machine.h"

#define OPTIONAL      false
#define REQUIRED      true
#define SECTION(type) static const asx_campaign_key type##_keys[] = {
#define KEY(type, member, presence, ...)                                                           \
    {.name = #member, .required = (presence), .offset = offsetof(type, member), __VA_ARGS__},
#define LIST(type, member, min, ...)                                                               \
    {.name = #member,                                                                              \
     .list = true,                                                                                 \
     .min_entries = (min),                                                                         \
     .offset = offsetof(type, member),                                                             \
     __VA_ARGS__},
#define PART(type, member, section, ...)                                                           \
    {.name = #member,                                                                              \
     .kind = ASX_KEY_SECTION,                                                                      \
     .keys = section##_keys,                                                                       \
     .offset = offsetof(type, member),                                                             \
     __VA_ARGS__},
#define WITHIN(type, member, section, ...) PART(type, member, section, .within = true, __VA_ARGS__)
#define PARTS(type, member, section, ...)                                                          \
    {.name = #member,                                                                              \
     .kind = ASX_KEY_SECTION,                                                                      \
     .list = true,                                                                                 \
     .keys = section##_keys,                                                                       \
     .offset = offsetof(type, member),                                                             \
     __VA_ARGS__},
#define END                                                                                        \
    {                                                                                              \
        0                                                                                          \
    }                                                                                              \
    }                                                                                              \
    ;
#include "campaign_keys.def"

const asx_campaign_key *asx_campaign_keys(void)
{
    return asx_campaign_spec_keys;
}

const char *asx_key_kind_text(asx_key_kind kind)
{
    static const char *const text[] = {
#define ASX_TEXT(name, text) text,
        ASX_KEY_KIND_LIST(ASX_TEXT)
#undef ASX_TEXT
    };
    return (unsigned)kind < ASX_N_KEY_KINDS ? text[kind] : "?";
}

const asx_campaign_key *asx_campaign_key_find(const char *path)
{
    const asx_campaign_key *key = asx_campaign_keys();
    for (;;) {
        const size_t n = strcspn(path, ".");
        while (key->name && (strncmp(key->name, path, n) != 0 || key->name[n]))
            key++;
        if (!key->name || !path[n])
            return key->name ? key : NULL;
        if (!key->keys)
            return NULL;
        key = key->keys;
        path += n + 1;
    }
}

bool asx_campaign_gives(const asx_campaign_spec *spec, const char *path)
{
    const char *base = (const char *)spec;
    const asx_campaign_key *keys = asx_campaign_keys();
    while (base) {
        const size_t n = strcspn(path, ".");
        while (keys->name && (strncmp(keys->name, path, n) != 0 || keys->name[n]))
            keys++;
        if (!keys->name)
            return false;
        base += keys->offset;
        if (!keys->within) {
            const void *section;
            memcpy(&section, base, sizeof section);
            base = section;
        }
        if (!path[n] || keys->list)
            return base != NULL;
        path += n + 1;
        keys = keys->keys;
    }
    return false;
}

enum { NAME_MAX_LENGTH = 40 };

/* Least number of letters to put in, take out, change, or swap with a neighbour. */
static size_t edits(const char *a, const char *b)
{
    size_t row[3][NAME_MAX_LENGTH + 1] = {{0}};
    const size_t n = strlen(a), m = strlen(b);
    if (n > NAME_MAX_LENGTH || m > NAME_MAX_LENGTH)
        return NAME_MAX_LENGTH;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3];
        const size_t *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < now[j])
                now[j] = last[j] + 1;
            if (now[j - 1] + 1 < now[j])
                now[j] = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
    }
    return row[n % 3][m];
}

const asx_campaign_key *asx_campaign_key_near(const asx_campaign_key *keys, const char *text)
{
    const asx_campaign_key *best = NULL;
    size_t least = NAME_MAX_LENGTH;
    for (const asx_campaign_key *k = keys; k->name; k++) {
        const size_t shorter = strlen(k->name) < strlen(text) ? strlen(k->name) : strlen(text);
        const size_t n = edits(k->name, text);
        const bool begins = shorter >= 3 && strncmp(k->name, text, shorter) == 0;
        if (n < least && (n <= 1 + shorter / 4 || begins)) {
            best = k;
            least = n;
        }
    }
    return best;
}
