/* A technology: what components of an accelerator cost in one process, as a CSV table whose every
 * row names its source; the models fitted to it, and how far they are off.
 *
 *   component,quantity,x,y,value,unit,use,source
 *
 * component  quantities              x                y
 * technology node, voltage           -                -       (source of `node`: one-line summary)
 * add        energy area leakage     bits             -
 * multiply   energy area leakage     bits of one      bits of the other operand
 * mux        energy area leakage     2:1 bits         -
 * gate       energy area leakage     gates            -
 * register   energy area leakage     bits             -
 * clock      energy                  flip-flops       -       (clocked, its value stays)
 * toggle     energy                  flip-flops       -       (what a change of value adds)
 * sram       energy write area leakage access  capacity, kB  width, bits
 * bitline    energy                  cells            -
 * wire       energy                  bit mm           -
 * dram       energy                  bits             -
 * macro      energy area access      gate level's     -       (in-memory silicon)
 * FAMILY.MAPPING  weight_bits activation_bits  lowest  -   (the words it was fitted to, to `value`)
 * FAMILY.MAPPING/TERM  energy settled area leakage delay  -  -   (a coefficient, hwmodel/terms.h)
 *
 * Units: energy and write in fJ, pJ, nJ per operation or access; area in um2, mm2; leakage in nW,
 * uW, mW; access in ns, ps; coefficients in pJ, um2, nW, ps.
 *
 * use: "fit" for rows the models are made from; "scaled" for the same brought here from another
 * node; "check" for rows they are only compared with; "left-out" for how far a component or a
 * FAMILY.MAPPING was off, in %, when it predicted rows that it was not fitted to: `value` on
 * average and `y` at worst over `x` rows.
 *
 * Where terms are given, multiply-accumulate units are priced by them; else from the components.
 */
#ifndef ASX_HWMODEL_TECHNOLOGY_H
#define ASX_HWMODEL_TECHNOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_technology asx_technology;

/* One row of the table, and what the model says there. */
typedef struct asx_technology_row {
    const char *component, *quantity, *unit, *source; /* borrowed from the technology */
    const char *use;
    size_t line;
    bool fitted;  /* the model was made from this row */
    double x, y;  /* 0 where the component has none */
    double value; /* in `unit`: pJ, um2, nW, ns, ps, nm, V or % */
    double model; /* in the same unit; NAN outside the range of the fitted rows, and where the row
                     is itself the model (a term) or about it (left-out) */
} asx_technology_row;

/**
 * Loads a technology that comes with the program, or a file.
 *
 * @param name_or_path  a name of asx_technology_embedded, else a path (with a '/' or ".csv")
 * @return ASX_OK; ASX_ENOTFOUND lists the names; ASX_EIO; what asx_technology_parse says
 */
ASX_API ASX_NODISCARD asx_status asx_technology_load(asx_technology **out, const char *name_or_path,
                                                     asx_error *err);

/**
 * The same from memory, copied.
 *
 * @param name  the technology's name, also stands for the file in messages
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE for a malformed table, an unknown component, quantity or
 *         unit, a value that is not a number; ASX_EINVAL for one out of range, a duplicate row, a
 *         component without enough rows, a hole (neighbouring rows more than a factor of 8 apart),
 *         a fit that is not positive or falls with size; each with `file:line:`
 * Models: least squares of the relative error (GSL), see hwmodel/component.c.
 */
ASX_API ASX_NODISCARD asx_status asx_technology_parse(asx_technology **out, const char *name,
                                                      const char *text, size_t n, asx_error *err);
ASX_API void asx_technology_free(asx_technology *technology);

/** Names of the technologies that come with the program; NULL from the last on. */
ASX_API const char *asx_technology_embedded(size_t index);

ASX_API const char *asx_technology_name(const asx_technology *technology);
ASX_API const char *asx_technology_summary(const asx_technology *technology);
ASX_API double asx_technology_node_nm(const asx_technology *technology);
ASX_API double asx_technology_voltage(const asx_technology *technology);

/** Whether any row was scaled from another node: costs are then coarser. */
ASX_API bool asx_technology_is_scaled(const asx_technology *technology);

/** The table as it was read, for the record; borrowed. */
ASX_API const char *asx_technology_text(const asx_technology *technology, size_t *n);

ASX_API size_t asx_technology_n_rows(const asx_technology *technology);
ASX_API asx_technology_row asx_technology_row_at(const asx_technology *technology, size_t index);

/**
 * Appends the model's errors: per component and quantity a line with mean and worst relative error
 * over the fitted rows and over the check rows, then a line per check row.
 */
ASX_API void asx_technology_print_errors(asx_text *out, const asx_technology *technology);

#ifdef __cplusplus
}
#endif

#endif
