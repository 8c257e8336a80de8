/* asx layers: which layers of good designs need how many alphabets. */
#include <math.h>

#include "cmd.h"
#include "front_table.h"
#include "layers.h"
#include "look_options.h"
#include "option.h"

static const option_usage usage = {
    .synopsis = "layers DB [--max-drop POINTS] [--campaign NAME] [--tier TIER] [--where EXPR] ...",
    .about =
        "Prints, layer by layer, what the designs of the front that lose at most POINTS have "
        "there: "
        "how many have exact multipliers, one alphabet, or more; the format in the design of least "
        "energy; and how much more energy the best evaluated design needs that does with one "
        "alphabet in this layer (empty: none was evaluated).",
    .examples = "  asx layers resnet20-cifar10-layers.db\n"
                "  asx layers resnet20-cifar10-layers.db --max-drop 3 --format csv\n",
    .min_arguments = 1,
    .max_arguments = 1};

static asx_status run(const char *path, const asx_front_options *options, double max_drop,
                      const look *l, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    table *t[LAYER_TABLES] = {NULL};
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, options, err);
    if (status == ASX_OK && !isnan(max_drop))
        status = front_need_accuracy(&f, path, "--max-drop", "without it energies can be had", err);
    if (status == ASX_OK)
        status = layers_tables_make(t, store, &f, isnan(max_drop) ? f.record.score.point : max_drop,
                                    err);
    if (status == ASX_OK)
        status = look_print(l, t, LAYER_TABLES, err);
    for (int i = 0; i < LAYER_TABLES; i++)
        table_free(t[i]);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

int cmd_layers(int argc, char **argv)
{
    asx_front_options which = {0};
    double max_drop = NAN;
    look l = LOOK_DEFAULT;
    const option options[] = {
        {.name = "max-drop",
         .kind = OPTION_NUMBER,
         .target = &max_drop,
         .argument = "POINTS",
         .low = -1e30,
         .high = 1e30,
         .help = "largest accuracy drop, in the unit of the measure (default: 1 point)"},
        OPTION_FRONT(which),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    return cmd_end(run(args.argument[0], &which, max_drop, &l, &err), &err);
}
