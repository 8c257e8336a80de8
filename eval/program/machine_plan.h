/* A program as the descriptors of the Verilog machine, and what the machine must be able to. Private. */
#ifndef ASX_EVAL_MACHINE_PLAN_H
#define ASX_EVAL_MACHINE_PLAN_H

#include "eval/emit.h"
#include "eval/program.h"

/* Nested loops of a descriptor, innermost first. The first four are what one output needs. */
enum {
    ASX_LOOP_PASS,   /* digits of a weight, one after the other */
    ASX_LOOP_CHUNK,  /* of channels, as many as the array has rows; of a pair of values: which */
    ASX_LOOP_ACROSS, /* the window */
    ASX_LOOP_DOWN,
    ASX_LOOP_TILE, /* of output channels, as many as the array has columns; vectors of values */
    ASX_LOOP_COLUMN,
    ASX_LOOP_ROW,
    ASX_LOOP_GROUP,
    ASX_LOOPS
};

/* What steps through the loops: addresses, and the place under the tap. */
typedef enum asx_walk {
    ASX_WALK_READ,
    ASX_WALK_WRITE,
    ASX_WALK_Y,
    ASX_WALK_X,
    ASX_WALK_WEIGHT,
    ASX_WALK_CONSTANT,
    ASX_N_WALKS
} asx_walk;

typedef struct asx_nest {
    size_t size[ASX_LOOPS];
    int64_t base[ASX_N_WALKS], stride[ASX_N_WALKS][ASX_LOOPS];
} asx_nest;

/* Numbers of a descriptor: rtl/asx_parameters.vh has them under the same names. */
#define ASX_FIELD_LIST(F)                                                                          \
    F(KIND, 1)                                                                                     \
    F(SIZE, ASX_LOOPS)     /* turns of a loop - 1 */                                               \
    F(READ, 1 + ASX_LOOPS) /* base; what is added when loop i turns */                             \
    F(WRITE, 1 + ASX_LOOPS)                                                                        \
    F(Y, 1 + ASX_LOOPS)                                                                            \
    F(X, 1 + ASX_LOOPS)                                                                            \
    F(WEIGHT, 1 + ASX_LOOPS)                                                                       \
    F(CONSTANT, 1 + ASX_LOOPS)                                                                     \
    F(Y_END, 1)                                                                                    \
    F(X_END, 1)                                                                                    \
    F(Y_COUNT, 1) /* taps before these count for a mean, too */                                    \
    F(X_COUNT, 1)                                                                                  \
    F(SPREAD, 1) /* element i of a vector stands at x + i */                                       \
    F(FULL, 1)   /* elements that are written; LAST: by the last tile */                           \
    F(LAST, 1)                                                                                     \
    F(FILL, 1) /* what stands outside the map */                                                   \
    F(LOW, 1)                                                                                      \
    F(HIGH, 1)                                                                                     \
    F(FACTOR, 1) /* of inputs: {shift 6, multiplier 24} */                                         \
    F(WORD_LOW, 1)                                                                                 \
    F(WORD_HIGH, 1)                                                                                \
    F(NEAREST, 1) /* first entry of the set's table, or -1 */                                      \
    F(MODE, 1)                                                                                     \
    F(REST, 2) /* to whole lines of eight */
/* ASX_FIELD_X is the first number of X. */
typedef enum asx_field {
#define ASX_ENUM(name, n) ASX_FIELD_##name, ASX_FIELD_LAST_OF_##name = ASX_FIELD_##name + (n)-1,
    ASX_FIELD_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_FIELDS
} asx_field;
_Static_assert(ASX_N_FIELDS % 8 == 0, "descriptors are whole lines");

/* of ASX_FIELD_KIND; likewise in the parameters. What moves or cuts is the largest of one value. */
#define ASX_MACHINE_KIND_LIST(X) X(LAYER) X(MAX) X(MIN) X(ADD) X(SUB) X(MEAN) X(FILL) X(MUL)

enum {
#define ASX_ENUM(name) ASX_MACHINE_##name,
    ASX_MACHINE_KIND_LIST(ASX_ENUM)
#undef ASX_ENUM
};

enum { ASX_MACHINE_MODES_MAX = 16, ASX_MACHINE_ALPHABETS_MAX = 16 };

/* How a layer lies in the array. */
typedef struct asx_layer_shape {
    size_t side;    /* groups side by side, each with rows and columns of its own */
    size_t taps;    /* kernel positions of a row taken end to end */
    size_t depth;   /* input channels of those groups */
    size_t outputs; /* output channels of them */
    size_t chunks, across, down, tiles, groups; /* turns of the loops */
    bool flat; /* a dense layer of all elements, in the order of the memory */
} asx_layer_shape;

