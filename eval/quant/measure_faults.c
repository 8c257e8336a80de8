/* Designs in memories with faults: a device is a seed, and an accuracy the mean over devices. */
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seeds.h"
#include "integer.h"
#include "measure_private.h"

/* So many devices are held ready at once. */
enum { DEVICES = 8 };

/* Devices first .. first + n - 1 of a design. @param out [n] */
static asx_status measure_some(asx_accuracy *out, const asx_measure *m, const asx_design *design,
                               size_t first, size_t n, asx_error *err)
{
    const asx_faults *faults = asx_calibration_faults(m->calibration);
    asx_integer device[DEVICES] = {{0}};
    const void *list[DEVICES];
    asx_lineage lineage = {0};
    unsigned char *note = NULL;
    asx_status status = ASX_OK;
    size_t n_made = 0;
    while (status == ASX_OK && n_made < n) {
        list[n_made] = &device[n_made];
        status = asx_integer_init(&device[n_made], m->calibration, design, err);
        if (status == ASX_OK)
            status =
                asx_integer_suffer(&device[n_made], faults, faults->seed + first + n_made, err);
        n_made++;
    }
    if (status == ASX_OK)
        status = asx_lineage_init(&lineage, &asx_integers, list, n,
                                  asx_calibration_share(m->calibration), err);
    if (status == ASX_OK)
        status = asx_measure_run(&note, m, &lineage, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = asx_scoring_sum(&out[i], &m->scoring, ASX_TIER_MEASURED, m->of_float,
                                 note + i * asx_measure_row(m), err);
    free(note);
    asx_lineage_fini(&lineage);
    for (size_t i = 0; i < n_made; i++)
        asx_integer_fini(&device[i]);
    return status;
}

/* Faults in a bit that no code has would hit nothing, and look harmless. */
static asx_status check_bit(const asx_faults *faults, const asx_design *design, asx_error *err)
{
    unsigned most = 0;
    for (size_t l = 0; l < design->n_layers; l++) {
        const unsigned bits = asx_word_code_bits(&design->format[l].weight);
        most = bits > most ? bits : most;
    }
    if (faults->only_bit < (int)most)
        return ASX_OK;
    return asx_fail(err, ASX_EINVAL,
                    "faults: only_bit %d: the codes of this design's weights have bits 0 to %u, so "
                    "that no fault would hit one",
                    faults->only_bit, most - 1);
}

static asx_status measure_one(asx_accuracy *out, const asx_measure *m, const asx_design *design,
                              asx_error *err)
{
    const asx_faults *faults = asx_calibration_faults(m->calibration);
    const size_t n = faults->seeds;
    asx_accuracy *each = asx_array_new(n, sizeof *each);
    asx_status status =
        each ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to measure %zu devices", n);
    if (status == ASX_OK)
        status = check_bit(faults, design, err);
    for (size_t i = 0; status == ASX_OK && i < n; i += DEVICES)
        status = measure_some(each + i, m, design, i, n - i < DEVICES ? n - i : DEVICES, err);
    if (status == ASX_OK)
        *out = asx_accuracy_of_seeds(each, n);
    free(each);
    return status;
}

asx_status asx_measure_devices(asx_accuracy *out, const asx_measure *m,
                               const asx_design *const *design, size_t n, asx_error *err)
{
    if (!asx_score_counts(&m->scoring.score))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "faults: means over devices are of counts of images (top1, top5), not of "
                        "other measures");
    asx_measure_entry *e = asx_measure_sort(design, n);
    asx_status status =
        e ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        if (i > 0 && asx_measure_alike(&e[i - 1], &e[i]))
            out[e[i].number] = out[e[i - 1].number];
        else
            status = measure_one(&out[e[i].number], m, e[i].design, err);
    free(e);
    return status;
}
