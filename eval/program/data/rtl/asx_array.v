// ROWS input words times ROWS x COLUMNS weights: one bank a row, shared by the lanes of all columns.
`include "asx_parameters.vh"

module asx_array (
    input  [`ASX_ROWS*`ASX_INPUT-1:0]              x,
    input  [`ASX_COLUMNS*`ASX_ROWS*`ASX_CODE-1:0]  codes,
    input  [7:0]                                   digit_set,
    input  [3:0]                                   mode,
    output [`ASX_COLUMNS*`ASX_TREE-1:0]            nodes
);
    wire [`ASX_ROWS*`ASX_ALPHABETS*`ASX_MULTIPLE-1:0] multiples;

    asx_banks banks (.x(x), .multiples(multiples));

    genvar c;
    generate
        for (c = 0; c < `ASX_COLUMNS; c = c + 1) begin : column
            asx_column lanes (
                .x(x), .multiples(multiples),
                .codes(codes[c*`ASX_ROWS*`ASX_CODE +: `ASX_ROWS*`ASX_CODE]), .digit_set(digit_set), .mode(mode),
                .sum(nodes[c*`ASX_TREE +: `ASX_TREE])
            );
        end
    endgenerate
endmodule
