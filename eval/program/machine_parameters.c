/* The one generated header of the Verilog library. */
#include "dse/word.h"
#include "machine_text.h"

static void define(asx_text *t, const char *name, size_t value)
{
    asx_text_add(t, "`define ASX_%s %zu\n", name, value);
}

/* Constant vectors begin with their highest bits, so lists are written from their ends. */
static void begin(asx_text *t, const char *name)
{
    asx_text_add(t, "`define ASX_%s {", name);
}

static void end(asx_text *t)
{
    asx_text_add(t, "}\n");
}

/* Digit i of a mode, whether taken at once or in a pass of its own. */
static size_t n_digits(const asx_machine_plan *p)
{
    return (size_t)p->digits * p->passes;
}

/* What index k of digit i stands for: {shift[4:0], alphabet[3:0], negative, any}. The place of the digit
 * is in the shift where all digits are taken at once. */
static unsigned entry_of(const asx_machine_plan *p, const asx_word *word, unsigned i, unsigned k)
{
    int32_t values[ASX_DIGIT_VALUES_MAX];
    if (i >= asx_machine_digits(p, word) || k >= asx_machine_digit_values(values, p, word, i) ||
        values[k] == 0)
        return 0;
    const bool negative = values[k] < 0;
    unsigned a = (unsigned)(negative ? -values[k] : values[k]), number = 0;
    unsigned shift = p->placement == ASX_PLACEMENT_VN ? asx_machine_digit_place(word, i) : 0;
    for (; a % 2 == 0; a /= 2)
        shift++;
    while (p->alphabet[number] != a)
        number++;
    return shift << 6 | number << 2 | (unsigned)negative << 1 | 1;
}

static void add_digits(asx_text *t, const asx_machine_plan *p)
{
    const char *comma = "";
    begin(t, "DIGIT_TABLE");
    for (size_t m = p->n_modes; m-- > 0;)
        for (unsigned i = (unsigned)n_digits(p); i-- > 0;)
            for (unsigned k = 1u << p->index_bits; k-- > 0; comma = ", ")
                asx_text_add(t, "%s11'd%u", comma, entry_of(p, &p->mode[m], i, k));
    end(t);
}

static unsigned offset_of(const asx_machine_plan *p, const asx_word *word, unsigned digit)
{
    unsigned at = 0;
    for (unsigned i = 0; i < digit; i++)
        at += asx_machine_index_bits(p, word, i);
    return at;
}

static unsigned place_of(const asx_machine_plan *p, const asx_word *word, unsigned digit)
{
    return p->placement == ASX_PLACEMENT_VN ? 0 : asx_machine_digit_place(word, digit);
}

/* A number of every digit of every mode. */
static void add_numbers(asx_text *t, const asx_machine_plan *p, const char *name, unsigned bits,
                        unsigned (*number)(const asx_machine_plan *, const asx_word *, unsigned))
{
    const char *comma = "";
    begin(t, name);
    for (size_t m = p->n_modes; m-- > 0;)
        for (unsigned i = (unsigned)n_digits(p); i-- > 0; comma = ", ") {
            const bool there = i < asx_machine_digits(p, &p->mode[m]);
            asx_text_add(t, "%s%u'd%u", comma, bits, there ? number(p, &p->mode[m], i) : 0);
        }
    end(t);
}

/* The accumulator's shift: one number a pass. */
static void add_places(asx_text *t, const asx_machine_plan *p)
{
    const char *comma = "";
    begin(t, "PLACES");
    for (size_t m = p->n_modes; m-- > 0;)
        for (unsigned i = p->passes; i-- > 0; comma = ", ") {
            const bool there = i < asx_machine_digits(p, &p->mode[m]);
            asx_text_add(t, "%s5'd%u", comma, there ? place_of(p, &p->mode[m], i) : 0);
        }
    end(t);
}

static void add_kinds(asx_text *t, const asx_machine_plan *p, bool plain)
{
    begin(t, plain ? "PLAIN" : "SIGNS");
    for (size_t m = p->n_modes; m-- > 0;) {
        const asx_word *word = &p->mode[m];
        const unsigned digits = asx_machine_digits(p, word);
        const unsigned sign = asx_word_is_plain(word) || word->digits == ASX_DIGITS_SIGNED
                                  ? 31
                                  : offset_of(p, word, digits);
        asx_text_add(t, "%s5'd%u", m + 1 == p->n_modes ? "" : ", ",
                     !plain        ? sign
                     : digits == 0 ? word->bits
                                   : 0);
    }
    end(t);
}

