#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a piece was kept, and is as long as it should be; then it is in its place. */
static asx_status find(bool *found, const asx_parts *p, const char *name, size_t first,
                       size_t count, asx_error *err)
{
    const asx_work_watch *watch = asx_calibration_watcher(p->calibration);
    void *bytes = NULL;
    size_t n = 0;
    *found = false;
    if (!watch->find)
        return ASX_OK;
    const asx_status status = watch->find(&bytes, &n, watch->state, name, err);
    *found = status == ASX_OK && bytes && n == count * p->size;
    if (*found)
        memcpy(p->out + first * p->size, bytes, n);
    free(bytes);
    return status;
}

static asx_status make(const asx_parts *p, const char *name, size_t first, size_t count,
                       asx_error *err)
{
    const asx_work_watch *watch = asx_calibration_watcher(p->calibration);
    asx_status status = asx_calibration_go_on(p->calibration, err);
    if (status == ASX_OK)
        status = p->make(p->state, first, count, err);
    if (status == ASX_OK && watch->keep)
        status = watch->keep(watch->state, name, p->out + first * p->size, count * p->size, err);
    return status;
}

asx_status asx_parts_make(const asx_parts *p, asx_error *err)
{
    const asx_work_watch *watch = asx_calibration_watcher(p->calibration);
    asx_status status = ASX_OK;
    for (size_t first = 0; status == ASX_OK && first < p->n; first += p->block) {
        const size_t count = p->n - first < p->block ? p->n - first : p->block;
        char name[96];
        bool found = false;
        snprintf(name, sizeof name, "%s/%zu/%zu", p->what, p->of, first);
        if (watch->progress)
            watch->progress(watch->state, p->what, first, p->n);
        status = find(&found, p, name, first, count, err);
        if (status == ASX_OK && !found)
            status = make(p, name, first, count, err);
    }
    return status;
}

size_t asx_parts_images(const asx_calibration *calibration, double work, size_t n, size_t least,
                        size_t most)
{
    const asx_workload *net = &asx_calibration_network(calibration)->work;
    const size_t batch = asx_calibration_plan(calibration)->batch;
    const double fit = work / ((double)asx_workload_n_macs(net) * (double)n);
    const size_t images = fit < (double)least ? least : fit > (double)most ? most : (size_t)fit;
    return images < batch ? batch : images / batch * batch;
}

size_t asx_parts_block(const asx_calibration *calibration, size_t images, size_t most)
{
    enum { LEAST = 128 }; /* enough for some threads to share */
    static const double WORK = 1e13;
    const asx_workload *net = &asx_calibration_network(calibration)->work;
    const double fit = WORK / ((double)asx_workload_n_macs(net) * (double)images);
    return fit < LEAST ? LEAST : fit > (double)most ? most : (size_t)fit;
}
