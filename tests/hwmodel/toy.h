/* A toy technology with round figures, and one layer, for costs that a hand can compute. */
#ifndef ASX_TESTS_HWMODEL_TOY_H
#define ASX_TESTS_HWMODEL_TOY_H

#include <math.h>
#include <string.h>

#include "check.h"
#include "hwmodel/machine.h"

/*   energy, pJ:  add 1 / bit, multiply .01 x y, mux .1 / bit, gate .01, register .5 / bit,
 *                sram read .1 y sqrt(x), write twice that, bitline .001 / cell, wire 1 / bit mm,
 *                dram 20 / bit
 *   area, um2:   add 2, multiply x y, mux .2, gate .1, register 3, sram 1000 x + 10 y
 *   leakage, nW: the same numbers as the area */
static inline void toy_text(asx_text *out)
{
    static const double kb[] = {1, 4, 16, 64, 256, 1024}, bits[] = {16, 64, 128};
    asx_text_add(out, "component,quantity,x,y,value,unit,use,source\n"
                      "technology,node,,,45,nm,fit,toy\n"
                      "technology,voltage,,,1,V,fit,toy\n"
                      "add,energy,8,,8,pJ,fit,toy\n"
                      "mux,energy,1,,0.1,pJ,fit,toy\n"
                      "gate,energy,1,,10,fJ,fit,toy\n"
                      "register,energy,1,,0.5,pJ,fit,toy\n"
                      "bitline,energy,1,,0.001,pJ,fit,toy\n"
                      "wire,energy,1,,1,pJ,fit,toy\n"
                      "dram,energy,64,,1.28,nJ,fit,toy\n");
    for (int i = 0; i < 2; i++) {
        const char *q = i ? "leakage" : "area", *u = i ? "nW" : "um2";
        asx_text_add(out, "add,%s,8,,16,%s,fit,toy\nmux,%s,1,,0.2,%s,fit,toy\n", q, u, q, u);
        asx_text_add(out, "gate,%s,1,,0.1,%s,fit,toy\nregister,%s,1,,3,%s,fit,toy\n", q, u, q, u);
    }
    for (int x = 2; x <= 16; x *= 2) {
        asx_text_add(out, "multiply,energy,%d,%d,%.17g,pJ,fit,toy\n", x, x, .01 * x * x);
        asx_text_add(out, "multiply,area,%d,%d,%d,um2,fit,toy\n", x, x, x * x);
        asx_text_add(out, "multiply,leakage,%d,%d,%d,nW,fit,toy\n", x, x, x * x);
    }
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 3; j++) {
            double e = .1 * bits[j] * sqrt(kb[i]), a = 1000 * kb[i] + 10 * bits[j];
            asx_text_add(out, "sram,energy,%g,%g,%.17g,pJ,fit,toy\n", kb[i], bits[j], e);
            asx_text_add(out, "sram,write,%g,%g,%.17g,pJ,fit,toy\n", kb[i], bits[j], 2 * e);
            asx_text_add(out, "sram,area,%g,%g,%.17g,um2,fit,toy\n", kb[i], bits[j], a);
            asx_text_add(out, "sram,leakage,%g,%g,%.17g,nW,fit,toy\n", kb[i], bits[j], a);
        }
}

static inline asx_technology *toy_technology(void)
{
    asx_error err;
    asx_text text = {0};
    asx_technology *tech = NULL;
    toy_text(&text);
    CHECK_OK(asx_technology_parse(&tech, "toy", text.s, text.n, &err), err);
    asx_text_fini(&text);
    return tech;
}

/* A convolution with "same" padding. */
static inline void add_conv(asx_workload *work, const char *name, size_t in_c, size_t size,
                            size_t out_c, size_t stride, size_t kernel)
{
    asx_error err;
    asx_layer layer = {.name = (char *)(uintptr_t)name,
                       .kind = ASX_LAYER_CONV,
                       .in_c = in_c,
                       .in_h = size,
                       .in_w = size,
                       .out_c = out_c,
                       .out_h = size / stride,
                       .out_w = size / stride,
                       .kernel_h = kernel,
                       .kernel_w = kernel,
                       .stride_h = stride,
                       .stride_w = stride,
                       .groups = 1};
    CHECK_OK(asx_workload_add(work, &layer, &err), err);
}

/* He et al. 2016, CIFAR-10, option A shortcuts: 40.6 million MACs. */
static inline void add_resnet20(asx_workload *work)
{
    asx_error err;
    char name[8];
    CHECK_OK(asx_workload_init(work, "resnet20", &err), err);
    add_conv(work, "conv1", 3, 32, 16, 1, 3);
    for (size_t stage = 0; stage < 3; stage++)
        for (size_t i = 0; i < 6; i++) {
            bool first = stage > 0 && i == 0;
            size_t c = (size_t)16 << stage, size = (size_t)32 >> stage;
            snprintf(name, sizeof name, "l%zu.%zu", stage, i);
            add_conv(work, name, first ? c / 2 : c, first ? 2 * size : size, c, first ? 2 : 1, 3);
        }
    add_conv(work, "fc", 64, 1, 10, 1, 1);
}

/* "name=value" pairs over the defaults, and over the mapping that placements have of their own. */
static inline asx_params params_of(const char *const *set)
{
    asx_error err;
    asx_params params;
    asx_params_init(&params, asx_machine_params);
    CHECK_OK(asx_params_set(&params, "mapping", "fixed", &err), err);
    for (; set && set[0]; set += 2)
        CHECK_OK(asx_params_set(&params, set[0], set[1], &err), err);
    return params;
}

static inline asx_cost cost_of(const asx_machine *machine, const asx_workload *work,
                               const char *text, asx_cost *layer)
{
    asx_error err;
    asx_design design;
    asx_cost cost;
    CHECK_OK(asx_design_parse(&design, text, work, &err), err);
    CHECK_OK(asx_machine_cost(&cost, layer, machine, &design, &err), err);
    asx_design_fini(&design);
    return cost;
}

#endif
