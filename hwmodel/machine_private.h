/* Inside a machine: its sizes, one layer's job on it, and what a placement defines. */
#ifndef ASX_HWMODEL_MACHINE_PRIVATE_H
#define ASX_HWMODEL_MACHINE_PRIVATE_H

#include "floorplan.h"
#include "hwmodel/machine.h"
#include "lane.h"
#include "rates.h"
#include "unit.h"

/* Feature maps that are added or pooled are kept with more bits. */
enum { ASX_WIDE_BITS = 16 };

/* How words under alphabet sets are stored. */
typedef enum asx_coding {
    ASX_CODING_PLAIN,
    ASX_CODING_DIGITS, /* a code per digit: asx_word_code_bits */
    ASX_CODING_WORD    /* one code for all digits together, and the sign */
} asx_coding;

struct asx_machine {
    const asx_technology *technology; /* borrowed */
    asx_workload work;
    asx_params params;
    unsigned lanes, columns, depth; /* depth: lanes of a column */
    unsigned lanes_per_bank, stripe, hold;
    double weight_kb, activation_kb, sum_kb, subarray_kb;
    unsigned subarray_rows, subarray_columns, segment_rows, bus_bits;
    double bus_mm, off_chip_bits, cycle_ns;
    asx_coding coding;
    bool extrapolate, line_buffer;
    double buffer_kb;
    unsigned mapping; /* asx_mapping_choice; what follows is for all but the fixed one */
    double weight_buffer_kb, stream_kb, wire_factor;
    unsigned lanes_per_subarray, scale_bits;
    bool pipeline, power_gating, sum_memory, gate_zeros;
    asx_floorplan floorplan;
    asx_rates rate[ASX_N_PLACEMENTS];
    struct asx_plans *plans;
    asx_lane_style style;
    asx_lane_prices *prices; /* NULL: the technology gives components only */
};

/* One layer under one format: how often what happens per inference, or per step of it where it runs
 * several times, whatever the placement. */
typedef struct asx_job {
    const asx_layer *layer;
    asx_word weight, activation;
    double weight_bits; /* as stored, with a menu's tags */
    double tag_bits;    /* of these, a menu's tags */
    unsigned activation_bits;
    double n_macs, n_weights, n_inputs, n_outputs, n_pixels;
    double x_uses;      /* activations that enter the array: once per use by a tile */
    double x_reads;     /* activations read from their memory: as above, or once per tile */
    double bank_uses;   /* the same times the banks that each feeds */
    double column_uses; /* sums that columns add to: once per output and tile of the depth */
    double steps;       /* cycles of the array at one pass per product */
    asx_unit unit;      /* filled in by the placement */
    const asx_lane_price *price; /* of a lane, where the technology gives terms; else NULL */
    asx_lane_activity activity;  /* on bit-lines */
} asx_job;

/* What a placement adds to the common arithmetic. Energies go to the parts of `out`. */
typedef struct asx_placement_type {
    asx_placement placement;
    bool on_bitlines; /* products form in the memory, so lanes are no circuits of their own */
    /* operations in a row that a lane works with the same weight */
    unsigned (*hold)(const asx_machine *machine);
    void (*unit)(asx_unit *inout, const asx_machine *machine, const asx_job *job);
    void (*layer)(double *part, double *cycles, const asx_machine *machine, const asx_job *job,
                  const asx_price *energy);
    /* area or leakage of weight memory, sums and what else the placement alone has */
    void (*memory)(double *part, const asx_machine *machine, const asx_unit *unit,
                   double weight_bits, const asx_price *price);
    void (*assume)(asx_text *out, const asx_machine *machine);
} asx_placement_type;

extern const asx_placement_type asx_place_vn, asx_place_near, asx_place_in;
extern const asx_placement_type *const asx_placements[ASX_N_PLACEMENTS];

/** The operands that a layer's lanes see: the layer's own where they are known, rounded so that
 * layers that are alike share prices, else the machine's. */
