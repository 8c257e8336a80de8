/* Options of a subcommand as one table: parsing, range checks and --help all come from it. */
#ifndef ASX_CLI_OPTION_H
#define ASX_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "text_checks.h"

typedef enum option_kind {
    OPTION_FLAG,    /* bool * */
    OPTION_TEXT,    /* const char **, borrowed from argv */
    OPTION_CHOICE,  /* const char **, one of `argument`, which is written "a|b|c" */
    OPTION_INTEGER, /* long long *, in [low, high] */
    OPTION_NUMBER   /* double *, in [low, high] */
} option_kind;

/* A table of these ends with {0}. Defaults are what the targets hold before parsing. */
typedef struct option {
    const char *name; /* "design" for --design */
    char letter;      /* 'o' for -o, 0 if none */
    option_kind kind;
    void *target;
    const char *argument; /* "FILE", shown in help; the choices of OPTION_CHOICE */
    const char *help;
    double low, high; /* numbers only */
    bool required;    /* OPTION_TEXT only: there is no default */
    asx_status (*check)(const char *text,
                        asx_error *err); /* OPTION_TEXT only: its form; may be NULL */
} option;

enum { OPTION_ARGUMENTS_MAX = 16 };

typedef struct option_usage {
    const char *synopsis; /* behind "usage: asx ", e.g. "cost CAMPAIGN.yaml --design TEXT" */
    const char *about;    /* a paragraph or more; may be NULL */
    const char *examples; /* lines; may be NULL */
    size_t min_arguments, max_arguments; /* positional */
} option_usage;

typedef struct option_result {
    const char *argument[OPTION_ARGUMENTS_MAX]; /* positional ones, in order */
    size_t n_arguments;
    bool done;     /* nothing to run: help was printed or the usage is wrong */
    int exit_code; /* for `done` */
} option_result;

/**
 * Parses argv[1 ..]: --name VALUE, --name=VALUE, -o VALUE, "--" ends the options; options and
 * positional arguments in any order. --help prints the usage to stdout; mistakes go to stderr with
 * exit code 2.
 */
option_result option_parse(int argc, char **argv, const option *options, const option_usage *usage);

/** Says on stderr what is wrong with a command line, whatever files hold, and how the command is used.
 *  @return exit code 2 */
int option_misused(const option_usage *usage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Whether a text is a range of images, "A:B", of a set of any size. */
asx_status option_check_range(const char *text, asx_error *err);

/* Options of the plain kinds, into a `const char *` or a `bool`. */
#define OPTION_OF_TEXT(variable, word, shown, about)                                               \
    {                                                                                              \
        .name = (word), .kind = OPTION_TEXT, .target = (variable), .argument = (shown),            \
        .help = (about)                                                                            \
    }
#define OPTION_OF_CHECKED(variable, word, shown, rule, about)                                      \
    {                                                                                              \
        .name = (word), .kind = OPTION_TEXT, .target = (variable), .argument = (shown),            \
        .check = (rule), .help = (about)                                                           \
    }
#define OPTION_OF_CHOICE(variable, word, shown, about)                                             \
    {                                                                                              \
        .name = (word), .kind = OPTION_CHOICE, .target = (variable), .argument = (shown),          \
        .help = (about)                                                                            \
    }
#define OPTION_OF_FLAG(variable, word, about)                                                      \
    {                                                                                              \
        .name = (word), .kind = OPTION_FLAG, .target = (variable), .help = (about)                 \
    }

/* Which design of a network; the help of `about` says what of it matters. */
#define OPTION_DESIGN(variable, about)                                                             \
    {                                                                                              \
        .name = "design", .letter = 'd', .kind = OPTION_TEXT, .target = (variable),                \
        .argument = "TEXT", .help = (about), .check = check_design                                 \
    }
/* Where results go that are a file. */
#define OPTION_OUTPUT(variable, shown, about)                                                      \
    .name = "output", .letter = 'o', .kind = OPTION_TEXT, .target = (variable),                    \
    .argument = (shown), .help = (about)

/* The option most commands share: how results are printed. */
#define OPTION_FORMAT(variable)                                                                    \
    {                                                                                              \
        .name = "format", .kind = OPTION_CHOICE, .target = (variable),                             \
        .argument = "table|csv|json", .help = "how results are printed (default: table)"           \
    }

/* Where a campaign's results go: session_database. */
#define OPTION_DATABASE(variable)                                                                  \
    {                                                                                              \
        .name = "db", .kind = OPTION_TEXT, .target = (variable), .argument = "FILE",               \
        .help = "the database (default: the campaign's name with .db, in this folder)"             \
    }

/* What to measure on: session_images. */
#define OPTION_IMAGES(variable)                                                                    \
    {                                                                                              \
        .name = "images", .kind = OPTION_TEXT, .target = (variable), .argument = "A:B",            \
        .check = option_check_range,                                                               \
        .help = "measure on images A to B-1 (default: the campaign's 'select')"                    \
    }

/* Which campaign of a database: for every command that looks at one. */
#define OPTION_CAMPAIGN(variable)                                                                  \
    {                                                                                              \
        .name = "campaign", .kind = OPTION_TEXT, .target = (variable), .argument = "NAME",         \
        .help = "which campaign of the database, by name or number, 2 or #2 (default: the newest)" \
    }

/* Which front: into an asx_front_options, for every command that loads one. */
#define OPTION_FRONT(which)                                                                        \
    OPTION_CAMPAIGN(&(which).campaign),                                                            \
        {.name = "tier",                                                                           \
         .kind = OPTION_CHOICE,                                                                    \
         .target = &(which).tier,                                                                  \
         .argument = "proxy|measured|trained",                                                     \
         .help = "the accuracies to use (default: what the search ran on)"},                       \
        {.name = "on",                                                                             \
         .kind = OPTION_CHOICE,                                                                    \
         .target = &(which).on,                                                                    \
         .argument = "select|confirm|report",                                                      \
         .help = "the images whose drops count (default: select, which the search saw); of the "   \
                 "others only designs measured on them are considered"},                           \
    {                                                                                              \
        .name = "where", .kind = OPTION_TEXT, .target = &(which).where, .argument = "EXPR",        \
        .check = check_some,                                                                       \
        .help = "consider only designs that fulfil an SQL expression; see asx query"               \
    }

#endif
