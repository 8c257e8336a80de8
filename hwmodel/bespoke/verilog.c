/* What a bespoke network computes, as Verilog: sums modulo 2^n, n bits being enough for any input. */
#include "verilog.h"

#include <inttypes.h>
#include <stdlib.h>

#include "dse/bits.h"
#include "dse/memory.h"

/* A value of the text: v<layer>_<index>, s<layer>_<index>. */
typedef struct shape {
    unsigned bits; /* 0: it is always 0 */
    bool with_sign;
    uint64_t most; /* of v */
} shape;

unsigned verilog_input_bits(const asx_bespoke *b)
{
    unsigned n = 0;
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        n += b->input_bits[i];
    return n ? n : 1;
}

unsigned verilog_class_bits(const asx_bespoke *b)
{
    const unsigned n = asx_bit_length(b->layer[b->n_layers - 1].outputs - 1);
    return n ? n : 1;
}

/* A copy of an input as a number of `width` bits. */
static void print_copy(asx_text *to, size_t at, size_t i, const shape *v, uint64_t mask,
                       unsigned shift, unsigned cut, unsigned width)
{
    mask &= asx_low_bits(v->bits);
    const unsigned keep = v->bits < width ? v->bits : width;
    const bool masked = mask != asx_low_bits(v->bits); /* '<<' binds tighter than '&' */
    asx_text_add(to, cut > 0 ? "((" : "(");
    if (v->bits < width)
        asx_text_add(to, "{%u'd0, ", width - v->bits);
    asx_text_add(to, "%sv%zu_%zu", masked ? "(" : "", at, i);
    if (keep < v->bits)
        asx_text_add(to, "[%u:0]", keep - 1);
    if (masked)
        asx_text_add(to, " & %u'h%" PRIx64 ")", keep, mask & asx_low_bits(keep));
    if (v->bits < width)
        asx_text_add(to, "}");
    asx_text_add(to, " << %u)", shift);
    if (cut > 0)
        asx_text_add(to, " & %u'h%" PRIx64 ")", width, asx_low_bits(width) & ~asx_low_bits(cut));
}

static void print_products(asx_text *to, const asx_bespoke_layer *l, size_t at, size_t j,
                           const shape *v, unsigned width)
{
    for (size_t i = 0; i < l->inputs; i++) {
        uint64_t plus, minus;
        const uint64_t mask = l->mask[j * l->inputs + i];
        asx_signed_digits(&plus, &minus, l->weight[j * l->inputs + i]);
        if ((mask & asx_low_bits(v[i].bits)) == 0)
            continue;
        for (unsigned k = 0; (plus | minus) >> k; k++)
            if ((plus | minus) >> k & 1) {
                asx_text_add(to, "\n        %s ", plus >> k & 1 ? "+" : "-");
                print_copy(to, at, i, &v[i], mask, k, l->cut[j], width);
            }
    }
}

static shape print_sum(asx_text *to, const asx_bespoke_layer *l, size_t at, size_t j,
                       const shape *v, const uint64_t *most)
{
    int64_t low = 0, high = 0;
    asx_bespoke_sum_bounds(&low, &high, l, j, most);
    shape s = {.with_sign = low < 0};
    const unsigned above = asx_bit_length(high > 0 ? (uint64_t)high : 0);
    const unsigned below = asx_bit_length(low < 0 ? ~(uint64_t)low : 0);
    s.bits = (above > below ? above : below) + s.with_sign;
    const int64_t out = asx_bespoke_activate(l, high);
    s.most = out > 0 ? (uint64_t)out : 0;
    if (s.bits == 0)
        return s;
    asx_text_add(to, "    wire [%u:0] s%zu_%zu = %u'd%" PRIu64, s.bits - 1, at, j, s.bits,
                 (uint64_t)l->bias[j] & asx_low_bits(s.bits));
    print_products(to, l, at, j, v, s.bits);
    asx_text_add(to, ";\n");
    return s;
}

/* Of bits that are dropped, kept and too high. */
static shape print_activation(asx_text *to, const asx_bespoke_layer *l, size_t at, size_t j,
                              const shape *s)
{
    if (l->activation == ASX_BESPOKE_LINEAR) {
        if (s->bits > 0)
            asx_text_add(to, "    wire [%u:0] v%zu_%zu = s%zu_%zu;\n", s->bits - 1, at + 1, j, at,
                         j);
        return *s;
    }
    const bool saturating = l->activation == ASX_BESPOKE_SATURATING;
    const unsigned drop = saturating ? l->drop : 0, top = s->bits - s->with_sign;
    const shape v = {.bits = asx_bit_length(s->most), .most = s->most};
    if (v.bits == 0)
        return v;
    asx_text_add(to, "    wire [%u:0] v%zu_%zu = ", v.bits - 1, at + 1, j);
    if (s->with_sign)
        asx_text_add(to, "s%zu_%zu[%u] ? %u'd0 : ", at, j, s->bits - 1, v.bits);
    if (saturating && top > drop + v.bits)
        asx_text_add(to, "|s%zu_%zu[%u:%u] ? {%u{1'b1}} : ", at, j, top - 1, drop + v.bits, v.bits);
    asx_text_add(to, "s%zu_%zu[%u:%u];\n", at, j, drop + v.bits - 1, drop);
    return v;
}

