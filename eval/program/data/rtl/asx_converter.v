// A value as a word of the layer that reads it: scaled, cut to the ends of the word and, where the
// word has an alphabet set, brought to the nearest number that it can represent.
`include "asx_parameters.vh"

module asx_converter (
    input  signed [15:0]                value,
    input         [`ASX_MULTIPLIER-1:0] multiplier,
    input         [5:0]                 shift,
    input  signed [15:0]                low,
    input  signed [15:0]                high,
    input         [31:0]                nearest, // where the set's table begins; negative: none is needed
    output        [`ASX_INPUT-1:0]      word
);
    wire signed [15:0] scaled;

    asx_scaler #(.TOTAL(16)) scaler (
        .total(value), .multiplier(multiplier), .shift(shift), .low(low), .high(high),
        .result(scaled)
    );

    generate
        if (`ASX_HAS_NEAREST != 0) begin : alphabets
            reg  [8:0]  words [0:`ASX_NEAREST-1]; // tables of 512 words, by word + 256
            wire [31:0] place = nearest + {{23{1'b0}}, scaled[8:0] ^ 9'h100};
            initial $readmemh(`ASX_NEAREST_FILE, words);
            wire [8:0]  entry = words[place];
            assign word = nearest[31] ? scaled[`ASX_INPUT-1:0] : entry[`ASX_INPUT-1:0];
        end else begin : every_word
            assign word = scaled[`ASX_INPUT-1:0];
        end
    endgenerate
endmodule
