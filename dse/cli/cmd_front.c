/* asx front: the answer of a campaign, as a table. */

#include "cmd.h"
#include "front.h"
#include "option.h"

static const option_usage usage = {
    .synopsis = "front DB [--campaign NAME] [--tier TIER] [--where EXPR] [--format table|csv|json]",
    .about =
        "Prints the Pareto front of a campaign: the designs that no other evaluated design "
        "beats in all "
        "objectives. Energy is saved against the baseline: placement vn, exact 8-bit "
        "multipliers, the "
        "same technology; exact_saved_percent is what exact multipliers save with the words and "
        "the "
        "placement of the row. 'report' columns are measured on images that the search never saw.",
    .examples = "  asx front resnet20-cifar10.db\n"
                "  asx front resnet20-cifar10.db --where \"placement = 'near' and drop < 1\" "
                "--format csv\n",
    .min_arguments = 1,
    .max_arguments = 1};

int cmd_front(int argc, char **argv)
{
    front_options options = {.few = true, .proof = true};
    const char *print = "table";
    const option table_of_options[] = {FRONT_OPTIONS(options), OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, table_of_options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    const asx_status st = front_print(args.argument[0], &options, print, &err);
    return cmd_end(st, &err);
}
