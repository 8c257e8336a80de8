// Runs images through the machine and compares every integer that a step leaves with what the engine
// computed. Tells step, channel and pixel of the first difference, and the cycles.
`timescale 1ns / 1ps
`include "asx_parameters.vh"
`include "asx_expected.vh"

module asx_testbench;
    reg         clock = 0, reset = 1, start = 0, host_write = 0;
    reg  [31:0] host_address = 0;
    reg  [15:0] host_data = 0;
    wire        idle, step_done;
    wire [31:0] step, cycles;
    wire [15:0] host_read;

    asx_machine machine (
        .clock(clock), .reset(reset), .start(start), .idle(idle), .step_done(step_done),
        .step(step), .cycles(cycles), .host_write(host_write), .host_address(host_address),
        .host_data(host_data), .host_read(host_read)
    );

    reg [15:0] image [0:`ASX_IMAGES * `ASX_IMAGE_SIZE - 1];
    reg [15:0] expected [0:`ASX_IMAGES * `ASX_EXPECTED - 1];

    `include "asx_steps.vh" // steps' names, sizes and places

    integer n_image = 0, i, at, compared = 0, wrong = 0, offset, element;
    reg        check = 0;
    reg [31:0] checked;

    always #1 clock = !clock;

    // what lies in the machine's memory of values
    reg [15:0] value [0:`ASX_VALUE_LINES*`ASX_BANKS-1];
    genvar b;
    generate
        for (b = 0; b < `ASX_BANKS; b = b + 1) begin : bank
            integer k, begins, ends;
            always @(posedge clock)
                if (step_done) begin
                    begins = step_place(step) / `ASX_BANKS;
                    ends = (step_place(step) + step_size(step)) / `ASX_BANKS;
                    for (k = begins; k <= ends; k = k + 1)
                        value[k*`ASX_BANKS+b] = machine.values.bank[b].memory.word[k];
                end
        end
    endgenerate

    // ---- a record of operands, where it is asked for ----
    wire [`ASX_ROWS*`ASX_COLUMNS*`ASX_CODE-1:0] codes;
    wire [`ASX_COLUMNS*`ASX_TOTAL-1:0]          totals;
    wire [`ASX_COLUMNS*`ASX_MULTIPLIER-1:0]     multipliers;
    wire [`ASX_COLUMNS*6-1:0]                   shifts;

    generate
        if (`ASX_PLACEMENT == `ASX_NEAR) begin : stored
            assign codes = machine.near.lanes.codes;
        end else if (`ASX_PLACEMENT == `ASX_VN) begin : stored
            assign codes = machine.beside.codes;
        end else begin : stored
            assign codes = 0;
        end
        for (b = 0; b < `ASX_COLUMNS; b = b + 1) begin : column
            assign totals[b*`ASX_TOTAL +: `ASX_TOTAL] = machine.lane[b].scaled.total;
            assign multipliers[b*`ASX_MULTIPLIER +: `ASX_MULTIPLIER] = machine.constants[b*64+32 +: `ASX_MULTIPLIER];
            assign shifts[b*6 +: 6] = machine.constants[b*64+56 +: 6];
        end
    endgenerate
    asx_recorder recorder (
        .clock(clock), .issue(machine.issue_3 && machine.layer), .step(step), .step_cycles(step_cycles(step)),
        .x(machine.words_3), .codes(codes), .digit_set(machine.digit_set), .mode(machine.mode),
        .first(machine.first_3), .sums(machine.sums_4), .totals(totals), .multipliers(multipliers),
        .shifts(shifts), .low(machine.low), .high(machine.high),
        .results(machine.result_4[`ASX_COLUMNS*16-1:0])
    );

    // by the falling edge all banks have been looked at
    always @(posedge clock) begin
        check <= step_done;
        checked <= step;
    end
    always @(negedge clock)
        if (check) begin
            offset = n_image * `ASX_EXPECTED + expected_at(checked);
            for (i = 0; i < step_size(checked) && wrong == 0; i = i + 1) begin
                compared = compared + 1;
                if (value[step_place(checked)+i] !== expected[offset+i]) begin
                    wrong = 1;
                    element = i / step_channels(checked);
                    if (step_channels(checked) > 1)
                        element = element + i % step_channels(checked) * step_plane(checked);
                    $write("image %0d, ", n_image);
                    step_name(checked);
                    $display(", channel %0d, row %0d, column %0d: %0d, not %0d",
                             element / step_plane(checked),
                             element % step_plane(checked) / step_width(checked),
                             element % step_width(checked),
                             $signed(value[step_place(checked)+i]), $signed(expected[offset+i]));
                end
            end
        end

    initial begin
        $readmemh("tb/images.hex", image);
        $readmemh("tb/expected.hex", expected);
        repeat (4) @(negedge clock);
        reset = 0;
        while (n_image < `ASX_IMAGES && wrong == 0) begin
            for (at = 0; at < `ASX_IMAGE_SIZE; at = at + 1) begin
                host_write = 1;
                host_address = `ASX_IMAGE_PLACE + at;
                host_data = image[n_image * `ASX_IMAGE_SIZE + at];
                @(negedge clock);
            end
            host_write = 0;
            start = 1;
            @(negedge clock);
            start = 0;
            while (!idle && wrong == 0)
                @(negedge clock);
            @(negedge clock);
            if (wrong == 0 && cycles != `ASX_CYCLES) begin
                wrong = 1;
                $display("image %0d: %0d cycles, not %0d", n_image, cycles, `ASX_CYCLES);
            end
            n_image = n_image + 1;
        end
        if (wrong != 0)
            $display("FAIL");
        else
            $display("PASS: %0d images, %0d integers equal, %0d cycles an image", n_image, compared,
                     cycles);
        $finish;
    end
endmodule
