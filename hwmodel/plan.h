/* Plans: the cheapest way to run a layer in a format on a machine, and what it costs.
 *
 * Of every dataflow that the array can do and every circuit that computes the words, the pair is
 * taken that the machine's `mapping` calls best: least energy (with the leakage of the circuit's
 * lanes and of a machine's memories over the layer's time), least time, or least product of both.
 * A format has one circuit, that which runs the network's largest layer best, so that arrays are not
 * built of many. A plan depends on one layer's format alone, so costs of layers add up and a mapping
 * is no gene of a design. Plans are worked out once and kept. */
#ifndef ASX_HWMODEL_PLAN_H
#define ASX_HWMODEL_PLAN_H

#include "circuit.h"
#include "dataflow.h"
#include "machine_private.h"

/* The machine's parameter `mapping`. */
typedef enum asx_mapping_choice {
    ASX_MAP_FIXED, /* one dataflow per placement: cost_fixed.c and place_*.c */
    ASX_MAP_ENERGY,
    ASX_MAP_LATENCY,
    ASX_MAP_ENERGY_DELAY
} asx_mapping_choice;

/* A circuit for the layer's words. Energies in pJ by part, of all passes together. */
typedef struct asx_plan_circuit {
    const char *name;
    bool serial; /* digit by digit on one digit's circuit */
    bool column; /* products are added in space, by `circuit`'s tree */
    asx_circuit circuit;
    asx_word weight; /* what the circuit is made for: an alphabet set's, or a plain word's */
    double mac[ASX_N_PARTS];  /* per multiply-accumulate */
    double tree[ASX_N_PARTS]; /* per product that a column's tree adds to another */
    double sum[ASX_N_PARTS];  /* per addition to a column's sum, its register apart */
    double bank[ASX_N_PARTS]; /* per activation that meets a bank */
    unsigned mantissa;        /* bits of the multiplier before `weight`'s shifters; 0: none */
    unsigned passes;
    double stages;  /* pipeline stages that the clock asks for, at least 1 */
    double leakage; /* of all lanes, pJ per cycle */
    bool gated;     /* where the activation is 0, `idle` of all operations, its operands stay */
    double idle, masked; /* masked: bits of a product that toggle behind the gate, per operation */
    double cut_bits;     /* flip-flops per lane and stage boundary */
} asx_plan_circuit;

typedef struct asx_plan {
    asx_dataflow flow;
    asx_flow_counts counts;
    asx_plan_circuit circuit;
    asx_cost cost;      /* weights on chip, no leakage; cycles and latency with `spill_bits` */
    double busy_cycles; /* without off-chip memory */
    double utilisation; /* multiply-accumulates per lane and cycle */
    double image_bits;  /* that come from outside */
    double spill_bits;  /* activations to and from off chip, and weights fetched again */
    double n_weights, x_written; /* of a step, as `counts` */
    double steps;
    double weight_bits;
    unsigned ways; /* of a weight that does not fit, off chip: in; of a product's, out and in */
    const asx_unit *unit; /* what the array needs for it */
} asx_plan;

typedef struct asx_plans asx_plans;

ASX_NODISCARD asx_status asx_plans_new(asx_plans **out, asx_error *err);
void asx_plans_free(asx_plans *plans);

/**
 * @param out  borrowed from the machine
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL as asx_machine_layer_cost. Thread-safe.
 * Cost: a look-up; the first time some hundred dataflows, about 50 us, and what new words cost.
 */
ASX_NODISCARD asx_status asx_plan_get(const asx_plan **out, const asx_machine *machine,
                                      asx_placement placement, size_t layer,
                                      const asx_format *format, asx_error *err);

/** Cost of a planned layer of whose weights the share `off_chip` is fetched anew. */
ASX_NODISCARD asx_status asx_plan_cost(asx_cost *out, const asx_plan *plan,
                                       const asx_machine *machine, double off_chip, asx_error *err);

/** Area or leakage of the machine for the union `all`, by part. */
void asx_plan_whole(double *part, const asx_machine *machine, asx_placement placement,
                    const asx_unit *all, double weight_bits, const asx_price *price);

/** Leakage of the lanes that work at once, in pJ per cycle. @param leakage  a price of leakage */
double asx_plan_lane_leakage(const asx_machine *machine, asx_placement placement,
                             const asx_unit *all, const asx_price *leakage);

/* Inside. */

enum { ASX_PLAN_CIRCUITS_MAX = 24 };

/** Circuits for a job's words, priced for weights that are held `hold` operations. */
ASX_NODISCARD asx_status asx_plan_circuits(asx_plan_circuit *out, size_t *n,
                                           const asx_machine *machine, asx_placement placement,
                                           const asx_job *job, double hold, asx_error *err);

/** Adds the columns for a word to a list; none where the technology or the machine has none. */
ASX_NODISCARD asx_status asx_plan_columns(asx_plan_circuit *list, size_t *n,
                                          const asx_machine *machine, asx_placement placement,
                                          const asx_job *job, const asx_word *weight, double hold,
                                          asx_error *err);

/** Adds a lane with a sum of its own, priced: `circuit` says what it is. */
ASX_NODISCARD asx_status asx_plan_lane(asx_plan_circuit *list, size_t *n, const asx_machine *m,
                                       asx_placement placement, const asx_job *job, double hold,
                                       asx_plan_circuit circuit, asx_error *err);

/** Adds the circuits that select a word's digits: lanes and columns. */
ASX_NODISCARD asx_status asx_plan_selections(asx_plan_circuit *list, size_t *n,
                                             const asx_machine *machine, asx_placement placement,
                                             const asx_job *job, const asx_word *set, double hold,
                                             asx_error *err);

/** Adds multipliers of mantissas with shifters behind them, where a job's words are of one wide digit
 * and the technology has terms. */
ASX_NODISCARD asx_status asx_plan_mantissas(asx_plan_circuit *list, size_t *n,
                                            const asx_machine *machine, asx_placement placement,
                                            const asx_job *job, double hold, asx_error *err);

/** The plain word of a multiplier of magnitudes of `bits` bits. */
asx_word asx_mantissa_word(unsigned bits);

/** What in-memory silicon needs of a quantity, as a multiple of gate level's figure. */
double asx_macro_factor(const asx_technology *technology, asx_quantity quantity);

/** What an array needs of a circuit, for a job's words. */
void asx_plan_unit_of(asx_unit *out, const asx_machine *machine, asx_placement placement,
                      const asx_job *job, const asx_plan_circuit *circuit);

/** Scaling, bias, ReLU of one output with a sum of so many bits, in pJ. */
double asx_scaling_price(unsigned sum_bits, const asx_machine *machine, const asx_price *price);

#endif
