// What the cells do.
module INV   (input A, output Y);          assign Y = ~A;       endmodule
module NAND2 (input A, input B, output Y); assign Y = ~(A & B); endmodule
module NOR2  (input A, input B, output Y); assign Y = ~(A | B); endmodule
module AND2  (input A, input B, output Y); assign Y = A & B;    endmodule
module OR2   (input A, input B, output Y); assign Y = A | B;    endmodule
module XOR2  (input A, input B, output Y); assign Y = A ^ B;    endmodule
module XNOR2 (input A, input B, output Y); assign Y = ~(A ^ B); endmodule
