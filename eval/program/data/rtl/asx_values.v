// The memory of values: as many banks as a vector has elements, so that a vector can begin at any
// element. Element a lies in bank a mod BANKS; what comes from the banks is rotated into its order.
module asx_values #(
    parameter BANKS = 4,
    parameter LOG = 2,     // BANKS = 2^LOG
    parameter LINES = 16
) (
    input                     clock,
    input  [31:0]             read_address,
    output [BANKS*16-1:0]     read_data,    // a cycle after the address
    input                     write,
    input  [31:0]             write_address,
    input  [LOG:0]            write_count,  // elements
    input  [BANKS*16-1:0]     write_data
);
    wire [BANKS*16-1:0]   stored;
    wire [2*BANKS*16-1:0] twice = {stored, stored};
    reg  [LOG-1:0]        offset;

    always @(posedge clock)
        offset <= read_address[LOG-1:0];

    assign read_data = twice[offset*16 +: BANKS*16];

    genvar b;
    generate
        for (b = 0; b < BANKS; b = b + 1) begin : bank
            localparam [LOG-1:0] NUMBER = b;
            wire [LOG-1:0] element = NUMBER - write_address[LOG-1:0];
            asx_memory #(.WIDTH(16), .DEPTH(LINES)) memory (
                .clock(clock),
                .read_address({{LOG{1'b0}}, read_address[31:LOG]} +
                              {31'd0, NUMBER < read_address[LOG-1:0]}),
                .read_data(stored[b*16 +: 16]),
                .write(write && {1'b0, element} < write_count),
                .write_address({{LOG{1'b0}}, write_address[31:LOG]} +
                               {31'd0, NUMBER < write_address[LOG-1:0]}),
                .write_data(write_data[element*16 +: 16])
            );
        end
    endgenerate
endmodule
