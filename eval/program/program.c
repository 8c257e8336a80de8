#include "eval/program.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "program_parts.h"

static const char *const TEXTS[] = {
#define ASX_TEXT(name, text) text,
    ASX_STEP_LIST(ASX_TEXT)
#undef ASX_TEXT
};

const char *asx_step_text(asx_step_kind kind)
{
    return TEXTS[kind];
}

static void set_values(asx_program *p, const asx_network *net)
{
    for (size_t v = 0; v < net->n_values; v++) {
        const asx_value *from = &net->value[v];
        asx_program_value *to = &p->value[v];
        *to = (asx_program_value){.name = from->name,
                                  .rank = from->rank,
                                  .n = asx_value_n_elements(from),
                                  .scale = p->parts->engine.scale[v],
                                  .limit = (int32_t)p->parts->engine.limit[v],
                                  .place = ASX_PROGRAM_NOWHERE};
        for (size_t i = 0; i < ASX_PROGRAM_RANK; i++)
            to->dim[i] = from->dim[i];
        p->parts->alias[v] = v;
    }
    p->n_values = net->n_values;
    p->input = net->input;
    p->output = net->output;
    p->multiplier_bits = p->parts->engine.multiplier_bits;
}

static asx_status allocate(asx_program *p, const asx_network *net, asx_error *err)
{
    p->parts = asx_array_new(1, sizeof *p->parts);
    p->step = asx_array_new(net->n_nodes, sizeof *p->step);
    p->value = asx_array_new(net->n_values, sizeof *p->value);
    if (p->parts) {
        p->parts->step = asx_array_new(net->n_nodes, sizeof *p->parts->step);
        p->parts->alias = asx_array_new(net->n_values, sizeof *p->parts->alias);
    }
    if (!p->parts || !p->step || !p->value || !p->parts->step || !p->parts->alias)
        return asx_fail(err, ASX_ENOMEM, "no memory for a program of %zu nodes", net->n_nodes);
    return ASX_OK;
}

asx_status asx_program_new(asx_program **out, asx_calibration *calibration,
                           const asx_design *design, asx_error *err)
{
    const asx_network *net = asx_calibration_network(calibration);
    asx_program *p = asx_array_new(1, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for a program");
    asx_status status = allocate(p, net, err);
    if (status == ASX_OK) {
        p->parts->calibration = calibration;
        status = asx_integer_init(&p->parts->engine, calibration, design, err);
        p->parts->has_engine = status == ASX_OK;
    }
    if (status == ASX_OK)
        set_values(p, net);
    for (size_t i = 0; status == ASX_OK && i < net->n_nodes; i++)
        status = asx_program_add_step(p, &net->node[i], err);
    if (status == ASX_OK)
        status = asx_program_place(p, err);
    if (status != ASX_OK) {
        asx_program_free(p);
        return status;
    }
    *out = p;
    return ASX_OK;
}

void asx_program_free(asx_program *program)
{
    if (!program)
        return;
    asx_program_parts *parts = program->parts;
    for (size_t i = 0; parts && parts->step && i < program->n_steps; i++) {
        asx_step_parts *s = &parts->step[i];
        free(s->weight);
        free(s->weight_scale);
        free(s->bias);
        free(s->factor);
        free(s->move);
    }
    if (parts && parts->has_engine)
        asx_integer_fini(&parts->engine);
    if (parts) {
        free(parts->step);
        free(parts->alias);
    }
    free(parts);
    free(program->step);
    free(program->value);
    free(program);
}
