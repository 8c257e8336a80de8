/* The keys of campaign files: what each is called, takes, means, and what holds without it. One table, which files are
 * read by, values are checked by, and every description of the file is made of. */
#ifndef ASX_EXPLORE_CAMPAIGN_KEYS_H
#define ASX_EXPLORE_CAMPAIGN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/param.h"
#include "explore/campaign.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What stands at a key: {enumerator, name}. */
#define ASX_KEY_KIND_LIST(X)                                                                       \
    X(ASX_KEY_TEXT, "text")                                                                        \
    X(ASX_KEY_WORD, "word")                                                                        \
    X(ASX_KEY_NUMBER, "number")                                                                    \
    X(ASX_KEY_INTEGER, "integer")                                                                  \
    X(ASX_KEY_PATH, "path")                                                                        \
    X(ASX_KEY_RANGE, "range of images")                                                            \
    X(ASX_KEY_SETTING, "name=value")                                                               \
    X(ASX_KEY_SECTION, "section")

typedef enum asx_key_kind {
#define ASX_ENUM(name, text) name,
    ASX_KEY_KIND_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_KEY_KINDS
} asx_key_kind;

ASX_API const char *asx_key_kind_text(asx_key_kind kind);

/* One of the words that a key takes; help may be NULL. */
typedef struct asx_key_word {
    const char *text, *help;
} asx_key_word;

typedef struct asx_campaign_key {
    const char *name; /* NULL ends a table */
    asx_key_kind kind;
    bool list, required;
    const char *unless; /* required unless the file has this key; NULL: see `required` */
    /* A list's number of entries; a maximum of 0: as many as one likes. */
    unsigned min_entries, max_entries;
    const char *standard;  /* what holds without it, as it would be written, entries of lists
                                   separated by ", "; NULL: nothing, or what `otherwise` says */
    const char *otherwise; /* what holds without it, in words; may be NULL */
    double low, high;      /* of numbers and integers */
    bool wide,
        positive; /* in the unit of data.measure: any size where that is no percentage; not below 0 */
    const char *pattern; /* a regular expression that texts fulfil; NULL: any text, any A:B */
    asx_key_word (*word)(size_t i); /* ASX_KEY_WORD: the words; text NULL behind the last. Other
                                        kinds: words that are taken beside what the kind says */
    const asx_param_spec *param;    /* ASX_KEY_SETTING: the names, where the key alone decides */
    const char *meaning, *example;
    const struct asx_campaign_key *keys; /* ASX_KEY_SECTION: ends with {0} */
    size_t offset; /* where it is in the struct of its section, a pointer ... */
    bool within;   /* ... unless the section's struct lies there itself */
} asx_campaign_key;

/** The keys at the top of a file; ends with {0}. */
ASX_API const asx_campaign_key *asx_campaign_keys(void);

/** The key of a path, "space.weights.bits". @return NULL if there is none */
ASX_API const asx_campaign_key *asx_campaign_key_find(const char *path);

/** Whether a description says something at a path. @param path  of the table */
ASX_API bool asx_campaign_gives(const asx_campaign_spec *spec, const char *path);

/** The word of `keys` that is nearest to what somebody wrote, by edits. @return NULL if none is near */
ASX_API const asx_campaign_key *asx_campaign_key_near(const asx_campaign_key *keys,
                                                      const char *text);

#ifdef __cplusplus
}
#endif

#endif
