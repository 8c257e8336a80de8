// What the cells do.
module INV   (input A, output Y);          assign Y = ~A;       endmodule
module NAND2 (input A, input B, output Y); assign Y = ~(A & B); endmodule
module NOR2  (input A, input B, output Y); assign Y = ~(A | B); endmodule
module AND2  (input A, input B, output Y); assign Y = A & B;    endmodule
module OR2   (input A, input B, output Y); assign Y = A | B;    endmodule
module XOR2  (input A, input B, output Y); assign Y = A ^ B;    endmodule
module XNOR2 (input A, input B, output Y); assign Y = ~(A ^ B); endmodule
module FA    (input A, input B, input CI, output S, output CO);
    assign S  = A ^ B ^ CI;
    assign CO = (A & B) | (CI & (A | B));
endmodule
module MUX2  (input A, input B, input S, output Y); assign Y = S ? B : A; endmodule
`ifdef NO_REGISTERS
module DFF   (input CK, input D, output Q); assign Q = D; endmodule
`else
module DFF   (input CK, input D, output reg Q); always @(posedge CK) Q <= D; endmodule
`endif
