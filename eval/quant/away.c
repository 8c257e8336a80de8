#include "away.h"

#include <math.h>
#include <string.h>

typedef struct head {
    uint64_t fingerprint;
    asx_range images;
} head;

void asx_away_begin(asx_text *job, asx_crew_kind kind, const asx_calibration *calibration,
                    asx_range images)
{
    const head h = {asx_calibration_fingerprint(calibration), images};
    asx_crew_begin(job, kind);
    asx_text_add_bytes(job, (const char *)&h, sizeof h);
}

asx_status asx_away_read(asx_crew_reader *out, asx_range *images,
                         const asx_calibration *calibration, const asx_dataset *data,
                         const char *job, size_t n, asx_error *err)
{
    head h;
    asx_crew_reader r = asx_crew_read(job, n);
    asx_crew_get(&h, &r, sizeof h);
    if (r.failed || h.images.first >= h.images.end || h.images.end > asx_dataset_size(data))
        return asx_fail(err, ASX_EPARSE, "a job for images that are not there");
    if (h.fingerprint != asx_calibration_fingerprint(calibration))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "this processor computes the float network differently from the leader's: "
                        "run on machines of one kind");
    *out = r;
    *images = h.images;
    return ASX_OK;
}

void asx_away_put_formats(asx_text *job, const asx_design *design)
{
    asx_text_add_bytes(job, (const char *)design->format,
                       design->n_layers * sizeof *design->format);
}

asx_status asx_away_get_designs(asx_design *out, size_t n, size_t n_layers, asx_crew_reader *from,
                                asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        const char *formats = asx_crew_at(from, n_layers * sizeof *out->format);
        if (!formats)
            return asx_fail(err, ASX_EPARSE, "a job has fewer designs than it says");
        status = asx_design_init(&out[i], n_layers, err);
        if (status == ASX_OK)
            memcpy(out[i].format, formats, n_layers * sizeof *out->format);
    }
    return status;
}

size_t asx_away_portion_next(const asx_away_portion *portion, size_t left)
{
    const size_t share = (left + 2 * portion->n_workers - 1) / (2 * portion->n_workers);
    const double want = portion->item_s > 0 ? floor(portion->job_s / portion->item_s) : 1;
    size_t n = want < (double)portion->most ? (size_t)want : portion->most;
    n = n < share ? n : share;
    n = n > portion->least ? n : portion->least;
    n = n < left ? n : left;
    return n > 1 ? n : 1;
}

void asx_away_portion_learn(asx_away_portion *portion, size_t n, double seconds)
{
    const double least = 1e-6, now = fmax(seconds / (double)n, least);
    portion->item_s = portion->item_s > 0 ? 0.8 * portion->item_s + 0.2 * now : now;
}
