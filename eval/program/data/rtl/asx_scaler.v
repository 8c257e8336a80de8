// total times multiplier / 2^shift, rounded once, half to even, cut to low .. high.
`include "asx_parameters.vh"

module asx_scaler #(
    parameter TOTAL = 32
) (
    input  signed [TOTAL-1:0]            total,
    input         [`ASX_MULTIPLIER-1:0]  multiplier,
    input         [5:0]                  shift,
    input  signed [15:0]                 low,
    input  signed [15:0]                 high,
    output signed [15:0]                 result
);
    localparam PRODUCT = TOTAL + `ASX_MULTIPLIER,
               WIDE = PRODUCT > `ASX_SHIFT + 2 ? PRODUCT : `ASX_SHIFT + 2; // room for the largest unit

    wire signed [WIDE-1:0] product = total * $signed({1'b0, multiplier});
    wire signed [WIDE-1:0] down = product >>> shift;
    wire        [WIDE-1:0] unit = {{(WIDE - 1){1'b0}}, 1'b1} << shift;
    wire        [WIDE-1:0] rest = product & (unit - 1'b1);
    wire        [WIDE-1:0] half = unit >> 1;
    wire                   up = shift != 0 && (rest > half || (rest == half && down[0]));
    wire signed [WIDE-1:0] rounded = down + {{(WIDE - 1){1'b0}}, up};
    wire signed [WIDE-1:0] wide_low = {{(WIDE - 16){low[15]}}, low};
    wire signed [WIDE-1:0] wide_high = {{(WIDE - 16){high[15]}}, high};

    assign result = rounded < wide_low ? low : rounded > wide_high ? high : rounded[15:0];
endmodule
