/* asx format: what one number format can represent, how it is stored, and what projecting onto it
 * costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "dse/codec.h"
#include "dse/file.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/menu.h"
#include "dse/word_kind.h"
#include "format_faults.h"
#include "look_options.h"
#include "option.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "format TEXT|FILE.csv [--codes] [--faults] [--wide] [--format table|csv|json]",
    .about =
        "Describes one number format, e.g. w8s{1,3}a8: for the weight and the activation word the "
        "representable values, the bits one stored word takes, and the signal-to-noise ratio of "
        "Gaussian (weights) or half-Gaussian (activations) numbers projected at their best scale.\n"
        "  format := \"w\" word \"a\" word     set := {1,3,...}\n"
        "  word   := bits [\"s\"] [\"q\" width] [set] | \"e\" bits \"m\" bits [\"f\"|\"n\"|\"i\"] [\"z\"] | bits \"c\" terms | bits \"p\" | \"[\" value, ... \"]\"\n"
        "  menu   := \"w\" word (\"/\" word)+ \"a\" word \"@\" (N | \"ch\")\n"
        "A minifloat eXmY has a sign, X bits of exponent, Y of mantissa (0: powers of two); its values are "
        "integers, multiples of its smallest one. e4m3 keeps codes for what is no number, as "
        "the OCP defines them, others do not: f, n, i ask for none, one code (all ones) or IEEE 754's; z "
        "for no subnormals. 8c2 are the sums of at most two signed powers of two within 8 bits, 5p the "
        "additive powers of two (APoT) of 3 to 6 bits. [-8,-3,0,3,8] are these integers, of weights alone; "
        "the text of those in a file, FILE.csv, is told, other numbers than integers scaled to 127. "
        "Of a menu every N input weights of an output channel choose one of 2 to 8 words, with @ch every output channel; "
        "ceil(log2 words) bits are stored with a group to tell which.",
    .examples = "  asx format 'w4{1}a8'\n  asx format 'w8s{1,3}a8' --codes\n"
                "  asx format 'w4{1}a8' --faults\n  asx format nf4.csv\n",
    .min_arguments = 1,
    .max_arguments = 1};

static const table_column word_columns[] = {{"operand", TABLE_TEXT, 0},
                                            {"bits", TABLE_INTEGER, 0},
                                            {"digits", TABLE_TEXT, 0},
                                            {"alphabets", TABLE_TEXT, 0},
                                            {"min", TABLE_INTEGER, 0},
                                            {"max", TABLE_INTEGER, 0},
                                            {"values", TABLE_INTEGER, 0},
                                            {"code_bits", TABLE_INTEGER, 0},
                                            {"joint_bits", TABLE_INTEGER, 0},
                                            {"sqnr_db", TABLE_NUMBER, 2},
                                            {0}};

static const table_column code_columns[] = {
    {"operand", TABLE_TEXT, 0}, {"value", TABLE_INTEGER, 0}, {"code", TABLE_TEXT, 0}, {0}};

/* Mean squared error of unit (half-)Gaussian numbers projected at scale `s`, on a grid of
 * quantiles' midpoints fine enough for two decimals of a decibel. */
static double projection_error(const asx_grid *grid, double s, bool half)
{
    enum { STEPS = 2000 };
    const double span = 6.0;
    double error = 0, mass = 0;
    for (int i = 0; i < STEPS; i++) {
        const double x = span * (half ? i + 0.5 : 2 * (i + 0.5) - STEPS) / STEPS;
        const double p = exp(-0.5 * x * x);
        const double d = x - s * asx_grid_nearest(grid, x / s);
        error += p * d * d;
        mass += p;
    }
    return error / mass;
}

/* Signal-to-noise ratio at the best of finely spaced scales, in decibels. */
static double best_sqnr_db(const asx_grid *grid, int32_t max, bool half)
{
    double best = INFINITY;
    for (int i = 0; i <= 160; i++) {
        const double clip = 0.5 * pow(16.0, i / 160.0);
        const double e = projection_error(grid, clip / max, half);
        best = e < best ? e : best;
    }
    return -10 * log10(best);
}

static asx_status add_word(table *t, const char *operand, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    asx_text set = {0};
    asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *values = asx_grid_values(grid);
    const size_t n = asx_grid_size(grid);
    if (word->kind == ASX_WORD_VALUES)
        asx_word_print_set(&set, word);
    else
        asx_alphabet_set_print(&set, word->set);
    table_text(t, operand);
    table_integer(t, word->bits);
    table_text(t, word->kind                          ? asx_word_family(word)
                  : asx_word_is_plain(word)           ? "binary"
                  : word->digits == ASX_DIGITS_SIGNED ? "signed"
                                                      : "unsigned");
    if (set.n == 0)
        asx_text_add(&set, "-");
    table_built(t, &set);
    table_integer(t, values[0]);
    table_integer(t, values[n - 1]);
    table_integer(t, (long long)n);
    table_integer(t, asx_word_code_bits(word));
    table_integer(t, asx_word_joint_bits(word));
    table_number(t, best_sqnr_db(grid, values[n - 1], word->non_negative));
    asx_text_fini(&set);
    asx_grid_free(grid);
    return ASX_OK;
}

