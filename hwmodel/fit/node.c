#include "node.h"

#include <stdio.h>
#include <string.h>

/* 22 nm counts as the table's 20. */
static double known_node(double node)
{
    return node == 22 ? 20 : node;
}

static asx_status energy_of(double *out, const stillmaker *s, double node, double voltage,
                            asx_error *err)
{
    const char *const names[] = {"node_nm", "e_a", "e_b", "e_c"};
    size_t column[4];
    double v[4];
    asx_status status = ASX_OK;
    for (int i = 0; status == ASX_OK && i < 4; i++)
        status = asx_csv_find(&column[i], s->csv, names[i], err);
    for (size_t r = 0; status == ASX_OK && r < asx_csv_rows(s->csv); r++) {
        for (int i = 0; status == ASX_OK && i < 4; i++)
            status = asx_csv_number(&v[i], s->csv, r, column[i], -1e6, 1e6, err);
        if (status == ASX_OK && v[0] == known_node(node)) {
            *out = v[1] * voltage * voltage + v[2] * voltage + v[3];
            return ASX_OK;
        }
    }
    return status == ASX_OK ? asx_fail(err, ASX_ENOTFOUND, "no node of %g nm", node) : status;
}

static asx_status area_factor(double *out, const stillmaker *s, double from, double to,
                              asx_error *err)
{
    char name[32];
    size_t node_column, column;
    snprintf(name, sizeof name, "area_from_%g", known_node(from));
    asx_status status = asx_csv_find(&node_column, s->csv, "node_nm", err);
    if (status == ASX_OK)
        status = asx_csv_find(&column, s->csv, name, err);
    for (size_t r = 0; status == ASX_OK && r < asx_csv_rows(s->csv); r++) {
        double node;
        status = asx_csv_number(&node, s->csv, r, node_column, 1, 1000, err);
        if (status == ASX_OK && node == known_node(to))
            return asx_csv_number(out, s->csv, r, column, 1e-6, 1e6, err);
    }
    return status == ASX_OK ? asx_fail(err, ASX_ENOTFOUND, "no node of %g nm", to) : status;
}

asx_status factors_of(factors *out, const stillmaker *s, double from, double from_v, double to,
                      double to_v, asx_error *err)
{
    *out = (factors){1, 1, 1, false};
    if (from == to)
        return ASX_OK;
    double there = 1, here = 1;
    asx_status status = energy_of(&there, s, from, from_v, err);
    if (status == ASX_OK)
        status = energy_of(&here, s, to, to_v, err);
    if (status == ASX_OK)
        status = area_factor(&out->area, s, from, to, err);
    out->energy = here / there;
    out->delay = to / from;
    out->scaled = true;
    return status;
}
