#include "reference.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "reference_private.h"

/* A table that is being read, and by what its activities are told apart. */
typedef struct reader {
    asx_reference *out;
    struct key {
        asx_word weight, activation;
        asx_operands operands;
        asx_schedule schedule;
    } * key; /* [n_activities] */
    size_t key_capacity, activity_capacity;
    asx_error *err;
} reader;

bool asx_reference_fits(const asx_csv *csv)
{
    size_t found;
    return asx_csv_find(&found, csv, "lanes_sharing_bank", NULL) == ASX_OK;
}

static bool same_operands(const asx_operands *a, const asx_operands *b)
{
    return a->uniform == b->uniform && a->hold == b->hold && a->truncate == b->truncate &&
           a->weight_sigma == b->weight_sigma && a->activation_sigma == b->activation_sigma &&
           a->zero == b->zero;
}

static bool same_schedule(const asx_schedule *a, const asx_schedule *b)
{
    return a->order == b->order && a->rows == b->rows && a->sums == b->sums;
}

/* Rows of the same words and stimulus share an activity. */
static asx_status find_activity(asx_reference_row *row, reader *r)
{
    asx_reference *out = r->out;
    const asx_mac *mac = &row->mac;
    for (size_t k = 0; k < out->n_activities; k++) {
        const struct key *key = &r->key[k];
        if (same_operands(&key->operands, &row->operands) &&
            same_schedule(&key->schedule, &row->schedule) &&
            asx_word_equal(&key->weight, &mac->weight) &&
            key->activation.bits == mac->activation.bits) {
            row->activity = k;
            return ASX_OK;
        }
    }
    size_t need = out->n_activities + 1;
    void *key = asx_array_grow(r->key, &r->key_capacity, need, sizeof *r->key);
    if (key)
        r->key = key;
    void *activity =
        asx_array_grow(out->activity, &r->activity_capacity, need, sizeof *out->activity);
    if (activity)
        out->activity = activity;
    if (!key || !activity)
        return asx_fail(r->err, ASX_ENOMEM, "no memory for reference data");
    asx_status status = asx_activity_init(&out->activity[need - 1], &mac->weight, &mac->activation,
                                          &row->operands, &row->schedule, r->err);
    if (status != ASX_OK)
        return status;
    r->key[need - 1] = (struct key){mac->weight, mac->activation, row->operands, row->schedule};
    row->activity = need - 1;
    out->n_activities = need;
    return ASX_OK;
}

/* Whether two rows are of one circuit, under different operands. */
static bool same_circuit(const asx_reference_row *a, const asx_reference_row *b)
{
    return a->unit == b->unit && a->family == b->family && a->mapping == b->mapping &&
           a->config == b->config && a->mac.banks == b->mac.banks && a->mac.rows == b->mac.rows &&
           a->mac.tree == b->mac.tree && a->n_registers == b->n_registers &&
           a->value[ASX_MEASURE_AREA] == b->value[ASX_MEASURE_AREA];
}

static void mark_sized(asx_reference *out)
{
    for (size_t i = 0; i < out->n_rows; i++) {
        size_t j = 0;
        while (j < i && !same_circuit(&out->row[j], &out->row[i]))
            j++;
        out->row[i].sized = j == i;
    }
}

static void number_configs(asx_reference *out)
{
    out->n_configs = 0;
    for (size_t i = 0; i < out->n_rows; i++) {
        asx_reference_row *row = &out->row[i];
        size_t j = 0;
        while (j < i && !(asx_word_equal(&out->row[j].mac.weight, &row->mac.weight) &&
                          out->row[j].mac.activation.bits == row->mac.activation.bits &&
                          out->row[j].any_style == row->any_style))
            j++;
        row->config = j < i ? out->row[j].config : (unsigned)out->n_configs++;
    }
}

static asx_status read_rows(reader *r, const char *technology)
{
    asx_reference *out = r->out;
    asx_reference_reader rows;
    asx_status status = asx_reference_reader_init(&rows, out->csv, technology, r->err);
    if (status != ASX_OK)
        return status;
    size_t n = asx_csv_rows(out->csv);
    out->row = asx_array_new(n + 1, sizeof *out->row);
    if (!out->row)
        return asx_fail(r->err, ASX_ENOMEM, "no memory for reference data");
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_reference_row *row = &out->row[out->n_rows];
        bool counts = false;
        status = asx_reference_read(row, &counts, &rows, i);
        if (status == ASX_OK && counts)
            status = find_activity(row, r);
        out->n_rows += counts;
    }
    number_configs(out);
    mark_sized(out);
    return status;
}

asx_status asx_reference_append(asx_reference *reference, asx_reference *other, asx_error *err)
{
    asx_reference *r = reference;
    const size_t n_rows = r->n_rows + other->n_rows;
    const size_t n_activities = r->n_activities + other->n_activities;
    asx_reference_row *row = asx_array_new(n_rows + 1, sizeof *row);
    asx_activity *activity = asx_array_new(n_activities + 1, sizeof *activity);
    if (!row || !activity) {
        free(row);
        free(activity);
        return asx_fail(err, ASX_ENOMEM, "no memory for reference data");
    }
    for (size_t i = 0; i < n_rows; i++) {
        row[i] = i < r->n_rows ? r->row[i] : other->row[i - r->n_rows];
        row[i].activity += i < r->n_rows ? 0 : r->n_activities;
    }
    for (size_t i = 0; i < n_activities; i++)
        activity[i] = i < r->n_activities ? r->activity[i] : other->activity[i - r->n_activities];
    free(r->row);
    free(r->activity);
    r->row = row;
    r->activity = activity;
    r->n_rows = n_rows;
    r->n_activities = n_activities;
    r->more = other->csv;
    other->csv = NULL;
    asx_reference_fini(other);
    number_configs(r);
    mark_sized(r);
    return ASX_OK;
}

asx_status asx_reference_init(asx_reference *out, asx_csv *csv, const char *technology,
                              asx_error *err)
{
    asx_reference reference = {.csv = csv};
    reader r = {.out = &reference, .err = err};
    asx_status status = read_rows(&r, technology);
    free(r.key);
    if (status == ASX_OK)
        *out = reference;
    else
        asx_reference_fini(&reference);
    return status;
}

void asx_reference_fini(asx_reference *reference)
{
    if (!reference)
        return;
    asx_csv_free(reference->csv);
    asx_csv_free(reference->more);
    free(reference->row);
    free(reference->activity);
    *reference = (asx_reference){0};
}

/* Of all passes. */
static void energy_amounts(double *amount, const asx_reference_row *row, asx_family family,
                           const asx_activity *activity)
{
    asx_mac mac = row->mac;
    const unsigned passes = (unsigned)activity->passes;
    double one[ASX_N_TERMS];
    memset(amount, 0, ASX_N_TERMS * sizeof *amount);
    for (unsigned p = 0; p < passes; p++) {
        mac.digit = mac.single ? p : 0;
        asx_mac_energy(one, &mac, family, activity);
        for (size_t t = 0; t < ASX_N_TERMS; t++)
            amount[t] += one[t];
    }
}

void asx_reference_amounts(double *amount, const asx_reference *reference,
                           const asx_reference_row *row, asx_family family,
                           asx_term_measure measure)
{
    if (measure == ASX_MEASURE_DELAY)
        asx_mac_delay(amount, &row->mac, family);
    else if (measure == ASX_MEASURE_AREA || measure == ASX_MEASURE_LEAKAGE)
        asx_mac_size(amount, &row->mac, family);
    else
        energy_amounts(amount, row, family, &reference->activity[row->activity]);
}
