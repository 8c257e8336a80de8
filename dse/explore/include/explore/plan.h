/* What a run of a campaign will do, and how long that takes here. */
#ifndef ASX_EXPLORE_PLAN_H
#define ASX_EXPLORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "explore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers of what is to come; how large a front will be and what it takes to confirm answers are guesses. */
typedef struct asx_plan {
    double
        searched; /* designs to be measured on the select images by the search, its rounds and for its proxy */
    double reported;   /* designs to be measured on the report images */
    double inferences; /* all of that in images, with the proxy's table and what confirming takes */
    double per_s;      /* images a second that this machine runs a design on */
    int threads;       /* with so many threads */
    double seconds;    /* inferences / per_s */
    bool proves, trains; /* an exact search, or training, takes time that is not in these */
} asx_plan;

/**
 * Times a design of the network on a few images, and counts.
 *
 * @param s  its space and its data are there
 * @return as asx_session_need_calibration
 * Cost: calibration, and some hundred inferences.
 */
ASX_API ASX_NODISCARD asx_status asx_plan_make(asx_plan *out, asx_session *s, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
