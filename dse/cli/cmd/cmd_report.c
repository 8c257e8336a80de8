/* asx report: a campaign as one page to look at, to keep and to send. */
#include <stdio.h>

#include "cmd.h"
#include "dse/output.h"
#include "front_table.h"
#include "kept.h"
#include "option.h"
#include "progress.h"
#include "report.h"
#include "report_bespoke.h"
#include "results/bespoke.h"
#include "results/record.h"
#include "watch.h"

static const option_usage usage = {
    .synopsis = "report DB -o FILE.html [--watch SECONDS] [--campaign NAME] [--tier TIER]\n"
                "                  [--where EXPR]",
    .about =
        "Writes a campaign as one self-contained page: the front to explore by mouse and "
        "keyboard, filters, a design's energy and layers, provenance, and how to reproduce "
        "it. The page needs no network and no other file, and stays below 3 MB: of a large "
        "campaign it shows a part, spread evenly, and says how much. Runs of bespoke classifiers in the "
        "same database are shown, too: fronts with area, power, power source, accuracy on "
        "unseen rows; without a campaign, they alone.\n"
        "--watch writes it again and again while a run of the campaign is at work, and the "
        "page loads itself again in a browser; each time it is replaced as a whole. It ends "
        "with the run, or with Ctrl-C, and leaves a page that stands.",
    .examples = "  asx report resnet20-cifar10.db -o report.html\n"
                "  asx report resnet20-cifar10.db -o report.html --watch 5\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* Where the page is written. */
typedef struct target {
    const char *path;
    asx_kept_file keep[2];
} target;

static asx_status write_page(const target *to, asx_store *store, const report_about *about,
                             bool *is_empty, asx_error *err)
{
    asx_front f = {0};
    asx_text page = {0};
    asx_status status = asx_front_load(&f, store, about->options, err);
    *is_empty = status == ASX_OK && f.n == 0;
    if (status == ASX_OK && !*is_empty)
        status = report_page(&page, store, &f, about, err);
    if (status == ASX_OK && !*is_empty)
        status = asx_output_write(to->path, page.s, page.n, to->keep, err);
    asx_text_fini(&page);
    asx_front_fini(&f);
    return status;
}

/* Whether the newest run of a campaign is at work. */
static asx_status is_running(bool *out, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_run_entry *run = NULL;
    size_t n = 0;
    const asx_status status = asx_run_list(&run, &n, store, campaign, err);
    *out = status == ASX_OK && n > 0 && watch_is_running(&run[n - 1]);
    asx_run_list_free(run, n);
    return status;
}

/* Asked before the page is made, so that the last page has all that the run found. */
static asx_status write_pages(const target *to, asx_store *store, report_about *about,
                              double watch_s, asx_error *err)
{
    progress_line line;
    const asx_watcher watcher = watch_s > 0 ? progress_watch(&line) : (asx_watcher){0};
    bool running = watch_s > 0, is_empty = false;
    asx_status status = ASX_OK;
    do {
        if (running)
            status = is_running(&running, store, about->options->id, err);
        running = running && !watcher.stop(watcher.state);
        about->again_s = running ? watch_s : 0;
        if (status == ASX_OK)
            status = write_page(to, store, about, &is_empty, err);
        if (status == ASX_OK && running)
            watch_wait(watch_s);
    } while (status == ASX_OK && running);
    if (status == ASX_OK && is_empty)
        status = front_fail_empty(err, about->db, about->options);
    return status;
}

/* Of a database without campaigns: its runs of bespoke classifiers, if any came to its end; else the failure stands. */
static asx_status write_bespoke(const target *to, asx_store *store, const char *db,
                                asx_status status, asx_error *err)
{
    asx_bespoke_kept *kept = NULL;
    asx_text page = {0};
    asx_error inner;
    size_t n = 0;
    bool ended = false;
    const asx_status listed = asx_bespoke_list(&kept, &n, store, &inner);
    for (size_t i = 0; listed == ASX_OK && i < n; i++)
        ended = ended || kept[i].n > 0;
    asx_bespoke_list_free(kept, n);
    if (listed == ASX_OK && ended) {
        status = report_bespoke_page(&page, store, db, err);
        if (status == ASX_OK)
            status = asx_output_write(to->path, page.s, page.n, to->keep, err);
    }
    asx_text_fini(&page);
    return status;
}

static asx_status run(const char *db, const char *path, asx_front_options *options, double watch_s,
                      asx_error *err)
{
    asx_store *store = NULL;
    const target to = {path, {{"the database", db}, {0}}};
    report_about about = {.db = db, .options = options};
    asx_status status = kept_by_database(path, db, err);
    if (status == ASX_OK)
        status = asx_store_open(&store, db, ASX_STORE_READ, err);
    if (status == ASX_OK) /* of what is newest now, whatever others begin meanwhile */
        status = asx_record_find(&options->id, store, options->campaign, err);
    const bool whatever = !options->campaign && !options->tier && !options->where;
    if (status == ASX_OK)
        status = write_pages(&to, store, &about, watch_s, err);
    else if (status == ASX_ENOTFOUND && store && whatever)
        status = write_bespoke(&to, store, db, status, err);
    asx_store_free(store);
    return status;
}

int cmd_report(int argc, char **argv)
{
    asx_front_options which = {.streamed = true};
    const char *path = NULL;
    double watch_s = 0;
    const option options[] = {{.name = "output",
                               .letter = 'o',
                               .kind = OPTION_TEXT,
                               .target = &path,
                               .argument = "FILE",
                               .help = "where the page goes",
                               .required = true},
                              {.name = "watch",
                               .kind = OPTION_NUMBER,
                               .target = &watch_s,
                               .argument = "SECONDS",
                               .low = 0.1,
                               .high = 86400,
                               .help = "write it again after so many seconds, while a run is at "
                                       "work"},
                              OPTION_FRONT(which),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    return cmd_end(run(args.argument[0], path, &which, watch_s, &err), &err);
}
