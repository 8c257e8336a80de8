// Placement in: A MODEL OF THE BEHAVIOUR of a macro whose bit-lines form products inside the memory. It
// is no circuit: simulate with it, and put a macro of your technology here. The periphery around it
// (banks that drive the multiples, accumulators, everything else) is the machine's own and is built.
//
// A pass lets the stored digit of every cell choose one of the row's multiples (of plain words: its
// bit, the input word itself); a column gives the sum of what its cells chose.
`include "asx_parameters.vh"

module asx_macro (
    input                                                       clock,
    input      [31:0]                                           address, // a cycle before the multiples
    input      [`ASX_ROWS*`ASX_ALPHABETS*`ASX_MULTIPLE-1:0]     multiples,
    input      [7:0]                                            digit_set,
    input      [3:0]                                            mode,
    output reg [`ASX_COLUMNS*`ASX_TREE-1:0]                     nodes
);
    localparam ROWS = `ASX_ROWS, COLUMNS = `ASX_COLUMNS, CODE = `ASX_CODE, ENTRY = 11,
               SETS = `ASX_MODES * `ASX_PASSES, TABLE = (1 << `ASX_INDEX) * ENTRY,
               TREE = `ASX_TREE, MULTIPLE = `ASX_MULTIPLE;
    localparam [SETS*TABLE-1:0] TABLES = `ASX_DIGIT_TABLE; // as the lanes' of the other placements
    localparam [SETS*5-1:0] OFFSETS = `ASX_OFFSETS;
    localparam [SETS*4-1:0] WIDTHS = `ASX_WIDTHS;
    localparam [`ASX_MODES*5-1:0] SIGNS = `ASX_SIGNS;

    reg  [ROWS*COLUMNS*CODE-1:0] cells [0:`ASX_WEIGHT_LINES-1];
    reg  [ROWS*COLUMNS*CODE-1:0] line;
    reg  [31:0]               word, index;
    reg  [ENTRY-1:0]          entry;
    reg  [4:0]                sign;
    reg  signed [TREE-1:0]    chosen, sum;
    reg  [MULTIPLE-1:0]       multiple;
    integer r, c;

    initial $readmemh(`ASX_WEIGHT_FILE, cells);

    always @(posedge clock)
        line <= cells[address];

    always @* begin
        sign = SIGNS[5*mode +: 5];
        for (c = 0; c < COLUMNS; c = c + 1) begin
            sum = 0;
            for (r = 0; r < ROWS; r = r + 1) begin
                word = {{(32 - CODE){1'b0}}, line[(c*ROWS+r)*CODE +: CODE]};
                index = (word >> OFFSETS[5*digit_set +: 5]) & ~(32'hffffffff << WIDTHS[4*digit_set +: 4]);
                entry = TABLES[digit_set*TABLE+index[`ASX_INDEX-1:0]*ENTRY +: ENTRY];
                multiple = multiples[(r*`ASX_ALPHABETS+entry[5:2])*MULTIPLE +: MULTIPLE];
                chosen = {{(TREE - MULTIPLE){`ASX_SIGNED && multiple[MULTIPLE-1]}}, multiple} << entry[10:6];
                if (entry[0])
                    sum = entry[1] ^ (sign != 31 && word[sign]) ? sum - chosen : sum + chosen;
            end
            nodes[c*TREE +: TREE] = sum;
        end
    end
endmodule
