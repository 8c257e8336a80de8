/* Work on a calibrated network as jobs for a crew (dse/crew.h): what they have in common. Private. */
#ifndef ASX_EVAL_AWAY_H
#define ASX_EVAL_AWAY_H

#include "calibration_private.h"
#include "dse/crew.h"
#include "dse/design.h"

/** Begins a job on images: kind, what rank 0's calibration showed, range. */
void asx_away_begin(asx_text *job, asx_crew_kind kind, const asx_calibration *calibration,
                    asx_range images);

/**
 * Reads what asx_away_begin wrote.
 * @return ASX_OK; ASX_EUNSUPPORTED if this machine's floats are others than the leader's; ASX_EPARSE
 *         for images that `data` has not
 */
ASX_NODISCARD asx_status asx_away_read(asx_crew_reader *out, asx_range *images,
                                       const asx_calibration *calibration, const asx_dataset *data,
                                       const char *job, size_t n, asx_error *err);

/** Appends a design's formats; the reader knows how many layers there are. */
void asx_away_put_formats(asx_text *job, const asx_design *design);

/** Reads designs. @param out [n], each asx_design_fini it; zeroed before */
ASX_NODISCARD asx_status asx_away_get_designs(asx_design *out, size_t n, size_t n_layers,
                                              asx_crew_reader *from, asx_error *err);

/* How much to hand out at a time: as much as takes about `job_s`, less when little is left, so that
 * all end together. */
typedef struct asx_away_portion {
    double job_s;
    double item_s; /* that an item takes; 0: nobody knows yet */
    size_t n_workers, most;
    size_t least; /* that share what makes them cheaper than one by one; 0: none do */
} asx_away_portion;

size_t asx_away_portion_next(const asx_away_portion *portion, size_t left);

/** What an answer says of how long items take. */
void asx_away_portion_learn(asx_away_portion *portion, size_t n, double seconds);

#endif
