// Both descriptions of the classifier on every row, against what the reference answers. Where the cells have registers, a row
// a clock comes, and its class as many clocks later as registers are one after the other.
`timescale 1ns / 1ns
`include "rows.vh"
module asx_testbench;
    reg  [`INPUT_BITS-1:0] row   [0:`ROWS-1];
    reg  [31:0]            label [0:`ROWS-1];
    reg  [`INPUT_BITS-1:0] x;
    wire [`CLASS_BITS-1:0] described, built;
    integer i, wrong;

    asx_bespoke       description (.x(x), .class_index(described));
`ifdef LATENCY
    localparam integer late = `LATENCY;
    reg clk;
    asx_bespoke_cells cells       (.clk(clk), .x(x), .class_index(built));
`else
    localparam integer late = 0;
    asx_bespoke_cells cells       (.x(x), .class_index(built));
`endif

    task compare(input integer which, input integer at, input [`CLASS_BITS-1:0] answer);
        if (answer !== label[at][`CLASS_BITS-1:0]) begin
            if (wrong < 10)
                $display("row %0d: %0s %0d, wanted %0d", at, which == 0 ? "description" : "cells", answer,
                         label[at][`CLASS_BITS-1:0]);
            wrong = wrong + 1;
        end
    endtask

    initial begin
        $readmemh("tb/rows.hex", row);
        $readmemh("tb/labels.hex", label);
        wrong = 0;
        for (i = 0; i < `ROWS + late; i = i + 1) begin
`ifdef LATENCY
            clk = 0;
`endif
            if (i < `ROWS)
                x = row[i];
            #1;
            if (i < `ROWS)
                compare(0, i, described);
            if (i >= late)
                compare(1, i - late, built);
`ifdef LATENCY
            clk = 1;
            #1;
`endif
        end
        if (wrong > 0)
            $display("FAIL: %0d wrong answers in %0d rows", wrong, `ROWS);
        else if (late > 0)
            $display("PASS: %0d rows, description and cells answer as the reference, a row a clock, %0d clocks late", `ROWS,
                     late);
        else
            $display("PASS: %0d rows, description and cells answer as the reference", `ROWS);
        $finish;
    end
endmodule
