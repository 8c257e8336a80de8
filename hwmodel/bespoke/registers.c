#include "registers.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

/* What is being cut. */
typedef struct pipe {
    asx_bespoke_circuit *c;
    uint32_t *stage, *first, *last; /* [nets]: made in, taken in at the earliest, at the latest */
    double *ready;                  /* [nets]: in its stage, of stages by delay */
    uint32_t *chain; /* [nets]: the net behind the first register; those behind others follow */
    cells to;
} pipe;

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* What an adder takes, of one cell or of two exclusive ors. */
static double adder_ms(const asx_cell_library *l)
{
    return asx_cell_library_has(l, ASX_CELL_FA) ? asx_cell_delay_ms(l, ASX_CELL_FA)
                                                : 2 * asx_cell_delay_ms(l, ASX_CELL_XOR2);
}

/* The stage by delay in which all inputs are there, or the next one where it would be too late. */
static uint32_t stage_by_delay(double *ready, const pipe *p, const cell_instance *is, double most)
{
    const uint32_t in[] = {is->a, is->b, is->c};
    const double delay = asx_cell_delay_ms(p->c->library, is->cell);
    uint32_t stage = 0;
    for (int i = 0; i < 3; i++)
        stage = later(stage, p->stage[in[i]]);
    *ready = 0;
    for (int i = 0; i < 3; i++)
        if (p->stage[in[i]] == stage)
            *ready = fmax(*ready, p->ready[in[i]]);
    *ready += delay;
    if (*ready <= most * (1 + 1e-9) || *ready <= delay)
        return stage;
    *ready = delay;
    return stage + 1;
}

/* As gates stand. @return the last stage */
static uint32_t find_stages(pipe *p)
{
    const asx_bespoke_circuit *c = p->c;
    const bool by_layer = c->pipeline == ASX_BESPOKE_PIPED_LAYERS;
    const double most = c->pipeline * adder_ms(c->library);
    uint32_t end = by_layer ? (uint32_t)c->n_layers : 0;
    for (size_t i = 0; i < c->cells.n; i++) {
        const cell_instance *is = &c->cells.cell[i];
        double ready = 0;
        const uint32_t at = by_layer ? is->part / 2u : stage_by_delay(&ready, p, is, most);
        const uint32_t out[] = {is->out, is->sum};
        for (int k = 0; k < 2 && out[k]; k++) {
            p->stage[out[k]] = at;
            p->ready[out[k]] = ready;
        }
    }
    for (unsigned k = 0; k < c->answer.n; k++)
        end = later(end, p->stage[c->answer.bit[k]]);
    return end;
}

/* An inverter goes to the first stage that takes its output, so that of a bit that is taken as it is, too, one register is
 * enough; and the last stage that takes each net. */
static void find_uses(pipe *p, uint32_t end)
{
    const asx_bespoke_circuit *c = p->c;
    for (size_t n = 0; n < c->cells.n_nets; n++)
        p->first[n] = end;
    for (size_t i = c->cells.n; i-- > 0;) {
        const cell_instance *is = &c->cells.cell[i];
        const uint32_t in[] = {is->a, is->b, is->c};
        if (is->cell == ASX_CELL_INV)
            p->stage[is->out] = p->first[is->out];
        for (int k = 0; k < 3; k++) {
            const uint32_t at = p->stage[is->out];
            p->first[in[k]] = at < p->first[in[k]] ? at : p->first[in[k]];
            p->last[in[k]] = later(p->last[in[k]], at);
        }
    }
    for (unsigned k = 0; k < c->answer.n; k++)
        p->last[c->answer.bit[k]] = end;
}

/* A net as it is in a stage. */
static uint32_t net_at(const pipe *p, uint32_t net, uint32_t stage)
{
    const uint32_t behind = net > LITERAL_TRUE ? stage - p->stage[net] : 0;
    return behind ? p->chain[net] + behind - 1 : net;
}

static void add_chain(pipe *p, uint32_t net, unsigned char part)
{
    if (net <= LITERAL_TRUE || p->last[net] <= p->stage[net])
        return;
    p->chain[net] = (uint32_t)p->to.n_nets;
    for (uint32_t k = p->stage[net]; k < p->last[net]; k++) {
        const uint32_t out = (uint32_t)p->to.n_nets++, in = k == p->stage[net] ? net : out - 1;
        cells_add(&p->to,
                  (cell_instance){
                      .cell = ASX_CELL_DFF, .out = out, .a = in, .b = in, .c = in, .part = part});
    }
}

static void rewire(pipe *p, uint32_t end)
{
    asx_bespoke_circuit *c = p->c;
    size_t inputs = 0;
    for (size_t i = 0; i < c->inputs; i++)
        inputs += c->input_bits[i];
    for (size_t i = 1; i <= inputs; i++)
        add_chain(p, (uint32_t)(2 * i), 0);
    for (size_t i = 0; i < c->cells.n && !p->to.failed; i++) {
        cell_instance is = c->cells.cell[i];
        const uint32_t at = p->stage[is.out];
        is.a = net_at(p, is.a, at);
        is.b = net_at(p, is.b, at);
        is.c = net_at(p, is.c, at);
        cells_add(&p->to, is);
        add_chain(p, is.out, is.part);
        add_chain(p, is.sum, is.part);
    }
    for (unsigned k = 0; k < c->answer.n; k++)
        c->answer.bit[k] = net_at(p, c->answer.bit[k], end);
}

bool registers_insert(asx_bespoke_circuit *c)
{
    const size_t n = c->cells.n_nets;
    pipe p = {.c = c, .to = {.n_nets = n}};
    p.stage = asx_array_new(4 * n, sizeof *p.stage);
    p.ready = asx_array_new(n, sizeof *p.ready);
    bool ready = p.stage && p.ready;
    if (ready) {
        p.last = p.stage + n;
        p.chain = p.stage + 2 * n;
        p.first = p.stage + 3 * n;
        c->latency = find_stages(&p);
        find_uses(&p, (uint32_t)c->latency);
        rewire(&p, (uint32_t)c->latency);
        ready = !p.to.failed;
    }
    free(p.stage);
    free(p.ready);
    if (ready) {
        cells_fini(&c->cells);
        c->cells = p.to;
    } else {
        cells_fini(&p.to);
    }
    return ready;
}
