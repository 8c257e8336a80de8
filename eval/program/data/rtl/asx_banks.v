// A bank a row.
`include "asx_parameters.vh"

module asx_banks (
    input  [`ASX_ROWS*`ASX_INPUT-1:0]                    x,
    output [`ASX_ROWS*`ASX_ALPHABETS*`ASX_MULTIPLE-1:0]  multiples
);
    localparam MULTIPLES = `ASX_ALPHABETS * `ASX_MULTIPLE;

    genvar r;
    generate
        for (r = 0; r < `ASX_ROWS; r = r + 1) begin : row
            asx_bank bank (
                .x(x[r*`ASX_INPUT +: `ASX_INPUT]), .multiples(multiples[r*MULTIPLES +: MULTIPLES])
            );
        end
    endgenerate
endmodule
