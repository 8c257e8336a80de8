// The machine: memories, the array, and what becomes of its sums. While it is idle, the host writes the
// image's integers into the values and reads what it left there.
//
// What the sequencer issues takes four cycles: the values come (1), become words (2), are multiplied and
// added (3), and a sum that is complete is scaled and written (4). Signals *_n belong to cycle n.
`include "asx_parameters.vh"

module asx_machine (
    input             clock,
    input             reset,
    input             start,
    output            idle,
    output            step_done,
    output     [31:0] step,
    output     [31:0] cycles,
    input             host_write,
    input      [31:0] host_address,
    input      [15:0] host_data,
    output     [15:0] host_read     // a cycle after the address
);
    localparam ROWS = `ASX_ROWS, COLUMNS = `ASX_COLUMNS, INPUT = `ASX_INPUT, CODE = `ASX_CODE,
               SUM = `ASX_SUM, TREE = `ASX_TREE, TOTAL = `ASX_TOTAL, BANKS = `ASX_BANKS,
               LOG = `ASX_LOG_BANKS;

    // ---- what is to be done ----
    wire [32*`ASX_FIELDS-1:0] fields;
    wire [255:0]       field_line;
    wire [31:0]        field_address, read_address, write_address, weight_address, constant_address;
    wire signed [31:0] y, x;
    wire [3:0]         pass;
    wire               issue, first, last, last_tile;

    asx_sequencer sequencer (
        .clock(clock), .reset(reset), .start(start), .idle(idle), .step_done(step_done), .step(step),
        .cycles(cycles), .line_address(field_address), .line(field_line), .fields(fields),
        .issue(issue), .read_address(read_address), .write_address(write_address),
        .weight_address(weight_address), .constant_address(constant_address), .y(y), .x(x),
        .pass(pass), .first(first), .last(last), .last_tile(last_tile)
    );
    asx_memory #(
        .WIDTH(256), .DEPTH(`ASX_STEPS * `ASX_FIELDS / 8), .FILE(`ASX_DESCRIPTOR_FILE)
    ) descriptors (
        .clock(clock), .read_address(field_address), .read_data(field_line), .write(1'b0),
        .write_address(32'd0), .write_data(256'd0)
    );

    wire [3:0]         kind = fields[32*`ASX_F_KIND +: 4];
    wire signed [31:0] y_end = fields[32*`ASX_F_Y_END +: 32], x_end = fields[32*`ASX_F_X_END +: 32];
    wire signed [31:0] y_count = fields[32*`ASX_F_Y_COUNT +: 32];
    wire signed [31:0] x_count = fields[32*`ASX_F_X_COUNT +: 32];
    wire signed [15:0] low = fields[32*`ASX_F_LOW +: 16], high = fields[32*`ASX_F_HIGH +: 16];
    wire [3:0]         mode = fields[32*`ASX_F_MODE +: 4];
    wire               layer = kind == `ASX_LAYER;

    // ---- cycle 0: the place under the tap ----
    wire in_map = y >= 0 && y < y_end && x >= 0 && x < x_end;
    wire counted = in_map || (y < y_count && x < x_count);
    reg  [31:0] taps; // of a window so far

    always @(posedge clock)
        if (issue)
            taps <= (first ? 0 : taps) + {31'd0, counted};

    // ---- cycles 1 to 4: what follows an issue ----
    reg               issue_1, issue_2, issue_3, first_1, first_2, first_3, last_1, last_2, last_3,
                      write_4, in_map_1, in_map_2, in_map_3, y_in_1;
    reg signed [31:0] x_1;
    reg [LOG:0]       count_1, count_2, count_3, count_4;
    reg [3:0]         pass_1, pass_2, pass_3;
    reg [31:0]        weight_1, weight_2, constant_1, constant_2, constant_3;
    reg [31:0]        write_1, write_2, write_3, write_address_4;

    always @(posedge clock) begin
        {issue_3, issue_2, issue_1} <= reset ? 3'd0 : {issue_2, issue_1, issue};
        {first_3, first_2, first_1} <= {first_2, first_1, first};
        {last_3, last_2, last_1} <= {last_2, last_1, last};
        {in_map_3, in_map_2, in_map_1} <= {in_map_2, in_map_1, in_map};
        write_4 <= issue_3 && last_3;
        y_in_1 <= y >= 0 && y < y_end;
        x_1 <= x;
        count_1 <= last_tile ? fields[32*`ASX_F_LAST +: LOG+1] : fields[32*`ASX_F_FULL +: LOG+1];
        {count_4, count_3, count_2} <= {count_3, count_2, count_1};
        {pass_3, pass_2, pass_1} <= {pass_2, pass_1, pass};
        {weight_2, weight_1} <= {weight_1, weight_address};
        constant_1 <= constant_address;
        constant_2 <= constant_1 + (kind == `ASX_MEAN ? taps : 0); // by then all of the window
        constant_3 <= constant_2;
        {write_address_4, write_3, write_2, write_1} <= {write_3, write_2, write_1, write_address};
    end

    // ---- cycle 1: values, padding in its place ----
    wire [BANKS*16-1:0] read_1;
    reg  [BANKS*16-1:0] vector_2, vector_3;
    wire [BANKS*16-1:0] result_4;
    wire [15:0]         fill = fields[32*`ASX_F_FILL +: 16];

    asx_values #(.BANKS(BANKS), .LOG(LOG), .LINES(`ASX_VALUE_LINES)) values (
        .clock(clock), .read_address(idle ? host_address : read_address), .read_data(read_1),
        .write(idle ? host_write : write_4),
        .write_address(idle ? host_address : write_address_4),
        .write_count(idle ? {{LOG{1'b0}}, 1'b1} : count_4),
        .write_data(idle ? {BANKS{host_data}} : result_4)
    );
    assign host_read = read_1[15:0];

    genvar g;
    generate
        for (g = 0; g < BANKS; g = g + 1) begin : element
            // where a line of words holds several taps, each has a place of its own
            wire signed [31:0] at = x_1 + (fields[32*`ASX_F_SPREAD] ? g : 0);
            wire inner = y_in_1 && at >= 0 && at < x_end;
            always @(posedge clock) begin
                vector_2[g*16 +: 16] <= inner ? read_1[g*16 +: 16] : fill;
                vector_3[g*16 +: 16] <= vector_2[g*16 +: 16];
            end
        end
    endgenerate

    // ---- cycle 2: words ----
    reg  [ROWS*INPUT-1:0] words_3;
    generate
        for (g = 0; g < ROWS; g = g + 1) begin : row
            wire [INPUT-1:0] word;
            asx_converter converter (
                .value(vector_2[g*16 +: 16]), .multiplier(fields[32*`ASX_F_FACTOR +: `ASX_MULTIPLIER]),
                .shift(fields[32*`ASX_F_FACTOR+24 +: 6]), .low(fields[32*`ASX_F_WORD_LOW +: 16]),
                .high(fields[32*`ASX_F_WORD_HIGH +: 16]), .nearest(fields[32*`ASX_F_NEAREST +: 32]),
                .word(word)
            );
            always @(posedge clock)
                words_3[g*INPUT +: INPUT] <= word;
        end
    endgenerate

    // ---- cycle 3: products and sums of the array ----
    wire [7:0]              digit_set = mode * `ASX_PASSES + pass_3;
    wire [COLUMNS*TREE-1:0] nodes;
    wire [COLUMNS*SUM-1:0]  sums_4;

    generate
        if (`ASX_PLACEMENT == `ASX_NEAR) begin : near
            asx_near lanes (
                .clock(clock), .address(weight_2), .x(words_3), .digit_set(digit_set), .mode(mode),
                .nodes(nodes)
            );
        end else if (`ASX_PLACEMENT == `ASX_IN) begin : memory_macro
            wire [ROWS*`ASX_ALPHABETS*`ASX_MULTIPLE-1:0] multiples;
            asx_banks banks (.x(words_3), .multiples(multiples));
            asx_macro bit_lines (
                .clock(clock), .address(weight_2), .multiples(multiples), .digit_set(digit_set), .mode(mode),
                .nodes(nodes)
            );
        end else begin : beside
            // placement vn: weights cross from the memory of the machine to the lanes
            wire [ROWS*COLUMNS*CODE-1:0] codes;
            asx_memory #(
                .WIDTH(ROWS * COLUMNS * CODE), .DEPTH(`ASX_WEIGHT_LINES), .FILE(`ASX_WEIGHT_FILE)
            ) weights (
                .clock(clock), .read_address(weight_2), .read_data(codes), .write(1'b0),
                .write_address(32'd0), .write_data({(ROWS * COLUMNS * CODE){1'b0}})
            );
            asx_array lanes (
                .x(words_3), .codes(codes), .digit_set(digit_set), .mode(mode), .nodes(nodes)
            );
        end
        for (g = 0; g < COLUMNS; g = g + 1) begin : column
            asx_accumulator accumulator (
                .clock(clock), .add(issue_3 && layer), .first(first_3), .digit_set(digit_set),
                .node(nodes[g*TREE +: TREE]), .sum(sums_4[g*SUM +: SUM])
            );
        end
    endgenerate

    // ---- cycle 3: windows and pairs; cycle 4: scaling, cutting ----
    wire [COLUMNS*64-1:0] constants; // of a column: {2 unused, shift 6, multiplier 24, bias 32}
    asx_memory #(
        .WIDTH(COLUMNS * 64), .DEPTH(`ASX_CONSTANTS), .FILE(`ASX_CONSTANT_FILE)
    ) channel_constants (
        .clock(clock), .read_address(constant_3), .read_data(constants), .write(1'b0),
        .write_address(32'd0), .write_data({(COLUMNS * 64){1'b0}})
    );

    wire [BANKS*TOTAL-1:0] pools_4;
    generate
        for (g = 0; g < BANKS; g = g + 1) begin : lane
            asx_reducer reducer (
                .clock(clock), .issue(issue_3), .first(first_3),
                .take(in_map_3 || kind == `ASX_FILL), .kind(kind), .value(vector_3[g*16 +: 16]),
                .result(pools_4[g*TOTAL +: TOTAL])
            );
            wire signed [TOTAL-1:0] pool = pools_4[g*TOTAL +: TOTAL];
            wire [15:0] cut = pool < low ? low : pool > high ? high : pool[15:0];
            if (g < COLUMNS) begin : scaled
                wire signed [SUM-1:0]   sum = sums_4[g*SUM +: SUM];
                wire signed [31:0]      bias = constants[g*64 +: 32];
                // a sum that is not complete does not reach the scaler, which would toggle with every addition
                wire signed [TOTAL-1:0] total = !write_4 ? 0 : layer ? sum + bias : pool;
                wire signed [15:0]      result;
                asx_scaler #(.TOTAL(TOTAL)) scaler (
                    .total(total), .multiplier(constants[g*64+32 +: `ASX_MULTIPLIER]),
                    .shift(constants[g*64+56 +: 6]), .low(low), .high(high), .result(result)
                );
                assign result_4[g*16 +: 16] =
                    layer || kind == `ASX_MEAN || kind == `ASX_MUL ? result : cut;
            end else begin : plain
                assign result_4[g*16 +: 16] = cut;
            end
        end
    endgenerate
endmodule
