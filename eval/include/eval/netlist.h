/* What Yosys counted of a machine in Verilog: stat/cells.txt of asx rtl's run-yosys. */
#ifndef ASX_EVAL_NETLIST_H
#define ASX_EVAL_NETLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_NETLIST_MODULES_MAX = 256, ASX_NETLIST_NAME_MAX = 160 };

/* One module without the modules that it holds. Variants by parameters are modules of their own. */
typedef struct asx_netlist_module {
    char name[ASX_NETLIST_NAME_MAX]; /* as in the file */
    char base[ASX_NETLIST_NAME_MAX]; /* asx_lane */
    double instances;                /* in the whole machine */
    double cells, flip_flops;
    double gates;    /* NAND2 equivalents of Yosys' own cells; see below */
    double area_um2; /* with a liberty file, else 0 */
    size_t parent;   /* a module that holds it; its own number: none does */
} asx_netlist_module;

typedef struct asx_netlist {
    asx_netlist_module module[ASX_NETLIST_MODULES_MAX];
    size_t n_modules;
    bool has_area;
} asx_netlist;

/**
 * Gates are areas over that of a two-input NAND in the Nangate 45 nm open cell library (X1 cells): NOT
 * 0.67, NAND, NOR 1, AND, OR, AOI21, OAI21 1.33, XOR, XNOR 2, MUX 2.33, any flip-flop 5.67 (an enable
 * adds a MUX).
 *
 * @param out   written on success
 * @param path  of the file
 * @return ASX_OK; ASX_EIO; ASX_EPARSE naming the line; ASX_EINVAL without a module asx_machine
 */
ASX_API ASX_NODISCARD asx_status asx_netlist_read(asx_netlist *out, const char *path,
                                                  asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
