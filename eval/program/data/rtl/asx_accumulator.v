// The running sum of one output: what its column adds up in a pass, at the place of the pass's digit.
`include "asx_parameters.vh"

module asx_accumulator (
    input                             clock,
    input                             add,
    input                             first, // instead of what was added before
    input         [7:0]               digit_set,
    input  signed [`ASX_TREE-1:0]     node,
    output reg signed [`ASX_SUM-1:0]  sum
);
    localparam [`ASX_MODES*`ASX_PASSES*5-1:0] PLACES = `ASX_PLACES; // bits that a digit is worth
    localparam SUM = `ASX_SUM, TREE = `ASX_TREE;
    wire signed [SUM-1:0] term = {{(SUM - TREE){node[TREE-1]}}, node} <<< PLACES[5*digit_set +: 5];

    always @(posedge clock)
        if (add)
            sum <= (first ? 0 : sum) + term;
endmodule
