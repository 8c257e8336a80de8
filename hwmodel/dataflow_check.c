#include "hwmodel/dataflow_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataflow.h"
#include "dse/csv.h"
#include "dse/memory.h"

typedef enum column {
    TOOL,
    CASE,
    CHANNELS_OUT,
    CHANNELS_IN,
    KERNEL_H,
    KERNEL_W,
    OUT_H,
    OUT_W,
    GROUPS,
    ROWS,
    COLUMNS,
    DATAFLOW,
    LEVEL,
    OPERAND,
    READS,
    WRITES,
    CYCLES,
    NOTE,
    N_COLUMNS
} column;

static const char *const column_text[N_COLUMNS] = {
    "tool",  "case",    "k",      "c",          "r",          "s",
    "p",     "q",       "groups", "array_rows", "array_cols", "dataflow",
    "level", "operand", "reads",  "writes",     "cycles",     "note"};

static const char *const held_text[ASX_N_STATIONARY] = {[ASX_STATIONARY_WEIGHTS] = "ws",
                                                        [ASX_STATIONARY_INPUTS] = "is",
                                                        [ASX_STATIONARY_OUTPUTS] = "os"};

typedef struct checker {
    asx_csv *csv;
    size_t column[N_COLUMNS];
    asx_dataflow_check *check;
    size_t n, capacity;
    asx_error *err;
} checker;

static const char *cell(const checker *c, size_t row, column which)
{
    return asx_csv_cell(c->csv, row, c->column[which]);
}

static asx_status number(double *out, const checker *c, size_t row, column which)
{
    return asx_csv_number(out, c->csv, row, c->column[which], 1, 1e12, c->err);
}

static asx_status compare(checker *c, size_t row, const char *quantity, double counted,
                          double value)
{
    char what[sizeof c->check->what];
    size_t i = 0;
    snprintf(what, sizeof what, "%s %s %s", cell(c, row, TOOL), cell(c, row, CASE),
             cell(c, row, DATAFLOW));
    while (i < c->n && (strcmp(c->check[i].what, what) != 0 || c->check[i].quantity != quantity))
        i++;
    if (i == c->n) {
        asx_dataflow_check *grown = asx_array_grow(c->check, &c->capacity, c->n + 1, sizeof *grown);
        if (!grown)
            return asx_fail(c->err, ASX_ENOMEM, "no memory for a check of dataflows");
        c->check = grown;
        c->check[c->n] = (asx_dataflow_check){.quantity = quantity};
        snprintf(c->check[c->n++].what, sizeof what, "%s", what);
    }
    asx_dataflow_check *check = &c->check[i];
    const double error = 100 * fabs(counted / value - 1);
    check->n++;
    check->n_equal += counted == value;
    if (error > check->worst) {
        check->worst = error;
        check->line = asx_csv_line(c->csv, row);
    }
    return ASX_OK;
}

/* "cycles include 41248 stall cycles": of memories that this array does not have. */
static double stalls(const char *note)
{
    const char *at = strstr(note, "include ");
    return at && strstr(at, "stall cycles") ? strtod(at + strlen("include "), NULL) : 0;
}

static asx_status read_layer(asx_layer *out, const checker *c, size_t row)
{
    static const column which[] = {CHANNELS_OUT, CHANNELS_IN, KERNEL_H, KERNEL_W,
                                   OUT_H,        OUT_W,       GROUPS};
    double v[sizeof which / sizeof *which] = {0};
    for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
        const asx_status status = number(&v[i], c, row, which[i]);
        if (status != ASX_OK)
            return status;
    }
    *out = (asx_layer){.in_c = (size_t)v[1],
                       .in_h = (size_t)v[4],
                       .in_w = (size_t)v[5],
                       .out_c = (size_t)v[0],
                       .out_h = (size_t)v[4],
                       .out_w = (size_t)v[5],
                       .kernel_h = (size_t)v[2],
                       .kernel_w = (size_t)v[3],
                       .stride_h = 1,
                       .stride_w = 1,
                       .groups = (size_t)v[6]};
    if (out->in_c % out->groups || out->out_c % out->groups)
        return asx_fail(c->err, ASX_EINVAL,
                        "%s:%zu: column 'groups': %zu does not divide the channels",
                        asx_csv_name(c->csv), asx_csv_line(c->csv, row), out->groups);
    return ASX_OK;
}

