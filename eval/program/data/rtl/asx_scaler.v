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
    localparam WIDE = TOTAL + `ASX_MULTIPLIER;

    wire signed [WIDE-1:0] product = total * $signed({1'b0, multiplier});
    wire signed [WIDE-1:0] down = product >>> shift;
    wire        [WIDE-1:0] mask = ~({WIDE{1'b1}} << shift); // of what is cut off
    wire                   half = |(product & mask & ~(mask >> 1));
    wire                   more = |(product & (mask >> 1));
    wire                   up = half && (more || down[0]);
    wire signed [WIDE-1:0] rounded = down + {{(WIDE - 1){1'b0}}, up};
    wire                   fits = rounded[WIDE-1:16] == {(WIDE - 16){rounded[WIDE-1]}}; // 17 bits hold it
    wire signed [16:0]     cut = fits ? rounded[16:0] : {rounded[WIDE-1], {16{~rounded[WIDE-1]}}};

    assign result = cut < low ? low : cut > high ? high : cut[15:0];
endmodule
