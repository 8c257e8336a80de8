#include "report_sample.h"

/* Bytes of JSON. What a design takes at most is told by what is printed of it, see report.c. */
enum {
    FRONT_BYTES = 1500000,
    FRONT_ROWS = 1500,
    BEHIND_BYTES = 1200000,
    BEHIND_ROWS = 4000,
    FIELDS = 420, /* names and numbers of a design */
    PARTS = 400,  /* its energy by part */
    LAYER = 56,   /* a layer's energy by group, to four digits */
    ESCAPED = 6   /* "\u00fc"; a byte takes no more */
};

/* A text in the page, at most. */
static size_t text_bytes(const char *s)
{
    size_t sum = 0;
    for (; *s; s++)
        sum += *s >= ' ' && *s <= '~' && *s != '"' && *s != '\\' && *s != '<' ? 1 : ESCAPED;
    return sum;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

report_sample report_sample_of(const asx_front *f, size_t n_layers)
{
    size_t longest = 0;
    for (size_t i = 0; i < f->rows.n; i++) {
        const size_t n = text_bytes(f->rows.row[i].design);
        longest = n > longest ? n : longest;
    }
    const size_t behind = FIELDS + longest, front = behind + PARTS + LAYER * n_layers;
    /* never less than the two ends */
    const size_t rows = smaller(FRONT_ROWS, FRONT_BYTES / front);
    return (report_sample){.n_front = smaller(f->n, rows > 2 ? rows : 2),
                           .n_behind = smaller(BEHIND_ROWS, BEHIND_BYTES / behind)};
}

size_t report_sample_at(size_t k, size_t shown, size_t n)
{
    return shown == n || shown < 2 ? k : k * (n - 1) / (shown - 1);
}
