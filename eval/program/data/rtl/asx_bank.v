// The multiples of an input word that all lanes of its row share: one for every alphabet, made of
// shifts and additions.
`include "asx_parameters.vh"

module asx_bank (
    input         [`ASX_INPUT-1:0]                    x,
    output        [`ASX_ALPHABETS*`ASX_MULTIPLE-1:0]  multiples
);
    localparam MULTIPLE = `ASX_MULTIPLE;
    localparam [8*`ASX_ALPHABETS-1:0] ALPHABET = `ASX_ALPHABET; // 8 bits each

    wire signed [`ASX_INPUT:0]   word = {`ASX_SIGNED && x[`ASX_INPUT-1], x};
    wire signed [MULTIPLE-1:0] wide = word;

    function [MULTIPLE-1:0] times(input [7:0] alphabet, input [MULTIPLE-1:0] value);
        integer i;
        begin
            times = 0;
            for (i = 0; i < 8; i = i + 1)
                if (alphabet[i])
                    times = times + (value << i);
        end
    endfunction

    genvar a;
    generate
        for (a = 0; a < `ASX_ALPHABETS; a = a + 1) begin : alphabet
            assign multiples[a*MULTIPLE +: MULTIPLE] = times(ALPHABET[8*a +: 8], wide);
        end
    endgenerate
endmodule
