/* Options of commands that draw: where to, and how wide. */
#ifndef ASX_CLI_PICTURE_OPTIONS_H
#define ASX_CLI_PICTURE_OPTIONS_H

#include "option.h"
#include "results/plot.h"

/* What is asked for; {0}: nothing. */
typedef struct picture_size {
    const char *size; /* "column", "page" */
    double width_cm;
} picture_size;

#define OPTION_PICTURE_SIZE(wanted)                                                                \
    OPTION_OF_CHOICE(&(wanted).size, "size", "column|page",                                        \
                     "a picture for a paper: as wide as one of two columns, 3.5 in, or as the "    \
                     "page, 7.16 in; type is as large in both"),                                   \
    {                                                                                              \
        .name = "width", .kind = OPTION_NUMBER, .target = &(wanted).width_cm, .argument = "CM",    \
        .low = 8, .high = 20, .help = "so wide instead: 8 to 20"                                   \
    }

/** Whether the ending of a file says which kind of picture it is to be: `check` of an option. */
asx_status option_check_picture(const char *path, asx_error *err);

/** Sets the format of a picture that has a path, and its width. @return 0, or the exit code 2 after
 *  saying what does not go together */
int picture_apply(asx_plot_options *plot, const picture_size *wanted, const option_usage *usage);

#endif
