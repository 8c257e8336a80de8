/* Working for another process of the same crew (dse/crew.h), which has the same network and images. */
#ifndef ASX_EVAL_SERVE_H
#define ASX_EVAL_SERVE_H

#include "dse/api.h"
#include "dse/crew.h"
#include "dse/error.h"
#include "dse/text.h"
#include "eval/calibration.h"
#include "eval/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Works on a job of kind ASX_CREW_MEASURE.
 * @param answer  appended to: a bit per design and image, 1 where it is right, each design's in whole
 *                bytes
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE; ASX_EUNSUPPORTED if this machine's floats are others than
 *         the leader's; what asx_measure_designs says
 */
ASX_API ASX_NODISCARD asx_status asx_measure_serve(asx_text *answer, asx_calibration *calibration,
                                                   const asx_dataset *data, const char *job,
                                                   size_t n_job, asx_error *err);

/* What is kept from one job for a proxy's table to the next. */
typedef struct asx_proxy_server asx_proxy_server;

/** @param calibration, data  borrowed for the life of `*out` */
ASX_API ASX_NODISCARD asx_status asx_proxy_server_new(asx_proxy_server **out,
                                                      asx_calibration *calibration,
                                                      const asx_dataset *data, asx_error *err);
ASX_API void asx_proxy_server_free(asx_proxy_server *server);

/** Works on jobs of the kinds ASX_CREW_CHANGE and ASX_CREW_ERRORS. @return as asx_measure_serve */
ASX_API ASX_NODISCARD asx_status asx_proxy_serve(asx_text *answer, asx_proxy_server *server,
                                                 const char *job, size_t n_job, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