/* Output j as a number of `width` bits. */
static void print_wide(asx_text *to, size_t at, size_t j, const shape *v, unsigned width)
{
    asx_text_add(to, "    wire [%u:0] y%zu = ", width - 1, j);
    if (v->bits == 0)
        asx_text_add(to, "%u'd0;\n", width);
    else if (v->bits == width)
        asx_text_add(to, "v%zu_%zu;\n", at, j);
    else if (v->with_sign)
        asx_text_add(to, "{{%u{v%zu_%zu[%u]}}, v%zu_%zu};\n", width - v->bits, at, j, v->bits - 1,
                     at, j);
    else
        asx_text_add(to, "{%u'd0, v%zu_%zu};\n", width - v->bits, at, j);
}

static void print_compare(asx_text *to, const asx_bespoke_compare *c, size_t i, size_t made,
                          unsigned width, bool with_sign, unsigned class_bits)
{
    const uint64_t bits = c->bits & asx_low_bits(width);
    asx_text_add(to, "    wire w%zu = ", i);
    if (c->bits == 0)
        asx_text_add(to, with_sign ? "$signed(y%zu) >= $signed(y%zu)" : "y%zu >= y%zu", c->left,
                     c->right);
    else if (bits == 0)
        asx_text_add(to, "1'b1");
    else
        asx_text_add(to, "(y%zu & %u'h%" PRIx64 ") >= (y%zu & %u'h%" PRIx64 ")", c->left, width,
                     bits, c->right, width, bits);
    asx_text_add(to, ";\n    wire [%u:0] y%zu = w%zu ? y%zu : y%zu;\n", width - 1, made, i, c->left,
                 c->right);
    asx_text_add(to, "    wire [%u:0] k%zu = w%zu ? k%zu : k%zu;\n", class_bits - 1, made, i,
                 c->left, c->right);
}

static void print_tree(asx_text *to, const asx_bespoke *b, const shape *v)
{
    const size_t n = b->layer[b->n_layers - 1].outputs;
    const unsigned class_bits = verilog_class_bits(b);
    unsigned width = 1;
    bool with_sign = false;
    for (size_t j = 0; j < n; j++)
        with_sign = with_sign || v[j].with_sign;
    for (size_t j = 0; j < n; j++) {
        const unsigned bits = v[j].bits + (with_sign && !v[j].with_sign);
        width = bits > width ? bits : width;
    }
    for (size_t i = 0; with_sign && i + 1 < n; i++) /* copies of the sign are compared, too */
        width =
            asx_bit_length(b->compare[i].bits) > width ? asx_bit_length(b->compare[i].bits) : width;
    for (size_t j = 0; j < n; j++) {
        print_wide(to, b->n_layers, j, &v[j], width);
        asx_text_add(to, "    wire [%u:0] k%zu = %u'd%zu;\n", class_bits - 1, j, class_bits, j);
    }
    for (size_t i = 0; i + 1 < n; i++)
        print_compare(to, &b->compare[i], i, n + i, width, with_sign, class_bits);
    asx_text_add(to, "    assign class_index = k%zu;\nendmodule\n", 2 * n - 2);
}

static void print_inputs(asx_text *to, const asx_bespoke *b, shape *v, uint64_t *most)
{
    unsigned at = 0;
    for (size_t i = 0; i < b->layer[0].inputs; i++) {
        const unsigned n = b->input_bits[i];
        v[i] = (shape){.bits = n};
        most[i] = asx_low_bits(n);
        if (n > 0)
            asx_text_add(to, "    wire [%u:0] v0_%zu = x[%u:%u];\n", n - 1, i, at + n - 1, at);
        at += n;
    }
}

bool verilog_describe(asx_text *to, const asx_bespoke *b)
{
    shape *v = asx_array_new(ASX_BESPOKE_WIDTH_MAX, sizeof *v);
    shape *next = asx_array_new(ASX_BESPOKE_WIDTH_MAX, sizeof *next);
    uint64_t *most = asx_array_new(ASX_BESPOKE_WIDTH_MAX, sizeof *most);
    const bool ready = v && next && most;
    asx_text_add(to,
                 "// A classifier whose weights are wired. Written by asx.\n"
                 "module asx_bespoke (\n    input  [%u:0] x,\n    output [%u:0] class_index\n);\n",
                 verilog_input_bits(b) - 1, verilog_class_bits(b) - 1);
    if (ready)
        print_inputs(to, b, v, most);
    for (size_t at = 0; ready && at < b->n_layers; at++) {
        const asx_bespoke_layer *l = &b->layer[at];
        for (size_t j = 0; j < l->outputs; j++) {
            const shape s = print_sum(to, l, at, j, v, most);
            next[j] = print_activation(to, l, at, j, &s);
        }
        for (size_t j = 0; j < l->outputs; j++) {
            v[j] = next[j];
            most[j] = next[j].most;
        }
    }
    if (ready)
        print_tree(to, b, v);
    free(most);
    free(next);
    free(v);
    return ready;
}
