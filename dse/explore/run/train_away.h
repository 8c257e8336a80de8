/* Trainings as jobs for a crew (dse/crew.h). Private.
 *
 * A job has all that it needs but the campaign: the network it begins with unless it is the
 * campaign's, a checkpoint if there is one, epochs, formats. On its way it tells checkpoints. Its
 * answer is the network's file, and what was measured of it on every part of the images. */
#ifndef ASX_EXPLORE_TRAIN_AWAY_H
#define ASX_EXPLORE_TRAIN_AWAY_H

#include "dse/crew.h"
#include "dse/design.h"
#include "explore/session.h"

/* The head of a job. Behind it: start [n_start], checkpoint [n_checkpoint], formats [layers]. */
typedef struct asx_train_job {
    size_t epochs, n_start, n_checkpoint;
} asx_train_job;

/* The head of an answer. Behind it, unless it was interrupted: the network's file. */
typedef struct asx_train_answer {
    bool interrupted;
    asx_accuracy accuracy[ASX_N_SUBSETS]; /* of those that the campaign has */
} asx_train_answer;

/* The head of a note. Behind it: a checkpoint. */
typedef struct asx_train_note {
    double seconds; /* since the last */
} asx_train_note;

typedef struct asx_train_server asx_train_server;

/** Opens the images that are trained on. @param s borrowed */
ASX_NODISCARD asx_status asx_train_server_new(asx_train_server **out, asx_session *s,
                                              asx_error *err);
void asx_train_server_free(asx_train_server *server);

/** Works on a job of kind ASX_CREW_TRAIN. */
ASX_NODISCARD asx_status asx_train_serve(asx_text *answer, asx_train_server *server,
                                         const char *job, size_t n, const asx_crew_line *line,
                                         asx_error *err);

#endif
