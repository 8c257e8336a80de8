// Placement near: the lanes stand at the edge of the memory that holds their weights, so no weight
// leaves this module; what comes out is the sum of a pass for every column.
`include "asx_parameters.vh"

module asx_near (
    input                               clock,
    input  [31:0]                       address, // a cycle before x
    input  [`ASX_ROWS*`ASX_INPUT-1:0]   x,
    input  [7:0]                        digit_set,
    input  [3:0]                        mode,
    output [`ASX_COLUMNS*`ASX_TREE-1:0] nodes
);
    localparam WIDTH = `ASX_ROWS * `ASX_COLUMNS * `ASX_CODE;
    wire [WIDTH-1:0] codes;

    asx_memory #(.WIDTH(WIDTH), .DEPTH(`ASX_WEIGHT_LINES), .FILE(`ASX_WEIGHT_FILE)) weights (
        .clock(clock), .read_address(address), .read_data(codes), .write(1'b0),
        .write_address(32'd0), .write_data({WIDTH{1'b0}})
    );
    asx_array array (.x(x), .codes(codes), .digit_set(digit_set), .mode(mode), .nodes(nodes));
endmodule
