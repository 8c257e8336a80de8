// A column of lanes and the balanced tree that adds their products.
`include "asx_parameters.vh"

module asx_column (
    input         [`ASX_ROWS*`ASX_INPUT-1:0]                    x,
    input         [`ASX_ROWS*`ASX_ALPHABETS*`ASX_MULTIPLE-1:0]  multiples,
    input         [`ASX_ROWS*`ASX_CODE-1:0]                     codes,
    input         [7:0]                                         digit_set,
    input         [3:0]                                         mode,
    output signed [`ASX_TREE-1:0]                               sum
);
    localparam ROWS = `ASX_ROWS, TREE = `ASX_TREE, PRODUCT = `ASX_PRODUCT,
               MULTIPLES = `ASX_ALPHABETS * `ASX_MULTIPLE;

    // node i is the sum of nodes 2 i + 1 and 2 i + 2; the lanes are the leaves
    wire signed [TREE-1:0] node [0:2*ROWS-2];
    assign sum = node[0];

    genvar i;
    generate
        for (i = 0; i < ROWS - 1; i = i + 1) begin : adder
            assign node[i] = node[2*i+1] + node[2*i+2];
        end
        for (i = 0; i < ROWS; i = i + 1) begin : row
            wire signed [PRODUCT-1:0] product;
            asx_lane lane (
                .x(x[i*`ASX_INPUT +: `ASX_INPUT]), .multiples(multiples[i*MULTIPLES +: MULTIPLES]),
                .code(codes[i*`ASX_CODE +: `ASX_CODE]), .digit_set(digit_set), .mode(mode), .product(product)
            );
            assign node[ROWS-1+i] = {{(TREE - PRODUCT){product[PRODUCT-1]}}, product};
        end
    endgenerate
endmodule