/* A simulator of stationary sums that counts the slots between two folds as writes. */
static double idle_writes(const asx_systolic_counts *count, const asx_layer *layer, double rows,
                          double columns)
{
    const double depth = (double)asx_layer_depth(layer);
    return (count->cycles + 1) / (rows + columns + depth - 2) * (rows + columns);
}

static asx_status check_row(checker *c, size_t row, asx_stationary held)
{
    asx_layer layer;
    asx_systolic_counts count;
    double rows = 0, columns = 0, cycles = 0, moved = 0;
    const char *operand = cell(c, row, OPERAND);
    const bool writes = strcmp(operand, "ofmap") == 0;
    asx_status status = read_layer(&layer, c, row);
    if (status == ASX_OK)
        status = number(&rows, c, row, ROWS);
    if (status == ASX_OK)
        status = number(&columns, c, row, COLUMNS);
    if (status == ASX_OK)
        status = number(&cycles, c, row, CYCLES);
    if (status == ASX_OK)
        status = number(&moved, c, row, writes ? WRITES : READS);
    if (status != ASX_OK)
        return status;
    asx_systolic_count(&count, &layer, (unsigned)rows, (unsigned)columns, held);
    if (writes) {
        const bool idle = held == ASX_STATIONARY_OUTPUTS;
        status = compare(
            c, row, "output writes",
            count.output_writes + (idle ? idle_writes(&count, &layer, rows, columns) : 0), moved);
        /* cycles stand in all rows of a layer: once is enough */
        return status == ASX_OK
                   ? compare(c, row, "cycles", count.cycles, cycles - stalls(cell(c, row, NOTE)))
                   : status;
    }
    if (strcmp(operand, "ifmap") == 0)
        return compare(c, row, "input reads", count.input_reads, moved);
    return compare(c, row, "weight reads", count.weight_reads, moved);
}

static asx_status check_rows(checker *c, size_t *n_others)
{
    for (size_t row = 0; row < asx_csv_rows(c->csv); row++) {
        size_t held = 0;
        while (held < ASX_N_STATIONARY && strcmp(cell(c, row, DATAFLOW), held_text[held]) != 0)
            held++;
        if (held == ASX_N_STATIONARY || strcmp(cell(c, row, LEVEL), "SRAM") != 0) {
            ++*n_others;
            continue;
        }
        const asx_status status = check_row(c, row, (asx_stationary)held);
        if (status != ASX_OK)
            return status;
    }
    return c->n > 0 ? ASX_OK
                    : asx_fail(c->err, ASX_ENOTFOUND,
                               "'%s' has no rows of level SRAM under dataflow ws, is or os",
                               asx_csv_name(c->csv));
}

asx_status asx_dataflow_check_file(asx_dataflow_check **out, size_t *n, size_t *n_others,
                                   const char *path, asx_error *err)
{
    checker c = {.err = err};
    size_t others = 0;
    asx_status status = asx_csv_load(&c.csv, path, err);
    for (size_t i = 0; status == ASX_OK && i < N_COLUMNS; i++)
        status = asx_csv_find(&c.column[i], c.csv, column_text[i], err);
    if (status == ASX_OK)
        status = check_rows(&c, &others);
    if (status == ASX_OK) {
        *out = c.check;
        *n = c.n;
        *n_others = others;
        c.check = NULL;
    }
    asx_csv_free(c.csv);
    free(c.check);
    return status;
}

void asx_dataflow_checks_free(asx_dataflow_check *check)
{
    free(check);
}
