/* asx front: the answer of a campaign, as a table. */

#include "cmd.h"
#include "front_table.h"
#include "look_options.h"
#include "option.h"

static const option_usage usage = {
    .synopsis = "front DB [--campaign NAME] [--tier TIER] [--where EXPR] [--all] [--wide] ...",
    .about =
        "Prints the Pareto front of a campaign: the designs that no other evaluated design "
        "beats in all "
        "objectives, by the last that is known of it: what was measured takes the place of what "
        "was predicted, what training gained that of the same design untrained. Energy is saved "
        "against the baseline: placement vn, exact 8-bit multipliers, the same technology. 'unseen' "
        "drops are measured on images that the search never saw, with an interval of 95 %. --wide, "
        "csv and json have more: exact_saved_percent is what exact multipliers save with the words "
        "and the placement of the row.",
    .examples =
        "  asx front resnet20-cifar10.db\n"
        "  asx front resnet20-cifar10.db --all --columns \"row, energy_pj, area_um2, design\"\n"
        "  asx front resnet20-cifar10.db --where \"placement = 'near' and drop < 1\" "
        "--format csv\n",
    .min_arguments = 1,
    .max_arguments = 1};

static asx_status run(const char *path, const asx_front_options *options, const look *l,
                      asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, options, err);
    if (status == ASX_OK)
        status = front_probe(&f, store, err);
    if (status == ASX_OK)
        status = front_print(&f, store, options, l, err);
    if (status == ASX_OK && f.n > 0 && look_is_told(l))
        status = front_say_float(&f, store, err);
    if (status == ASX_OK && f.n > 0 && look_is_told(l))
        status = front_say_reach(&f, err);
    if (status == ASX_OK && !options->where && look_is_told(l))
        status = front_say_proof(&f, store, err);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

int cmd_front(int argc, char **argv)
{
    asx_front_options options = {.streamed = true};
    look l = LOOK_DEFAULT;
    const option table_of_options[] = {OPTION_FRONT(options), OPTION_LOOK_FRONT(l), {0}};
    const option_result args = option_parse(argc, argv, table_of_options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    return cmd_end(run(args.argument[0], &options, &l, &err), &err);
}