asx_operands asx_machine_operands(const asx_machine *machine, const asx_layer *layer);

/** How often a stored word that does not fit crosses the chip's edge: a weight comes in, what was
 *  computed goes out before. */
unsigned asx_off_chip_ways(const asx_layer *layer);

/** Counts of one layer's job. */
void asx_job_init(asx_job *out, const asx_machine *machine, const asx_layer *layer,
                  const asx_format *format);

/** ASX_EINVAL where a layer cannot have a format: a menu beside a product of two values. */
ASX_NODISCARD asx_status asx_job_check(const asx_layer *layer, const asx_format *format,
                                       asx_error *err);

/** ASX_EINVAL for words beyond those that lanes were fitted to, unless that is asked for. */
ASX_NODISCARD asx_status asx_machine_check_reach(const asx_machine *machine, const asx_job *job,
                                                 asx_error *err);

/** Storage of a layer's weights. */
double asx_job_weight_bits(const asx_machine *machine, size_t layer, const asx_format *format);

/** What one layer in a format needs of the array.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL as asx_machine_layer_cost */
ASX_NODISCARD asx_status asx_machine_unit(asx_unit *out, const asx_machine *machine,
                                          asx_placement placement, size_t layer,
                                          const asx_format *format, asx_error *err);

/* Under `mapping: fixed` (cost_fixed.c); otherwise plan.h has the same. */

/** What the array needs for a layer in a format. */
void asx_fixed_unit(asx_unit *out, const asx_machine *machine, asx_placement placement,
                    size_t layer, const asx_format *format);

/** Cost without leakage of a layer of whose weights the share `off_chip` is fetched anew. */
ASX_NODISCARD asx_status asx_fixed_layer(asx_cost *out, const asx_machine *machine,
                                         asx_placement placement, size_t layer,
                                         const asx_format *format, double off_chip, asx_error *err);

/** Area or leakage of the machine for the union `all`, by part. */
void asx_fixed_whole(double *part, const asx_machine *machine, asx_placement placement,
                     const asx_unit *all, double weight_bits, const asx_price *price);

/** Leakage and area of what all layers share: an array that is `all`, memory for the weights. */
ASX_NODISCARD asx_status asx_machine_shared(double *leakage_nw, double *area_um2,
                                            const asx_machine *machine, asx_placement placement,
                                            const asx_unit *all, double weight_bits,
                                            asx_error *err);

/** Clears what asx_machine_shared does not read, so that units which make no difference to any
 * union become equal. */
void asx_machine_strip_unit(asx_unit *unit, const asx_machine *machine, asx_placement placement);

/** asx_machine_layer_cost with `off_chip` of the weights, 0 to 1, fetched for every inference. */
ASX_NODISCARD asx_status asx_machine_layer_off_chip(asx_cost *out, const asx_machine *machine,
                                                    asx_placement placement, size_t layer,
                                                    const asx_format *format, double off_chip,
                                                    asx_error *err);

/** Energy of fetching a bit of weights from off chip. */
ASX_NODISCARD asx_status asx_machine_off_chip_pj(double *out, const asx_machine *machine,
                                                 asx_error *err);

/* Traffic, priced as energy. */

/** `bits` through an on-chip memory of `kb` that is `width` bits wide. */
double asx_read_pj(double bits, double kb, double width, const asx_price *price);
double asx_write_pj(double bits, double kb, double width, const asx_price *price);

/** `bits` over the bus between memories and array. */
double asx_bus_pj(double bits, const asx_machine *machine, const asx_price *price);

/** Weight memory in whole sub-arrays: how many a design needs, at most what the machine has. */
double asx_subarrays(const asx_machine *machine, double weight_bits);

/** Weights that are latched into lanes: the register and the decoder, per load. */
void asx_add_latch(double *part, double count, const asx_unit *unit, const asx_price *price);

#endif
