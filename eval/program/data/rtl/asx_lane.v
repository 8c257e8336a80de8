// One product by select, shift and add: for every digit of the weight's code a multiple of the bank, at
// the digit's place. A set says how codes are cut and what their indices stand for: one for every word
// of a layer, and for every pass of it where a lane takes a digit at a time. Sets are constants, so
// that what no set needs is not built. Plain words (if the machine has any) are multiplied. A negative
// digit inverts its multiple; the 1 that is then missing enters the next addition as its carry, and the
// last one leaves the lane beside the product, for the column.
`include "asx_parameters.vh"

module asx_lane (
    input         [`ASX_INPUT-1:0]                     x,
    input         [`ASX_ALPHABETS*`ASX_MULTIPLE-1:0]   multiples,
    input         [`ASX_CODE-1:0]                      code,
    input         [7:0]                                digit_set,     // mode * passes + pass
    input         [3:0]                                mode,
    output signed [`ASX_PRODUCT-1:0]                   product,
    output                                             carry          // to be added to it
);
    localparam SETS = `ASX_MODES * `ASX_PASSES, DIGITS = `ASX_DIGITS, ENTRY = 11,
               TABLE = (1 << `ASX_INDEX) * ENTRY, PRODUCT = `ASX_PRODUCT, MULTIPLE = `ASX_MULTIPLE;
    localparam [SETS*DIGITS*TABLE-1:0] TABLES = `ASX_DIGIT_TABLE; // {shift 5, alphabet 4, negative, any}
    localparam [SETS*DIGITS*5-1:0] OFFSETS = `ASX_OFFSETS;        // first bit of a digit's index
    localparam [SETS*DIGITS*4-1:0] WIDTHS = `ASX_WIDTHS;          // and its bits
    localparam [`ASX_MODES*5-1:0] SIGNS = `ASX_SIGNS, PLAIN = `ASX_PLAIN; // bit of the sign; 31: none

    localparam ALPHABET = `ASX_ALPHABETS > 1 ? $clog2(`ASX_ALPHABETS) : 1;

    wire [31:0]                  word = {{(32 - `ASX_CODE){1'b0}}, code};
    wire [3:0]                   known = `ASX_MODES == 1 ? 4'd0 : mode; // a constant where it can be
    wire [`ASX_MODES-1:0]        signs;

    genvar s;
    generate
        for (s = 0; s < `ASX_MODES; s = s + 1) begin : signed_word
            assign signs[s] = SIGNS[5*s +: 5] != 5'd31 && word[SIGNS[5*s +: 5]];
        end
    endgenerate

    reg  signed [PRODUCT-1:0]  sum, term;
    reg         [ENTRY-1:0]    entry;
    reg         [MULTIPLE-1:0] multiple;
    reg         [31:0]         index;
    reg                        negative, missing;
    integer i, n, k;

    // muxes of constant places, which synthesis understands better than places that are computed
    always @* begin
        sum = 0;
        entry = 0;
        multiple = 0;
        term = 0;
        index = 0;
        negative = 0;
        missing = 0;
        for (i = 0; i < DIGITS; i = i + 1) begin
            entry = 0;
            for (n = 0; n < SETS; n = n + 1)
                if (SETS == 1 || digit_set == n) begin
                    index = (word >> OFFSETS[5*(n*DIGITS+i) +: 5]) &
                            ((32'd1 << WIDTHS[4*(n*DIGITS+i) +: 4]) - 32'd1);
                    for (k = 0; k < (1 << `ASX_INDEX); k = k + 1)
                        if (index == k)
                            entry = TABLES[(n*DIGITS+i)*TABLE+k*ENTRY +: ENTRY];
                end
            multiple = 0;
            for (n = 0; n < `ASX_ALPHABETS; n = n + 1)
                if (entry[0] && (`ASX_ALPHABETS == 1 || entry[2 +: ALPHABET] == n))
                    multiple = multiples[n*MULTIPLE +: MULTIPLE];
            term = {{(PRODUCT - MULTIPLE){`ASX_SIGNED && multiple[MULTIPLE-1]}}, multiple}
                   << entry[6 +: `ASX_SHIFT_BITS];
            negative = entry[0] && (entry[1] ^ signs[known]);
            sum = i == 0 ? term ^ {PRODUCT{negative}} : sum + (term ^ {PRODUCT{negative}}) + missing;
            missing = negative;
        end
    end

    generate
        if (`ASX_HAS_PLAIN != 0) begin : exact
            localparam FACTOR = `ASX_INPUT + (`ASX_SIGNED ? 0 : 1);
            localparam [FACTOR-1:0] TOP = 1 << (FACTOR - 1);
            wire        [4:0]         bits = PLAIN[5*known +: 5]; // of a plain word; 0: it is not
            wire signed [31:0]        raised = word << (6'd32 - {1'b0, bits});
            wire signed [31:0]        weight = raised >>> (6'd32 - {1'b0, bits});
            wire        [FACTOR-1:0]  factor = x; // two's complement
            reg         [PRODUCT-1:0] exact_product;
            integer b;

            // after Baugh and Wooley: a sum of positive rows, what counts negative inverted, the sum of what that
            // is too much in one constant; no copies of signs
            always @* begin
                exact_product = (1 << (FACTOR - 1)) + (1 << (`ASX_CODE - 1)) - (1 << (FACTOR + `ASX_CODE - 1));
                for (b = 0; b < `ASX_CODE; b = b + 1)
                    exact_product = exact_product + ({{PRODUCT{1'b0}},
                        (factor & {FACTOR{weight[b]}}) ^ (TOP ^ {FACTOR{b == `ASX_CODE - 1}})} << b);
            end
            assign product = bits != 0 ? exact_product : sum;
            assign carry = bits == 0 && missing;
        end else begin : alphabets_only
            assign product = sum;
            assign carry = missing;
        end
    endgenerate
endmodule