typedef struct asx_descriptor {
    int32_t field[ASX_N_FIELDS];
    size_t step;   /* of the program */
    bool last;     /* of that step: its output is complete */
    size_t cycles; /* of the loops */
    asx_layer_shape shape;
} asx_descriptor;

typedef struct asx_machine_plan {
    const asx_program *program; /* borrowed */
    asx_placement placement;
    size_t rows, columns;
    size_t banks;  /* of the memory of values, a power of two */
    size_t *plane; /* per value: elements of a channel if channels lie together in memory, or 1 */
    asx_descriptor *descriptor;
    size_t n_descriptors, capacity;
    asx_word mode[ASX_MACHINE_MODES_MAX];    /* the weights' words that occur */
    asx_word nearest[ASX_MACHINE_MODES_MAX]; /* the inputs' words with alphabets */
    size_t n_modes, n_nearest;
    unsigned alphabet[ASX_MACHINE_ALPHABETS_MAX]; /* of all weights, ascending */
    size_t n_alphabets;
    bool has_plain;                /* exact multipliers beside */
    bool has_products;             /* of two values */
    unsigned digits;               /* of a weight that a lane takes at once */
    unsigned passes;               /* most of a weight */
    int32_t input_low, input_high; /* all layers' input words lie between */
    unsigned largest_digit; /* of weights, or words where a lane takes them whole: magnitude */
    unsigned input_bits, multiple_bits, code_bits, index_bits, product_bits, tree_bits, sum_bits;
    unsigned shift_bits; /* of a lane's shift */
    unsigned total_bits; /* of what is scaled: sums, or what becomes of a window or a pair */
    unsigned shift_max;  /* of all factors */
    size_t weight_lines, constant_lines;
    size_t cycles; /* of an image */
} asx_machine_plan;

/**
 * @param program  borrowed for the life of `*out`
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming the step that the machine cannot run, and why
 */
ASX_NODISCARD asx_status asx_machine_plan_init(asx_machine_plan *out, const asx_program *program,
                                               asx_placement placement, size_t rows, size_t columns,
                                               asx_error *err);
void asx_machine_plan_fini(asx_machine_plan *plan);

/** What every descriptor takes beside its loops: its fields, eight a cycle and one for the last of them, a
 *  cycle to begin, four until what was issued last is written, and one to end. */
enum {
    ASX_MACHINE_DRAIN = 4,
    ASX_MACHINE_OVERHEAD = ASX_N_FIELDS / 8 + 1 + 1 + ASX_MACHINE_DRAIN + 1
};

/** Adds the descriptor of a layer, and its lines of weights and constants.
 *  @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming the layer, and why */
ASX_NODISCARD asx_status asx_machine_add_layer(asx_machine_plan *plan, size_t step, asx_error *err);

/** Appends a descriptor of a step; bounds, no nest yet. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_machine_add(asx_descriptor **out, asx_machine_plan *plan, size_t step,
                                         int32_t kind, asx_error *err);

/** Loops that turn once, walks that stand still. */
void asx_nest_clear(asx_nest *nest);
/** Writes the loops and walks into a descriptor, and counts its cycles. */
void asx_nest_put(asx_descriptor *d, const asx_nest *nest);

/** Raises a number of bits to what is needed. */
static inline void asx_machine_raise(unsigned *most, unsigned bits)
{
    *most = bits > *most ? bits : *most;
}

/** How wide the array's signals must be, once all layers are known. */
void asx_machine_set_widths(asx_machine_plan *plan);

/** Adds a layer's word, alphabets and sums to what the machine must be able to.
 *  @param mode, nearest their numbers; nearest -1: none */
ASX_NODISCARD asx_status asx_machine_take_words(asx_machine_plan *plan, const asx_step *step,
                                                int32_t *mode, int32_t *nearest, asx_error *err);

/* A word as the machine's lanes take it: in digits; plain words in memory bit by bit; none of a plain
 * word that is multiplied. */
unsigned asx_machine_digits(const asx_machine_plan *plan, const asx_word *word);
/** Passes that a product takes: one where all digits are taken at once. */
unsigned asx_machine_passes(const asx_machine_plan *plan, const asx_word *word);
/** @param values  room for 257, by index @return how many */
size_t asx_machine_digit_values(int32_t *values, const asx_machine_plan *plan, const asx_word *word,
                                unsigned digit);
/** Bits of the index of a digit: ceil(log2 of how many values it has). */
unsigned asx_machine_index_bits(const asx_machine_plan *plan, const asx_word *word, unsigned digit);
/** Bits that a digit's lowest one is worth: its place. */
unsigned asx_machine_digit_place(const asx_word *word, unsigned digit);

#endif