/* A menu's words, and what it has in all: no group has all of its values. */
static asx_status add_weight(table *t, const asx_word *weight, asx_error *err)
{
    asx_word word[ASX_MENU_WORDS_MAX];
    asx_grid *grid = NULL;
    asx_text set = {0};
    const size_t n = asx_menu_words(word, weight);
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = add_word(t, "weight", &word[i], err);
    if (status == ASX_OK && n > 1)
        status = asx_grid_new(&grid, weight, err);
    if (status != ASX_OK || n == 1)
        return status;
    const size_t size = asx_grid_size(grid);
    asx_word_print_set(&set, weight);
    table_text(t, "menu");
    table_integer(t, weight->bits);
    table_text(t, asx_word_family(weight));
    table_built(t, &set);
    table_integer(t, asx_grid_values(grid)[0]);
    table_integer(t, asx_grid_values(grid)[size - 1]);
    table_integer(t, (long long)size);
    table_integer(t, asx_word_code_bits(weight));
    table_integer(t, asx_word_joint_bits(weight));
    table_number(t, NAN);
    asx_text_fini(&set);
    asx_grid_free(grid);
    return ASX_OK;
}

static void binary_text(char *out, uint32_t code, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        out[i] = code >> (bits - 1 - i) & 1u ? '1' : '0';
    out[bits] = '\0';
}

static asx_status add_codes(table *t, const char *operand, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    asx_codec *codec = NULL;
    char text[40];
    asx_status status = asx_grid_new(&grid, word, err);
    if (status == ASX_OK)
        status = asx_codec_new(&codec, word, err);
    for (size_t i = 0; status == ASX_OK && i < asx_grid_size(grid); i++) {
        uint32_t code = 0;
        status = asx_codec_encode(&code, codec, asx_grid_values(grid)[i], err);
        if (status != ASX_OK)
            break;
        binary_text(text, code, asx_codec_bits(codec));
        table_text(t, operand);
        table_integer(t, asx_grid_values(grid)[i]);
        table_text(t, text);
    }
    asx_codec_free(codec);
    asx_grid_free(grid);
    return status;
}

static asx_status list_codes(table **t, const asx_word *weight, const asx_word *activation,
                             asx_error *err)
{
    asx_status status = table_new(t, "codes", code_columns, err);
    if (status == ASX_OK)
        status = add_codes(*t, "weight", weight, err);
    if (status == ASX_OK)
        status = add_codes(*t, "activation", activation, err);
    return status;
}

/* Menus have a '/' too, and begin as formats do. */
static bool is_file(const char *text)
{
    const size_t n = strlen(text);
    const bool begins = text[0] == 'w' && text[1] && strchr("0123456789e", text[1]);
    return asx_is_path(text, ".csv") && (!begins || (n > 4 && strcmp(text + n - 4, ".csv") == 0));
}

int cmd_format(int argc, char **argv)
{
    bool codes = false, faults = false;
    look l = LOOK_DEFAULT;
    const option options[] = {
        {.name = "codes",
         .kind = OPTION_FLAG,
         .target = &codes,
         .help = "also list every representable value with its stored code"},
        OPTION_OF_FLAG(&faults, "faults",
                       "also what a flipped bit of a code does: squared change, relative to "
                       "the square of the numbers, and how often it changes the word's sign, "
                       "selects another alphabet, shifts otherwise, makes a digit 0 or "
                       "one of 0; for the machine's code, and for the one that loses least"),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_format format;
    table *t[2 + FORMAT_FAULTS_TABLES] = {NULL};
    size_t n = 0;
    if (is_file(args.argument[0])) {
        format = (asx_format){.activation = {.bits = 8, .digit_width = ASX_DIGIT_WIDTH_DEFAULT}};
        if (asx_word_load_values(&format.weight, args.argument[0], &err) != ASX_OK)
            return cmd_end(err.status, &err);
    } else if (asx_format_parse(&format, args.argument[0], &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    asx_status status = table_new(&t[n++], "words", word_columns, &err);
    if (status != ASX_OK)
        goto done;
    table_for_people(t[0], NULL, "joint_bits sqnr_db code_bits digits");
    /* behind a ReLU, as most activations are */
    const asx_word activation = asx_format_activation(&format, true);
    status = add_weight(t[0], &format.weight, &err);
    if (status == ASX_OK)
        status = add_word(t[0], "activation", &activation, &err);
    if (status == ASX_OK && codes)
        status = list_codes(&t[n++], &format.weight, &activation, &err);
    if (status == ASX_OK && faults) {
        status = format_faults(t + n, &format, &err);
        n += FORMAT_FAULTS_TABLES;
    }
    if (status == ASX_OK)
        status = look_print(&l, t, n, &err);
done:
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        table_free(t[i]);
    return cmd_end(status, &err);
}
