// Both descriptions of the classifier on every row, against what the reference answers.
`timescale 1ns / 1ns
`include "rows.vh"
module asx_testbench;
    reg  [`INPUT_BITS-1:0] row   [0:`ROWS-1];
    reg  [31:0]            label [0:`ROWS-1];
    reg  [`INPUT_BITS-1:0] x;
    wire [`CLASS_BITS-1:0] wanted = label[i][`CLASS_BITS-1:0];
    wire [`CLASS_BITS-1:0] described, built;
    integer i, wrong;

    asx_bespoke       description (.x(x), .class_index(described));
    asx_bespoke_cells cells       (.x(x), .class_index(built));

    initial begin
        $readmemh("tb/rows.hex", row);
        $readmemh("tb/labels.hex", label);
        wrong = 0;
        for (i = 0; i < `ROWS; i = i + 1) begin
            x = row[i];
            #1;
            if (described !== wanted || built !== wanted) begin
                if (wrong < 10)
                    $display("row %0d: description %0d, cells %0d, wanted %0d", i, described, built, wanted);
                wrong = wrong + 1;
            end
        end
        if (wrong == 0)
            $display("PASS: %0d rows, description and cells answer as the reference", `ROWS);
        else
            $display("FAIL: %0d of %0d rows", wrong, `ROWS);
        $finish;
    end
endmodule
