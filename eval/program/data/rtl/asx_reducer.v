// What becomes of the values under a window, or of two values: their sum, difference, product, largest,
// smallest.
// Taps outside the map are passed over; a window of nothing else gives 0.
`include "asx_parameters.vh"

module asx_reducer (
    input                    clock,
    input                    issue,
    input                    first,
    input                    take,  // the tap counts
    input         [3:0]      kind,
    input  signed [15:0]     value,
    output reg signed [`ASX_TOTAL-1:0] result
);
    reg  empty;
    wire signed [`ASX_TOTAL-1:0] wide = value;
    wire signed [15:0] narrow = result[15:0];
    wire signed [`ASX_TOTAL-1:0] product = `ASX_HAS_PRODUCTS ? narrow * value : 0;
    wire alone = first || empty;

    always @(posedge clock)
        if (issue && (first || take)) begin
            empty <= alone && !take;
            if (!take)
                result <= 0;
            else if (alone)
                result <= wide;
            else
                case (kind)
                `ASX_MAX: result <= wide > result ? wide : result;
                `ASX_MIN: result <= wide < result ? wide : result;
                `ASX_SUB: result <= result - wide;
                `ASX_MUL: result <= product;
                default:  result <= result + wide;
                endcase
        end
endmodule