/* Where the numbers of a descriptor stand, and its kinds. */
static void add_fields(asx_text *t)
{
    asx_text_add(t, "\n// descriptors\n");
#define ASX_DEFINE(name, n) define(t, "F_" #name, ASX_FIELD_##name);
    ASX_FIELD_LIST(ASX_DEFINE)
#undef ASX_DEFINE
#define ASX_DEFINE(name) asx_text_add(t, "`define ASX_" #name " 4'd%d\n", ASX_MACHINE_##name);
    ASX_MACHINE_KIND_LIST(ASX_DEFINE)
#undef ASX_DEFINE
}

static void add_files(asx_text *t)
{
    asx_text_add(t, "`define ASX_DESCRIPTOR_FILE \"mem/descriptors.hex\"\n"
                    "`define ASX_WEIGHT_FILE \"mem/weights.hex\"\n"
                    "`define ASX_CONSTANT_FILE \"mem/constants.hex\"\n"
                    "`define ASX_NEAREST_FILE \"mem/nearest.hex\"\n"
                    "`endif\n");
}

static size_t log_of(size_t n)
{
    size_t log = 0;
    for (; n > 1; n /= 2)
        log++;
    return log;
}

void asx_machine_parameters(asx_text *text, const asx_machine_plan *plan)
{
    asx_text_add(text, "// made by asx rtl: the machine of one network in one design\n"
                       "`ifndef ASX_PARAMETERS\n`define ASX_PARAMETERS\n\n// the array\n");
    asx_text_add(text, "`define ASX_VN 2'd%d\n`define ASX_NEAR 2'd%d\n`define ASX_IN 2'd%d\n",
                 ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR, ASX_PLACEMENT_IN);
    asx_text_add(text, "`define ASX_PLACEMENT 2'd%d\n", (int)plan->placement);
    define(text, "ROWS", plan->rows);
    define(text, "COLUMNS", plan->columns);
    define(text, "SUM", plan->sum_bits);
    define(text, "INPUT", plan->input_bits);
    asx_text_add(text, "`define ASX_SIGNED 1'd%d\n", plan->input_low < 0);
    define(text, "TOTAL", plan->total_bits);
    define(text, "MULTIPLIER", plan->program->multiplier_bits);
    define(text, "SHIFT", plan->shift_max);
    define(text, "PRODUCT", plan->product_bits);
    define(text, "TREE", plan->tree_bits);
    define(text, "MULTIPLE", plan->multiple_bits);
    asx_text_add(text, "\n// memories, in words of their own\n");
    define(text, "BANKS", plan->banks);
    define(text, "LOG_BANKS", log_of(plan->banks));
    define(text, "VALUE_LINES", plan->program->size / plan->banks + 2);
    define(text, "WEIGHT_LINES", plan->weight_lines);
    define(text, "CONSTANTS", plan->constant_lines);
    define(text, "HAS_NEAREST", plan->n_nearest > 0);
    define(text, "NEAREST", 512 * (plan->n_nearest ? plan->n_nearest : 1));
    define(text, "STEPS", plan->n_descriptors);
    define(text, "FIELDS", ASX_N_FIELDS);
    define(text, "DRAIN", ASX_MACHINE_DRAIN);
    asx_text_add(text, "\n// codes of weights: the layers' words, the union of their alphabets\n");
    define(text, "MODES", plan->n_modes);
    define(text, "CODE", plan->code_bits);
    define(text, "DIGITS", plan->digits);
    define(text, "PASSES", plan->passes);
    define(text, "INDEX", plan->index_bits);
    define(text, "SHIFT_BITS", plan->shift_bits);
    define(text, "HAS_PLAIN", plan->has_plain);
    define(text, "HAS_PRODUCTS", plan->has_products);
    define(text, "ALPHABETS", plan->n_alphabets);
    begin(text, "ALPHABET");
    for (size_t i = plan->n_alphabets; i-- > 0;)
        asx_text_add(text, "8'd%u%s", plan->alphabet[i], i ? ", " : "");
    end(text);
    add_digits(text, plan);
    add_numbers(text, plan, "OFFSETS", 5, offset_of);
    add_numbers(text, plan, "WIDTHS", 4, asx_machine_index_bits);
    add_places(text, plan);
    add_kinds(text, plan, false);
    add_kinds(text, plan, true);
    add_fields(text);
    asx_text_add(text, "\n");
    add_files(text);
}
