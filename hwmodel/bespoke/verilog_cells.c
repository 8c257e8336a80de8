/* The cells of a circuit, as Verilog. */
#include "verilog.h"

static void print_net(asx_text *to, uint32_t net)
{
    if (net <= LITERAL_TRUE)
        asx_text_add(to, "1'b%u", net);
    else
        asx_text_add(to, "n%u", net);
}

static void print_cell(asx_text *to, const cell_instance *is, size_t number)
{
    asx_text_add(to, "    wire n%u;\n", is->out);
    if (is->cell == ASX_CELL_FA)
        asx_text_add(to, "    wire n%u;\n", is->sum);
    asx_text_add(to, "    %s g%zu (", asx_cell_text(is->cell), number);
    switch (is->cell) {
    case ASX_CELL_FA:
        asx_text_add(to, ".A(n%u), .B(n%u), .CI(n%u), .S(n%u), .CO(n%u));\n", is->a, is->b, is->c,
                     is->sum, is->out);
        return;
    case ASX_CELL_MUX2:
        asx_text_add(to, ".A(n%u), .B(n%u), .S(n%u), .Y(n%u));\n", is->a, is->b, is->c, is->out);
        return;
    case ASX_CELL_DFF:
        asx_text_add(to, ".CK(clk), .D(n%u), .Q(n%u));\n", is->a, is->out);
        return;
    default:
        break;
    }
    asx_text_add(to, ".A(n%u)", is->a);
    if (is->cell != ASX_CELL_INV)
        asx_text_add(to, ", .B(n%u)", is->b);
    asx_text_add(to, ", .Y(n%u));\n", is->out);
}

void verilog_wire(asx_text *to, const asx_bespoke_circuit *c)
{
    unsigned bits = 0;
    for (size_t i = 0; i < c->inputs; i++)
        bits += c->input_bits[i];
    asx_text_add(
        to,
        "// The cells that are priced. Written by asx.\n"
        "module asx_bespoke_cells (\n%s    input  [%u:0] x,\n    output [%u:0] class_index\n"
        ");\n",
        c->pipeline != ASX_BESPOKE_UNPIPED ? "    input  clk,\n" : "", bits ? bits - 1 : 0,
        c->answer.n ? c->answer.n - 1 : 0);
    /* inputs are the first gates, in order */
    for (unsigned k = 0; k < bits; k++)
        asx_text_add(to, "    wire n%u = x[%u];\n", 2 * (k + 1), k);
    for (size_t i = 0; i < c->cells.n; i++)
        print_cell(to, &c->cells.cell[i], i);
    if (c->answer.n == 0)
        asx_text_add(to, "    assign class_index = 1'b0;\n");
    for (unsigned k = 0; k < c->answer.n; k++) {
        asx_text_add(to, "    assign class_index[%u] = ", k);
        print_net(to, c->answer.bit[k]);
        asx_text_add(to, ";\n");
    }
    asx_text_add(to, "endmodule\n");
}
