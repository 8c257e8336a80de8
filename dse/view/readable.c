#include "readable.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of field names that end so; each is `step` times the one before. */
static const struct unit {
    const char *suffix, *name[5];
    double step;
} units[] = {{"_pj", {"pJ", "nJ", "uJ", "mJ", "J"}, 1e3},
             {"_ns", {"ns", "us", "ms", "s"}, 1e3},
             {"_um2", {"um2", "mm2"}, 1e6},
             {"_bits", {"bits", "kbit", "Mbit"}, 1e3},
             {"_percent", {"%"}, 1},
             {"_mw", {"mW"}, 1},
             {"_uw", {"uW"}, 1}};

readable readable_of(const char *field, double largest)
{
    const size_t n = strlen(field);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const struct unit *u = &units[i];
        const size_t k = strlen(u->suffix);
        if (n <= k || strcmp(field + n - k, u->suffix) != 0)
            continue;
        readable r = {u->name[0], n - k, 1};
        const double from = fmax(1000, u->step / 100); /* 1482 um2, but 0.0148 mm2 */
        for (int j = 1; j < 5 && u->name[j] && fabs(largest) >= from * r.scale; j++) {
            r.scale *= u->step;
            r.unit = u->name[j];
        }
        return r;
    }
    return (readable){NULL, n, 1};
}

int readable_decimals(double scaled)
{
    const double a = fabs(scaled);
    if (a < 1e9 && a == floor(a))
        return 0;
    return a >= 999.5 || a == 0 ? 0 : a >= 99.95 ? 1 : a >= 9.995 ? 2 : a >= 0.9995 ? 3 : 4;
}

int readable_common_decimals(double largest)
{
    const double digits = floor(log10(largest));
    return digits > 2 ? 0 : digits < 0 ? 4 : 3 - (int)digits;
}

void readable_text(char *out, size_t size, const char *field, double value)
{
    const readable r = readable_of(field, value);
    const double scaled = value / r.scale;
    snprintf(out, size, "%.*f%s%s", readable_decimals(scaled), scaled, r.unit ? " " : "",
             r.unit ? r.unit : "");
}

void readable_count(char *out, size_t size, const char *digits)
{
    enum { READABLE = 8 };
    const size_t n = strlen(digits);
    if (n <= READABLE)
        snprintf(out, size, "%s", digits);
    else
        snprintf(out, size, "%c.%ce%zu", digits[0], digits[1], n - 1);
}
