// Memory with one read and one write port, read a cycle after the address. The only place to put a
// macro of a technology: everything that is kept in words goes through here.
module asx_memory #(
    parameter WIDTH = 16,
    parameter DEPTH = 16,
    parameter ADDRESS = 32,
    parameter FILE = ""  // contents to begin with, for $readmemh; "": none
) (
    input                    clock,
    input      [ADDRESS-1:0] read_address,
    output reg [WIDTH-1:0]   read_data,
    input                    write,
    input      [ADDRESS-1:0] write_address,
    input      [WIDTH-1:0]   write_data
);
    localparam BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
    reg [WIDTH-1:0] word [0:DEPTH-1];

    integer i;
    initial
        if (FILE != "")
            $readmemh(FILE, word);
        else // what lies behind a vector is read, and multiplied by 0: in a simulation it is a number
            for (i = 0; i < DEPTH; i = i + 1)
                word[i] = 0;

    always @(posedge clock) begin
        read_data <= word[read_address[BITS-1:0]];
        if (write)
            word[write_address[BITS-1:0]] <= write_data;
    end
endmodule
