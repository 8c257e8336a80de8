/* What the testbench knows of a machine's steps, and what people and programs are told of it. */
#include "emit_name.h"
#include "machine_text.h"

static const asx_program_value *output_of(const asx_machine_plan *p, size_t descriptor)
{
    return &p->program->value[p->program->step[p->descriptor[descriptor].step].output];
}

void asx_machine_bench_sizes(asx_text *text, const asx_machine_plan *plan, size_t n_images)
{
    const asx_program_value *in = &plan->program->value[plan->program->input];
    size_t n = 0;
    for (size_t i = 0; i < plan->program->n_steps; i++)
        n += plan->program->value[plan->program->step[i].output].n;
    asx_text_add(text,
                 "`define ASX_IMAGES %zu\n`define ASX_IMAGE_SIZE %zu\n`define ASX_IMAGE_PLACE %td\n"
                 "`define ASX_EXPECTED %zu\n`define ASX_CYCLES %zu\n",
                 n_images, in->n, in->place, n, plan->cycles);
}

static void begin_function(asx_text *t, const char *name)
{
    asx_text_add(t, "    function integer %s(input [31:0] step);\n        case (step)\n", name);
}

static void end_function(asx_text *t, const char *name)
{
    asx_text_add(t, "        default: %s = 0;\n        endcase\n    endfunction\n", name);
}

/* A number of every descriptor, or of those that complete a step. */
static void add_function(asx_text *t, const asx_machine_plan *p, const char *name, bool all,
                         size_t (*number)(const asx_machine_plan *, size_t))
{
    begin_function(t, name);
    for (size_t i = 0; i < p->n_descriptors; i++)
        if (all || p->descriptor[i].last)
            asx_text_add(t, "        %zu: %s = %zu;\n", i, name, number(p, i));
    end_function(t, name);
}

static size_t size(const asx_machine_plan *p, size_t i)
{
    return output_of(p, i)->n;
}

static size_t place(const asx_machine_plan *p, size_t i)
{
    return (size_t)output_of(p, i)->place;
}

/* Of the memory's order: channels that lie side by side, or 1. */
static size_t channels(const asx_machine_plan *p, size_t i)
{
    const size_t plane = p->plane[p->program->step[p->descriptor[i].step].output];
    return plane > 1 ? output_of(p, i)->n / plane : 1;
}

static size_t plane(const asx_machine_plan *p, size_t i)
{
    const asx_program_value *v = output_of(p, i);
    return v->dim[1] * v->dim[2] * v->dim[3];
}

static size_t width(const asx_machine_plan *p, size_t i)
{
    return output_of(p, i)->dim[2] * output_of(p, i)->dim[3];
}

static size_t expected_at(const asx_machine_plan *p, size_t i)
{
    size_t at = 0;
    for (size_t s = 0; s < p->descriptor[i].step; s++)
        at += p->program->value[p->program->step[s].output].n;
    return at;
}

/* In which it issues. */
static size_t cycles(const asx_machine_plan *p, size_t i)
{
    return p->descriptor[i].cycles;
}

void asx_machine_bench_steps(asx_text *text, const asx_machine_plan *plan)
{
    add_function(text, plan, "step_size", false, size);
    add_function(text, plan, "step_place", false, place);
    add_function(text, plan, "step_channels", false, channels);
    add_function(text, plan, "step_plane", false, plane);
    add_function(text, plan, "step_width", false, width);
    add_function(text, plan, "expected_at", false, expected_at);
    add_function(text, plan, "step_cycles", true, cycles);
    asx_text_add(text, "    task step_name(input [31:0] step);\n        case (step)\n");
    for (size_t i = 0; i < plan->n_descriptors; i++) {
        const asx_step *s = &plan->program->step[plan->descriptor[i].step];
        asx_text_add(text, "        %zu: $write(\"step %zu (%s, %s)\");\n", i, i, s->name,
                     asx_step_text(s->kind));
    }
    asx_text_add(text,
                 "        default: $write(\"step %%0d\", step);\n        endcase\n    endtask\n");
}

void asx_machine_json(asx_text *text, const asx_machine_plan *plan, const asx_emit *what)
{
    const asx_program *p = plan->program;
    asx_text_add(text, "{\n  \"network\": \"");
    asx_emit_name(text, what->network);
    asx_text_add(text,
                 "\",\n  \"network_hash\": \"%016llx\",\n  \"design\": \"%s\",\n"
                 "  \"order\": \"channels last\",\n"
                 "  \"rows\": %zu,\n  \"columns\": %zu,\n  \"cycles\": %zu,\n  \"values\": %zu,\n"
                 "  \"weight_bits\": %zu,\n  \"multiplier_bits\": %u,\n",
                 (unsigned long long)what->network_hash, what->design, plan->rows, plan->columns,
                 plan->cycles, p->size,
                 plan->weight_lines * plan->rows * plan->columns * plan->code_bits,
                 p->multiplier_bits);
    asx_text_add(text, "  \"input\": {\"place\": %td, \"scale\": %.17g},\n",
                 p->value[p->input].place, p->value[p->input].scale);
    asx_text_add(text, "  \"output\": {\"place\": %td, \"elements\": %zu, \"scale\": %.17g},\n",
                 p->value[p->output].place, p->value[p->output].n, p->value[p->output].scale);
    asx_text_add(text, "  \"steps\": [");
    for (size_t i = 0; i < plan->n_descriptors; i++) {
        const asx_descriptor *d = &plan->descriptor[i];
        const asx_step *s = &p->step[d->step];
        const asx_program_value *v = output_of(plan, i);
        asx_text_add(
            text,
            "%s\n    {\"name\": \"%s\", \"kind\": \"%s\", \"cycles\": %zu, \"issues\": %zu, \"place\": %td, "
            "\"shape\": [%zu, %zu, %zu], \"scale\": %.17g}",
            i ? "," : "", s->name, asx_step_text(s->kind), d->cycles + ASX_MACHINE_OVERHEAD,
            d->cycles, v->place, v->dim[0], v->dim[1], v->dim[2] * v->dim[3], v->scale);
    }
    asx_text_add(text, "\n  ]\n}\n");
}
