// Runs the descriptors one after the other. A descriptor is a nest of eight loops and six addresses that
// step through it: of values read and written, of the place under the tap, of weights and constants. An
// address is told what to add when loop d turns, with what the loops inside it have gone through taken
// back: one addition a cycle, whatever the layer. Loops 0 to 3 are what one output needs (passes over
// digits, chunks of channels, taps across and down), loops 4 to 7 are over outputs.
`include "asx_parameters.vh"

module asx_sequencer (
    input                     clock,
    input                     reset,
    input                     start,      // the image lies in the values
    output                    idle,
    output                    step_done,  // for one cycle; what `step` leaves is there
    output reg [31:0]         step,
    output reg [31:0]         cycles,     // since start

    output     [31:0]         line_address,
    input      [255:0]        line,       // eight fields of a descriptor

    output reg [32*`ASX_FIELDS-1:0] fields, // of the descriptor that runs
    output                    issue,      // what follows holds in this cycle
    output reg [31:0]         read_address,
    output reg [31:0]         write_address,
    output reg [31:0]         weight_address,
    output reg [31:0]         constant_address,
    output reg signed [31:0]  y,
    output reg signed [31:0]  x,
    output     [3:0]          pass,
    output                    first,      // of what an output needs
    output                    last,
    output                    last_tile
);
    localparam LOOPS = 8, LINES = `ASX_FIELDS / 8;
    localparam [2:0] IDLE = 0, FETCH = 1, BEGIN = 2, RUN = 3, DRAIN = 4, NEXT = 5;

    reg [2:0]           state;
    reg [3:0]           index;
    reg [32*LOOPS-1:0]  count;
    reg [LOOPS-1:0]     ended;  // the loop is in its last turn
    reg [LOOPS-1:0]     turns;  // the innermost one that is not: its number, one hot
    reg                 over;
    integer             d;

    assign idle = state == IDLE;
    assign step_done = state == NEXT;
    assign issue = state == RUN;
    assign line_address = step * LINES + {28'd0, index};
    assign pass = count[3:0];
    assign first = count[32*4-1:0] == 0;
    assign last = &ended[3:0];
    assign last_tile = ended[4];

    always @* begin
        over = 1'b1;
        for (d = 0; d < LOOPS; d = d + 1) begin
            ended[d] = count[32*d +: 32] == fields[32*(`ASX_F_SIZE+d) +: 32];
            turns[d] = over && !ended[d];
            over = over && ended[d];
        end
    end

    function [31:0] turned(input [31:0] address, input [32*LOOPS-1:0] delta, input [LOOPS-1:0] at);
        integer i;
        begin
            turned = 0;
            for (i = 0; i < LOOPS; i = i + 1)
                turned = turned | (delta[32*i +: 32] & {32{at[i]}});
            turned = turned + address;
        end
    endfunction

    always @(posedge clock) begin
        cycles <= idle ? (start ? 0 : cycles) : cycles + 1;
        case (state)
        IDLE: begin
            step <= 0;
            index <= 0;
            if (start)
                state <= FETCH;
        end
        FETCH: begin
            if (index != 0)
                fields <= {line, fields[32*`ASX_FIELDS-1:256]};
            index <= index + 1;
            if (index == LINES)
                state <= BEGIN;
        end
        BEGIN: begin
            count <= 0;
            index <= 0;
            read_address <= fields[32*`ASX_F_READ +: 32];
            write_address <= fields[32*`ASX_F_WRITE +: 32];
            weight_address <= fields[32*`ASX_F_WEIGHT +: 32];
            constant_address <= fields[32*`ASX_F_CONSTANT +: 32];
            y <= fields[32*`ASX_F_Y +: 32];
            x <= fields[32*`ASX_F_X +: 32];
            state <= RUN;
        end
        RUN: begin
            for (d = 0; d < LOOPS; d = d + 1)
                count[32*d +: 32] <= turns[d] ? count[32*d +: 32] + 1
                                   : |(turns >> d) ? 0 : count[32*d +: 32];
            read_address <= turned(read_address, fields[32*(`ASX_F_READ+1) +: 256], turns);
            write_address <= turned(write_address, fields[32*(`ASX_F_WRITE+1) +: 256], turns);
            weight_address <= turned(weight_address, fields[32*(`ASX_F_WEIGHT+1) +: 256], turns);
            constant_address <= turned(constant_address, fields[32*(`ASX_F_CONSTANT+1) +: 256], turns);
            y <= turned(y, fields[32*(`ASX_F_Y+1) +: 256], turns);
            x <= turned(x, fields[32*(`ASX_F_X+1) +: 256], turns);
            if (over)
                state <= DRAIN;
        end
        DRAIN: begin // what was issued last is written
            index <= index + 1;
            if (index == `ASX_DRAIN - 1)
                state <= NEXT;
        end
        default: begin
            index <= 0;
            state <= step == `ASX_STEPS - 1 ? IDLE : FETCH;
            if (step != `ASX_STEPS - 1)
                step <= step + 1;
        end
        endcase
        if (reset) begin
            state <= IDLE;
            cycles <= 0;
        end
    end
endmodule
