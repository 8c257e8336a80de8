/* Bespoke classifiers as circuits: gates, cells of a library, area, power and delay. */
#ifndef ASX_HWMODEL_BESPOKE_H
#define ASX_HWMODEL_BESPOKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/bespoke.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first seven are in every library; a full adder, a multiplexer (C ? B : A) and a flip-flop may be. */
#define ASX_CELL_LIST(X)                                                                           \
    X(ASX_CELL_INV, "INV")                                                                         \
    X(ASX_CELL_NAND2, "NAND2")                                                                     \
    X(ASX_CELL_NOR2, "NOR2")                                                                       \
    X(ASX_CELL_AND2, "AND2")                                                                       \
    X(ASX_CELL_OR2, "OR2")                                                                         \
    X(ASX_CELL_XOR2, "XOR2")                                                                       \
    X(ASX_CELL_XNOR2, "XNOR2")                                                                     \
    X(ASX_CELL_FA, "FA")                                                                           \
    X(ASX_CELL_MUX2, "MUX2")                                                                       \
    X(ASX_CELL_DFF, "DFF")

typedef enum asx_cell {
#define ASX_ENUM(name, text) name,
    ASX_CELL_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_CELLS
} asx_cell;

#define ASX_CELLS_ALWAYS ASX_CELL_FA

/** "NAND2". */
ASX_API const char *asx_cell_text(asx_cell cell);

/* A library of cells: a CSV table cell,quantity,value,unit,use,source with a row for each cell and quantity: area (um2, mm2),
 * leakage (nW, uW), delay (us, ms, ns, ps), toggle (fJ, pJ, nJ), what a change of an output takes; of DFF also setup (as delay;
 * 0 if it is not said) and clock (as toggle), what a period takes; of cell 'library' node-free facts: voltage (V). Instead of
 * toggles a library may have its static_share (%): how much of all power is leakage. Rows for use 'check' are for comparison
 * only. */
typedef struct asx_cell_library asx_cell_library;

/** @param name_or_path  one of asx_cell_library_embedded, or the path of a file @return ASX_OK; ASX_ENOTFOUND with those there
 *  are, ASX_EIO, ASX_EPARSE, ASX_EINVAL with `file:line:`; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_cell_library_load(asx_cell_library **out,
                                                       const char *name_or_path, asx_error *err);
ASX_API void asx_cell_library_free(asx_cell_library *library);

/** Names of those that come with the program; NULL from the last on. */
ASX_API const char *asx_cell_library_embedded(size_t index);
ASX_API const char *asx_cell_library_name(const asx_cell_library *library);
ASX_API const char *asx_cell_library_summary(const asx_cell_library *library);
ASX_API double asx_cell_library_voltage(const asx_cell_library *library);
/** Whether what switches is priced, by toggles and rate; if not, power is leakage over its share. */
ASX_API bool asx_cell_library_switches(const asx_cell_library *library);
ASX_API bool asx_cell_library_has(const asx_cell_library *library, asx_cell cell);

/** 0 of a cell that the library does not have. */
ASX_API double asx_cell_area_mm2(const asx_cell_library *library, asx_cell cell);
ASX_API double asx_cell_leakage_mw(const asx_cell_library *library, asx_cell cell);
ASX_API double asx_cell_delay_ms(const asx_cell_library *library, asx_cell cell);
ASX_API double asx_cell_toggle_mj(const asx_cell_library *library, asx_cell cell);

/* How the sums of a layer are built: {enumerator, name, what it is}. A graph is for matrices no larger than 128 x 128 of 8
 * bits (hwmodel/adders.h). */
#define ASX_BESPOKE_SHARING_LIST(X)                                                                \
    X(ASX_BESPOKE_SMALLER, "smaller", "per layer what has less area")                              \
    X(ASX_BESPOKE_COLUMNS, "columns", "every neuron on its own, by columns of bits")               \
    X(ASX_BESPOKE_SHARED, "shared", "an adder graph for the layer's matrix")

typedef enum asx_bespoke_sharing {
#define ASX_ENUM(name, text, help) name,
    ASX_BESPOKE_SHARING_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_BESPOKE_SHARINGS
} asx_bespoke_sharing;

/* Of which cells carries of full adders are. */
typedef enum asx_bespoke_carry {
    ASX_BESPOKE_NAND, /* three NAND beside the two XOR of the sum, or what is cheaper: the smallest */
    ASX_BESPOKE_AND_OR /* two AND and an OR, as published netlists of the EGT library have most of them */
} asx_bespoke_carry;

/* Where registers are, beside a number of adders in a row that are between two. */
enum {
    ASX_BESPOKE_UNPIPED = 0,
    ASX_BESPOKE_PIPED_MAX = 1000,
    ASX_BESPOKE_PIPED_LAYERS = ASX_BESPOKE_PIPED_MAX + 1 /* behind the activations of each layer */
};

enum { ASX_BESPOKE_RATE_HZ = 1000000 };

/* Zeros: the smaller way for each layer, NAND carries, one attempt at adder graphs, no registers. */
typedef struct asx_bespoke_build {
    asx_bespoke_sharing sharing;
    asx_bespoke_carry carry;
    unsigned
        pipeline; /* ASX_BESPOKE_UNPIPED, _PIPED_LAYERS, or adders in a row, by the delay of one */
    double rate_hz; /* rows a second, where what switches is priced; 0: ASX_BESPOKE_RATE_HZ */
    size_t effort;  /* of adder graphs, see asx_adder_options */
    bool (*stop)(void *state); /* polled often; may be NULL */
    void *stop_state;
} asx_bespoke_build;

