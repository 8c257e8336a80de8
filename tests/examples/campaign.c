/* A whole campaign from one's own program:   campaign DATABASE [DESIGNS]
 *
 * The campaign is built in memory: the network and the images that the library carries, words of 4 to 8 bits at two
 * placements. A watcher tells the stages and may end the run: after DESIGNS designs, if that is given; started again,
 * the run goes on where it was. Then the front is printed, as it stands in the database. */
#include <explore/run.h>
#include <results/front.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* What this program's watcher knows. */
typedef struct patience {
    size_t most;        /* designs of a stage; 0: any number */
    atomic_size_t done; /* `stop` is asked by several threads */
} patience;

static void say(void *state, asx_say kind, const char *line)
{
    (void)state;
    if (kind != ASX_SAY_STATUS)
        fprintf(stderr, "%s\n", line);
}

static asx_status progress(void *state, const asx_progress *p, asx_error *err)
{
    patience *patient = state;
    (void)err;
    atomic_store(&patient->done, p->evaluated + p->recalled);
    return ASX_OK;
}

static bool stop(void *state)
{
    patience *patient = state;
    return patient->most && atomic_load(&patient->done) >= patient->most;
}

static asx_status open(asx_session *s, asx_error *err)
{
    static const char *const placement[] = {"vn", "near"}, *const bits[] = {"4", "8"};
    const asx_campaign_spec spec = {
        .name = "own",
        .network = "builtin:glyphs.onnx",
        .data = &(asx_campaign_data){.format = "glyphs",
                                     .scale = "0.00392156862745098",
                                     .count = "300",
                                     .calibrate = "0:64",
                                     .select = "0:200"},
        .space =
            &(asx_campaign_space){
                .scope = "network",
                .placement = placement,
                .placement_count = 2,
                .weights = {.bits = bits, .bits_count = 2, .alphabets = "none {1} {1,3}"}},
        .search = &(asx_campaign_search){.algorithm = "enumerate", .tier = "measured"}};
    asx_campaign *campaign = NULL;
    const asx_status status = asx_campaign_new(&campaign, &spec, err);
    return status == ASX_OK ? asx_session_open(s, campaign, err) : status;
}

static asx_status print_front(const char *database, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    asx_status status = asx_store_open(&store, database, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &(asx_front_options){0}, err);
    for (size_t i = 0; status == ASX_OK && i < f.n; i++) {
        const asx_row *row = asx_front_row(&f, i);
        printf("%.2f,%.17g,\"%s\"\n", row->evaluation.accuracy.drop, row->evaluation.cost.energy_pj,
               row->design);
    }
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

int main(int argc, char **argv)
{
    asx_error err;
    asx_session s = {0};
    asx_explore_result result = {0};
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: campaign DATABASE [DESIGNS]\n");
        return 2;
    }
    patience patient = {.most = argc == 3 ? strtoul(argv[2], NULL, 10) : 0};
    const asx_watcher watcher = {say, progress, stop, &patient};
    asx_status status = open(&s, &err);
    if (status == ASX_OK)
        status = asx_explore_run(
            &result, &s, &(asx_explore_options){.database = argv[1], .watcher = &watcher}, &err);
    if (status == ASX_OK)
        status = print_front(argv[1], &err);
    if (status != ASX_OK)
        fprintf(stderr, "%s\n", err.message);
    else if (result.end == ASX_END_INTERRUPTED)
        fprintf(stderr, "stopped; the same command goes on\n");
    asx_explore_result_fini(&result);
    asx_session_close(&s);
    return status == ASX_OK ? 0 : 1;
}
