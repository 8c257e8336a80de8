// Writes down what the array and the scalers are given and what they answer, for run-toggles: +cycles=N of
// the cycles of every layer and image, in stretches of 64 that are evenly spread.
`include "asx_parameters.vh"

module asx_recorder (
    input                                           clock,
    input                                           issue,
    input  [31:0]                                   step,
    input  [31:0]                                   step_cycles, // in which the step issues
    input  [`ASX_ROWS*`ASX_INPUT-1:0]               x,
    input  [`ASX_COLUMNS*`ASX_ROWS*`ASX_CODE-1:0]   codes,
    input  [7:0]                                    digit_set,
    input  [3:0]                                    mode,
    input                                           first,
    input  [`ASX_COLUMNS*`ASX_SUM-1:0]              sums,
    input  [`ASX_COLUMNS*`ASX_TOTAL-1:0]            totals,
    input  [`ASX_COLUMNS*`ASX_MULTIPLIER-1:0]       multipliers,
    input  [`ASX_COLUMNS*6-1:0]                     shifts,
    input  [15:0]                                   low,
    input  [15:0]                                   high,
    input  [`ASX_COLUMNS*16-1:0]                    results
);
    integer file = 0, wanted = 0, number = 0, stretches, period;

    initial
        if ($value$plusargs("cycles=%d", wanted)) begin
            file = $fopen("build/operands.txt", "w");
            $fwrite(file, "step cycle x codes digit_set mode first sums totals multipliers shifts low high results\n");
        end

    always @(negedge clock)
        if (file != 0) begin
            stretches = wanted / 64;
            period = step_cycles <= wanted ? 64 : step_cycles / stretches;
            if (issue && number % period < 64 && number / period < (step_cycles <= wanted ? step_cycles : stretches))
                $fwrite(file, "%0d %0d %h %h %h %h %h %h %h %h %h %h %h %h\n", step, number, x, codes, digit_set, mode,
                        first, sums, totals, multipliers, shifts, low, high, results);
            number = issue ? number + 1 : 0;
        end
endmodule
