#include "train_steps.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double train_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void show(const train_steps *s, const asx_train_progress *p, size_t done, double elapsed)
{
    fprintf(stderr, "\r\033[K%s%sepoch %zu/%zu, step %zu/%zu, loss %.4f, accuracy %.2f",
            s->label ? s->label : "", s->label ? ": " : "", p->epoch + (p->step < p->n_steps),
            p->n_epochs, p->step, p->n_steps, p->loss, p->accuracy);
    if (done >= 3) {
        const double left = elapsed / (double)done * (double)(p->n_steps - p->step);
        if (left < 90)
            fprintf(stderr, ", %.0f s left", left);
        else
            fprintf(stderr, ", %.0f min left", left / 60);
    }
    fflush(stderr);
}

static asx_status save(const asx_trainer *trainer, const train_steps *s, double *saved,
                       asx_error *err)
{
    const double now = train_seconds(), since = now - *saved;
    asx_status st = asx_trainer_save(trainer, s->checkpoint, err);
    if (st == ASX_OK && s->saved)
        st = s->saved(s->state, since, err);
    *saved = now;
    return st;
}

static asx_status stop_here(const asx_trainer *trainer, const train_steps *s, double *saved,
                            asx_error *err)
{
    const asx_status st = save(trainer, s, saved, err);
    if (st < 0)
        return st;
    return asx_fail(err, ASX_EINTERRUPTED,
                    "stopped after step %zu; the same command goes on from '%s'",
                    asx_trainer_progress(trainer).step, s->checkpoint);
}

static asx_status take_steps(asx_trainer *trainer, const train_steps *s, asx_error *err)
{
    enum { SAVE_EVERY_S = 60 };
    const bool shows = isatty(STDERR_FILENO) == 1;
    const double start = train_seconds();
    double shown = 0, saved = start;
    asx_status st = ASX_OK;
    asx_train_progress p = asx_trainer_progress(trainer);
    bool enough = false;
    for (size_t done = 0; p.step < p.n_steps && st == ASX_OK && !enough; done++) {
        const double now = train_seconds();
        if (shows && now - shown > 0.2) {
            show(s, &p, done, now - start);
            shown = now;
        }
        if (s->stop && s->stop(s->state))
            st = stop_here(trainer, s, &saved, err);
        else if (now - saved > SAVE_EVERY_S)
            st = save(trainer, s, &saved, err);
        if (st == ASX_OK)
            st = asx_trainer_step(trainer, err);
        const size_t epoch = p.epoch;
        p = asx_trainer_progress(trainer);
        enough = p.epoch > epoch && p.step < p.n_steps && s->enough && s->enough(s->state);
    }
    if (shows)
        fprintf(stderr, "\r\033[K");
    if (st == ASX_OK && s->saved)
        st = s->saved(s->state, train_seconds() - saved, err);
    return st;
}

asx_status train_steps_run(asx_trainer *trainer, const train_steps *steps, bool resume,
                           asx_error *err)
{
    asx_status st = ASX_OK;
    if (resume && access(steps->checkpoint, F_OK) == 0)
        st = asx_trainer_resume(trainer, steps->checkpoint, err);
    if (st == ASX_OK) /* what cannot be written is found out now, not in an hour */
        st = asx_trainer_save(trainer, steps->checkpoint, err);
    return st == ASX_OK ? take_steps(trainer, steps, err) : st;
}
