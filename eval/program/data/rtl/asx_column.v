// A column of lanes and the tree that adds their products.
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

    wire [ROWS*PRODUCT-1:0] products;
    wire [ROWS-1:0]         carries;

    genvar i;
    generate
        for (i = 0; i < ROWS; i = i + 1) begin : row
            asx_lane lane (
                .x(x[i*`ASX_INPUT +: `ASX_INPUT]), .multiples(multiples[i*MULTIPLES +: MULTIPLES]),
                .code(codes[i*`ASX_CODE +: `ASX_CODE]), .digit_set(digit_set), .mode(mode),
                .product(products[i*PRODUCT +: PRODUCT]), .carry(carries[i])
            );
        end
    endgenerate

    // one sum of all, which synthesis makes a carry-save tree of; an inverted sign is a bit like the others,
    // half of the range too large
    reg [TREE-1:0] total;
    integer k;

    always @* begin
        total = -(ROWS << (PRODUCT - 1));
        for (k = 0; k < ROWS; k = k + 1)
            total = total + {~products[k*PRODUCT+PRODUCT-1], products[k*PRODUCT +: PRODUCT-1]} + carries[k];
    end
    assign sum = total;
endmodule
