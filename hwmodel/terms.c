#include "terms.h"

#include <string.h>

static const struct {
    const char *name;
    asx_part part;
} term_table[ASX_N_TERMS] = {
#define ASX_ROW(name, text, part) [name] = {text, part},
    ASX_TERM_LIST(ASX_ROW)
#undef ASX_ROW
};

static const char *const family_text[ASX_N_FAMILIES] = {"flat", "selshift", "bw", "booth", "bits"};
static const char *const tree_text[ASX_N_TREES] = {"binary", "ripple", "csa", "fused"};
static const char *const mapping_text[ASX_N_MAPPINGS] = {"fa", "gates"};

static const struct {
    const char *name, *unit;
} measures[ASX_N_MEASURES] = {
    {"energy", "pJ"}, {"settled", "pJ"}, {"area", "um2"}, {"leakage", "nW"}, {"delay", "ps"}};

const char *asx_term_text(asx_term term)
{
    return term_table[term].name;
}

asx_part asx_term_part(asx_term term)
{
    return term_table[term].part;
}

const char *asx_family_text(asx_family family)
{
    return family_text[family];
}

const char *asx_tree_text(asx_tree tree)
{
    return tree_text[tree];
}

const char *asx_mapping_text(asx_mapping mapping)
{
    return mapping_text[mapping];
}

const char *asx_measure_text(asx_term_measure measure)
{
    return measures[measure].name;
}

const char *asx_measure_unit(asx_term_measure measure)
{
    return measures[measure].unit;
}

static bool equals(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && strncmp(text, word, n) == 0;
}

bool asx_terms_parse(asx_family *family, asx_mapping *mapping, asx_term *term, const char *text)
{
    size_t dot = strcspn(text, "."), f = 0, m = 0, t = ASX_N_TERMS;
    if (!text[dot])
        return false;
    const char *second = text + dot + 1;
    size_t slash = strcspn(second, "/");
    while (f < ASX_N_FAMILIES && !equals(text, dot, family_text[f]))
        f++;
    while (m < ASX_N_MAPPINGS && !equals(second, slash, mapping_text[m]))
        m++;
    if (second[slash])
        for (t = 0; t < ASX_N_TERMS && strcmp(second + slash + 1, term_table[t].name) != 0;)
            t++;
    if (f == ASX_N_FAMILIES || m == ASX_N_MAPPINGS || (second[slash] && t == ASX_N_TERMS))
        return false;
    *family = (asx_family)f;
    *mapping = (asx_mapping)m;
    *term = (asx_term)t;
    return true;
}

bool asx_measure_parse(asx_term_measure *out, const char *text)
{
    for (size_t i = 0; i < ASX_N_MEASURES; i++) {
        if (strcmp(text, measures[i].name) == 0) {
            *out = (asx_term_measure)i;
            return true;
        }
    }
    return false;
}

const char *asx_range_text(unsigned range)
{
    return range == ASX_RANGE_WEIGHT ? "weight_bits" : "activation_bits";
}

bool asx_terms_reach(const asx_terms_range *range, unsigned bits)
{
    return range->line == 0 || (bits >= range->low && bits <= range->high);
}

double asx_terms_value(const asx_terms *terms, const double *amount)
{
    double sum = 0;
    for (size_t i = 0; i < ASX_N_TERMS; i++)
        sum += terms->coefficient[i] * amount[i];
    return sum;
}

void asx_terms_book(double *part, const asx_terms *terms, const double *amount, double count)
{
    for (asx_term t = 0; t < ASX_N_TERMS; t++)
        part[term_table[t].part] += count * terms->coefficient[t] * amount[t];
}

asx_term asx_tree_term(asx_tree tree)
{
    static const asx_term first[ASX_N_TREES] = {ASX_TERM_BINARY, ASX_TERM_RIPPLE, ASX_TERM_SAVE,
                                                ASX_TERM_FUSED};
    return first[tree];
}

bool asx_term_is_tree(asx_term term)
{
    return term >= ASX_TERM_BINARY && term <= ASX_TERM_FUSED_ROWS;
}

bool asx_term_is_shared(asx_term term)
{
    return asx_term_is_tree(term) || term == ASX_TERM_ROOT || term == ASX_TERM_ROOT_ONCE ||
           term == ASX_TERM_PLACE;
}
