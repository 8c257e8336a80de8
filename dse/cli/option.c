#include "option.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "dse/number.h"
#include "eval/dataset.h"
#include "wrap.h"

static void print_option(FILE *out, const option *o)
{
    enum { HELP_COLUMN = 30 };
    char left[128];
    const char *argument = o->kind == OPTION_FLAG ? "" : o->argument;
    int n = snprintf(left, sizeof left, "  %c%c --%s%s%s", o->letter ? '-' : ' ',
                     o->letter ? o->letter : ' ', o->name, *argument ? " " : "", argument);
    fputs(left, out);
    if (n >= HELP_COLUMN - 1) {
        fputc('\n', out);
        n = 0;
    }
    fprintf(out, "%*s", HELP_COLUMN - n, "");
    print_wrapped(out, o->help, HELP_COLUMN, HELP_COLUMN);
}

static void print_help(FILE *out, const option *options, const option_usage *usage)
{
    static const option help = {
        .name = "help", .letter = 'h', .kind = OPTION_FLAG, .help = "print this and exit"};
    fprintf(out, "usage: asx %s\n", usage->synopsis);
    if (usage->about) {
        fputc('\n', out);
        print_wrapped(out, usage->about, 0, 0);
    }
    fprintf(out, "\noptions:\n");
    for (const option *o = options; o->name; o++)
        print_option(out, o);
    print_option(out, &help);
    if (usage->examples)
        fprintf(out, "\nexamples:\n%s", usage->examples);
}

static bool is_choice(const char *choices, const char *text)
{
    const size_t n = strlen(text);
    for (const char *p = choices; n > 0; p++) {
        const size_t m = strcspn(p, "|");
        if (m == n && strncmp(p, text, n) == 0)
            return true;
        p += m;
        if (!*p)
            break;
    }
    return false;
}

static asx_status set_value(const option *o, const char *text, asx_error *err)
{
    char what[80];
    asx_error inner;
    snprintf(what, sizeof what, "option '--%s'", o->name);
    switch (o->kind) {
    case OPTION_FLAG:
        break;
    case OPTION_TEXT:
        *(const char **)o->target = text;
        if (o->check && o->check(text, &inner) != ASX_OK)
            return asx_fail(err, inner.status == ASX_ENOMEM ? ASX_ENOMEM : ASX_EINVAL, "%s: %s",
                            what, inner.message);
        break;
    case OPTION_CHOICE:
        if (!is_choice(o->argument, text))
            return asx_fail(err, ASX_EINVAL, "%s: '%s' is not one of %s", what, text, o->argument);
        *(const char **)o->target = text;
        break;
    case OPTION_INTEGER:
        return asx_integer_parse(o->target, text, (long long)o->low, (long long)o->high, what, err);
    case OPTION_NUMBER:
        return asx_number_parse(o->target, text, o->low, o->high, what, err);
    }
    return ASX_OK;
}

/* One "--name=value", "--name value", "-x value" or "-xvalue"; `*i` moves past what was used. */
static asx_status take_option(const option *options, int argc, char **argv, int *i, asx_error *err)
{
    const char *word = argv[*i];
    const bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1);
    const size_t n = is_long ? strcspn(name, "=") : 1;
    const char *rest = name + n;
    const option *o = NULL;
    for (const option *c = options; c->name && !o; c++)
        if (is_long ? strlen(c->name) == n && strncmp(c->name, name, n) == 0 : c->letter == *name)
            o = c;
    if (!o)
        return asx_fail(err, ASX_EINVAL, "unknown option '%.*s'", (int)(n + (is_long ? 2 : 1)),
                        word);
    if (o->kind == OPTION_FLAG) {
        if (*rest)
            return asx_fail(err, ASX_EINVAL, "option '--%s' takes no value", o->name);
        *(bool *)o->target = true;
        return ASX_OK;
    }
    if (*rest)
        return set_value(o, rest + (is_long ? 1 : 0), err);
    if (*i + 1 >= argc)
        return asx_fail(err, ASX_EINVAL, "option '--%s' needs a value: %s", o->name, o->argument);
    *i += 1;
    return set_value(o, argv[*i], err);
}

static asx_status check_required(const option *options, asx_error *err)
{
    for (const option *o = options; o->name; o++)
        if (o->required && !*(const char *const *)o->target)
            return o->letter ? asx_fail(err, ASX_EINVAL, "'-%c %s' is missing: %s", o->letter,
                                        o->argument, o->help)
                             : asx_fail(err, ASX_EINVAL, "'--%s %s' is missing: %s", o->name,
                                        o->argument, o->help);
    return ASX_OK;
}

static asx_status parse(option_result *out, int argc, char **argv, const option *options,
                        const option_usage *usage, asx_error *err)
{
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && argv[i][0] == '-' && argv[i][1]) {
            if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
                print_help(stdout, options, usage);
                *out = (option_result){.done = true, .exit_code = cmd_end_text()};
                return ASX_OK;
            }
            const asx_status status = take_option(options, argc, argv, &i, err);
            if (status != ASX_OK)
                return status;
        } else {
            if (out->n_arguments == usage->max_arguments)
                return asx_fail(err, ASX_EINVAL, "unexpected argument '%s'", argv[i]);
            out->argument[out->n_arguments++] = argv[i];
        }
    }
    if (out->n_arguments < usage->min_arguments)
        return asx_fail(err, ASX_EINVAL, "too few arguments");
    return check_required(options, err);
}

asx_status option_check_range(const char *text, asx_error *err)
{
    asx_range range;
    return asx_range_parse(&range, text, (size_t)1 << 62, err);
}

int option_misused(const option_usage *usage, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "asx %.*s: ", (int)strcspn(usage->synopsis, " "), usage->synopsis);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nusage: asx %s\n", usage->synopsis);
    va_end(arguments);
    return CMD_USAGE;
}

option_result option_parse(int argc, char **argv, const option *options, const option_usage *usage)
{
    option_result result = {0};
    asx_error err;
    const asx_status status = parse(&result, argc, argv, options, usage, &err);
    if (status != ASX_OK)
        result = (option_result){.done = true,
                                 .exit_code = status == ASX_ENOMEM
                                                  ? cmd_end(status, &err)
                                                  : option_misused(usage, "%s", err.message)};
    return result;
}
