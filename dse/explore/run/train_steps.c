#include "train_steps.h"

#include <stdio.h>
#include <unistd.h>

static void show(const asx_train_steps *s, const asx_train_progress *p, size_t done, double elapsed)
{
    enum { SETTLE = 3 }; /* steps before a rate means anything */
    char left_text[40] = "";
    const double left = elapsed / (double)done * (double)(p->n_steps - p->step);
    if (done >= SETTLE && left < 90)
        snprintf(left_text, sizeof left_text, ", %.0f s left", left);
    else if (done >= SETTLE)
        snprintf(left_text, sizeof left_text, ", %.0f min left", left / 60);
    asx_watcher_say(s->watcher, ASX_SAY_STATUS,
                    "epoch %zu/%zu, step %zu/%zu, loss %.4f, accuracy %.2f%s",
                    p->epoch + (p->step < p->n_steps), p->n_epochs, p->step, p->n_steps, p->loss,
                    p->accuracy, left_text);
}

static asx_status save(const asx_trainer *trainer, const asx_train_steps *s, double *saved,
                       asx_error *err)
{
    const double now = asx_seconds(), since = now - *saved;
    asx_status status = s->checkpoint ? asx_trainer_save(trainer, s->checkpoint, err)
                                      : s->kept(s->state, trainer, since, err);
    if (status == ASX_OK && s->saved)
        status = s->saved(s->state, since, err);
    *saved = now;
    return status;
}

static asx_status stop_here(const asx_trainer *trainer, const asx_train_steps *s, double *saved,
                            asx_error *err)
{
    const asx_status status = save(trainer, s, saved, err);
    if (status != ASX_OK)
        return status;
    if (!s->checkpoint)
        return asx_fail(err, ASX_EINTERRUPTED, "stopped after step %zu",
                        asx_trainer_progress(trainer).step);
    return asx_fail(err, ASX_EINTERRUPTED,
                    "stopped after step %zu; the same command goes on from '%s'",
                    asx_trainer_progress(trainer).step, s->checkpoint);
}

static asx_status take_steps(asx_trainer *trainer, const asx_train_steps *s, asx_error *err)
{
    enum { SAVE_EVERY_S = 60 };
    const bool shows = asx_watcher_listens(s->watcher);
    const double start = asx_seconds();
    double shown = 0, saved = start;
    asx_status status = ASX_OK;
    asx_train_progress p = asx_trainer_progress(trainer);
    bool enough = false;
    for (size_t done = 0; p.step < p.n_steps && status == ASX_OK && !enough; done++) {
        const double now = asx_seconds();
        if (shows && now - shown > 0.2) {
            show(s, &p, done, now - start);
            shown = now;
        }
        if (asx_watcher_stops(s->watcher))
            status = stop_here(trainer, s, &saved, err);
        else if (now - saved > SAVE_EVERY_S)
            status = save(trainer, s, &saved, err);
        if (status == ASX_OK)
            status = asx_trainer_step(trainer, err);
        const size_t epoch = p.epoch;
        p = asx_trainer_progress(trainer);
        enough = p.epoch > epoch && p.step < p.n_steps && s->enough && s->enough(s->state);
    }
    if (status == ASX_OK && s->saved)
        status = s->saved(s->state, asx_seconds() - saved, err);
    return status;
}

asx_status asx_train_steps_run(asx_trainer *trainer, const asx_train_steps *steps, bool resume,
                               asx_error *err)
{
    asx_status status = ASX_OK;
    if (resume && steps->checkpoint && access(steps->checkpoint, F_OK) == 0)
        status = asx_trainer_resume(trainer, steps->checkpoint, err);
    if (status == ASX_OK &&
        steps->checkpoint) /* what cannot be written is found out now, not in an hour */
        status = asx_trainer_save(trainer, steps->checkpoint, err);
    return status == ASX_OK ? take_steps(trainer, steps, err) : status;
}
