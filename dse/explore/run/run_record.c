/* When who worked on a campaign: the record of a run. */
#include <unistd.h>

#include "exploration.h"
#include "explore/version.h"
#include "processor.h"
#include "results/run.h"
#include "session_private.h"

static asx_status begin_run(asx_exploration *x, const char *started, asx_error *err)
{
    char processor[ASX_PROCESSOR_SIZE];
    asx_processor_name(processor);
    const asx_run_record record = {.version = asx_version(),
                                   .build = asx_build(),
                                   .processor = processor,
                                   .threads = x->options->threads,
                                   .process = getpid(),
                                   .started = started};
    const asx_status status = asx_run_begin(&x->run, x->store, x->campaign, &record, err);
    if (status == ASX_OK)
        asx_monitor_begin(&x->monitor, x->store, x->run);
    return status;
}

asx_status asx_exploration_begin(asx_exploration *x, asx_error *err)
{
    char started[ASX_NOW_SIZE];
    asx_now(started);
    const asx_status status = asx_session_record(&x->campaign, x->store, x->session, err);
    return status == ASX_OK ? begin_run(x, started, err) : status;
}

asx_status asx_exploration_end(asx_exploration *x, asx_explore_result *result, asx_error *err)
{
    char stopped[ASX_NOW_SIZE];
    asx_progress whole = result->progress; /* the search is but a part of it */
    whole.elapsed_s = result->elapsed_s = asx_monitor_elapsed_s(&x->monitor);
    asx_now(stopped);
    const asx_status status = asx_monitor_flush(&x->monitor, err);
    return status == ASX_OK ? asx_run_end(x->store, x->run, stopped,
                                          asx_search_end_text(result->end), &whole, err)
                            : status;
}