/**
 * How people say it: sums by name, carries of AND and OR as published netlists have them, which have no shared adders.
 * @param sharing  NULL: the smaller, or columns as published
 * @return ASX_OK; ASX_ENOTFOUND for another name; ASX_EINVAL for adders that are shared in a circuit as published
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_build_of(asx_bespoke_build *out, const char *sharing,
                                                      bool as_published, asx_error *err);

ASX_API const char *asx_bespoke_sharing_text(asx_bespoke_sharing sharing);

/** "none", "layers" or a number of adders. @return ASX_OK; ASX_EINVAL with what is allowed */
ASX_API ASX_NODISCARD asx_status asx_bespoke_pipeline_parse(unsigned *out, const char *text,
                                                            asx_error *err);

/** As it is parsed. */
ASX_API void asx_bespoke_pipeline_print(asx_text *text, unsigned pipeline);

/* A part of the circuit: layers' sums and activations, then argmax. */
typedef struct asx_bespoke_part {
    size_t full_adders, half_adders; /* half: also those with a constant */
    size_t compared,
        chosen; /* bits of comparisons, and of choices of the winner's value and index */
    size_t cell[ASX_N_CELLS];
    bool shared; /* its sums are those of an adder graph */
} asx_bespoke_part;

typedef struct asx_bespoke_price {
    size_t n_parts;
    asx_bespoke_part
        part[2 * ASX_BESPOKE_LAYERS_MAX + 1]; /* sums and activation of each layer, argmax */
    size_t cell[ASX_N_CELLS];                 /* in all */
    double area_cm2, leakage_mw;
    double
        power_mw; /* leakage over its share of all power in published reports, or with what switches at the rate */
    double
        delay_ms; /* of the longest path, by cell delays under typical loads; with registers from row to class */
    double rate_hz; /* rows a second that power is for; 0: it does not depend on it */
    double
        toggles; /* changes of a net a row, on average, of rows drawn evenly, hazards with them */
    double period_ms; /* between rows, at least: the longest path, or that between registers */
    size_t
        latency; /* periods from a row to its class, beside the first: registers one after the other */
} asx_bespoke_price;

/** Whether rows can come as fast as the rate that power is for. */
ASX_API bool asx_bespoke_keeps_rate(const asx_bespoke_price *price);

typedef struct asx_bespoke_circuit asx_bespoke_circuit;

/**
 * The gates of a network: sums column by column, without what is constant, there twice or of no use; a negative copy is its
 * inverted bits and a constant, which joins the bias.
 *
 * @param out      owned by the caller, asx_bespoke_circuit_free
 * @param library  decides between ways to build the same; borrowed for as long as the circuit lives
 * @return ASX_OK; what asx_bespoke_check says; ASX_EINVAL for registers of a library that has no flip-flop; ASX_EINTERRUPTED
 *         where `stop` said so; ASX_ENOMEM
 * Cost: a millisecond for some hundred products; with sharing that of the adder graphs on top.
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_circuit_new(asx_bespoke_circuit **out,
                                                         const asx_bespoke *network,
                                                         const asx_cell_library *library,
                                                         const asx_bespoke_build *how,
                                                         asx_error *err);
ASX_API void asx_bespoke_circuit_free(asx_bespoke_circuit *circuit);

/** Its cells and what they cost in the library that it was built for. */
ASX_API asx_bespoke_price asx_bespoke_circuit_price(const asx_bespoke_circuit *circuit);

/**
 * Simulates the cells, 64 rows at a time; with registers a row a period, one after the other.
 * @param label  [n] @param row  [n][inputs of the network] @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_circuit_run(uint32_t *label,
                                                         const asx_bespoke_circuit *circuit,
                                                         const uint32_t *row, size_t n,
                                                         asx_error *err);

/* Rows for a testbench: [n][inputs of the network]. */
typedef struct asx_bespoke_rtl_rows {
    size_t n;
    const uint32_t *value;
} asx_bespoke_rtl_rows;

/**
 * Writes a network and its circuit as Verilog-2005: what it computes, the cells that are priced, with their registers, a testbench
 * with rows and the answers of asx_bespoke_run, scripts that simulate and synthesise. hwmodel/bespoke/rtl/README.md tells more.
 *
 * @param path     a folder, which is made; of one that is there files of the same names are replaced
 * @param circuit  of the same network
 * @return ASX_OK; ASX_EIO: no file was changed; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_rtl_write(const char *path, const asx_bespoke *network,
                                                       const asx_bespoke_circuit *circuit,
                                                       const asx_bespoke_rtl_rows *rows,
                                                       asx_error *err);

/* What a printed circuit may run from. */
typedef struct asx_power_source {
    char *name; /* says so where no source that states the power was seen, and papers repeat it */
    double power_mw;
} asx_power_source;

/** The sources that come with the program, the strongest first. @param out  [*n], asx_power_sources_free
 *  @return ASX_OK; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_power_sources_load(asx_power_source **out, size_t *n,
                                                        asx_error *err);
ASX_API void asx_power_sources_free(asx_power_source *sources, size_t n);

#ifdef __cplusplus
}
#endif

#endif
