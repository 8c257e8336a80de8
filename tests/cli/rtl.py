#!/usr/bin/env python3
"""Machines of asx rtl, simulated: rtl.py ASX SOURCE FOLDER (asx, the source tree, a folder of its own).

Glyphs on an array of 4 x 4 lanes in a design of every placement, every integer against the engine's, cycles as predicted;
every lane variant with every code and every input; memories with one digit changed, each of which the testbench must
find; what cannot be built; lint and check. Exit code 77, which is "skipped", where a simulator is missing.
"""
import json
import os
import re
import shutil
import subprocess
import sys

asx, source, folder = sys.argv[1:4]
missing = [tool for tool in ("iverilog", "verilator", "yosys") if not shutil.which(tool)]
if missing:
    print("skipped: there is no " + ", ".join(missing))
    sys.exit(77)
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
os.chdir(folder)


def run(*command, code=0, where="."):
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def make(design, name, *campaign, images="0:1", rows=4, columns=4):
    out = run(asx, "rtl", *campaign, "--design", design, "-o", name, "--rows", str(rows), "--columns", str(columns),
              "--images", images)
    return int(re.search(r"(\d+) cycles an image", out)[1])


# one digit, unsigned, near memory; beside it several signed digits at once and alphabets of inputs; in memory, layers of
# their own with exact (bit-serial), signed and longer words
designs = {
    "near": ("near: w4{1,3}a8", 4, 4),
    "vn": ("vn: w8s{1,3}a8{1,3} conv3=w8a8 fc=w4{1}a8", 4, 3),
    "in": ("in: w4{1,3}a8 conv2=w6s{1,5}a7 conv3=w4a8 fc=w2a4 pointwise1=w8{1}a8{1,3}", 3, 4),
}
for name, (design, rows, columns) in designs.items():
    cycles = make(design, name, rows=rows, columns=columns)
    out = run("./run-verilator", where=name)
    assert f"PASS: 1 images, 12474 integers equal, {cycles} cycles an image" in out, out
    plan = json.load(open(name + "/design.json"))
    assert plan["cycles"] == cycles == sum(step["cycles"] for step in plan["steps"])
    verilog = " ".join(f"rtl/{f}" for f in sorted(os.listdir(name + "/rtl")) if f.endswith(".v"))
    if name != "near": # which run-yosys checks, below
        run("yosys", "-q", "-p", f"read_verilog -Irtl {verilog}; hierarchy -check -top asx_machine; proc; check -assert", where=name)

# one changed digit of each memory is found, where it shows
for memory, line, digit in (("weights", 5, 15), ("constants", 1, 12), ("constants", 1, 5), ("descriptors", 21, 7)):
    path = f"near/mem/{memory}.hex"
    kept = open(path).read()
    lines = kept.split("\n")
    text = lines[line]
    lines[line] = text[:digit] + "%x" % (int(text[digit], 16) ^ 4) + text[digit + 1:]
    open(path, "w").write("\n".join(lines))
    out = run("build/simulation", where="near")
    assert "FAIL" in out and "PASS" not in out, (memory, out)
    open(path, "w").write(kept)
assert "PASS" in run("build/simulation", where="near")

# its modules beside the parts that the model has: the lanes that there are, and not so much larger
run("./run-yosys", where="near")
text = open(source + "/tests/cli/tiny.yaml").read().replace(
    "technology: horowitz45", 'technology: nangate45\n  parameters: ["lanes=16", "columns=4"]')
open("near.yaml", "w").write(text)
parts = json.loads(run(asx, "rtl", "near.yaml", "--design", designs["near"][0], "--compare", "near/stat", "--format", "json"))
parts = {row["part"]: row for row in (parts if isinstance(parts, list) else next(iter(parts.values())))}
assert parts["lanes"]["instances"] == 16 and parts["scale"]["instances"] == 4, parts
assert all(0.5 < parts[p]["ratio"] < 2 for p in ("precompute", "lanes", "scale")), parts
out = run(asx, "rtl", "--design", designs["near"][0], "--compare", "near/stat", code=1)
assert "256 lanes in 16 columns, the netlist 16 in 4" in out, out

# every lane variant: codes x inputs against the values that 'asx format' gives the codes
BENCH = """`include "asx_parameters.vh"
module bench;
    localparam N = {n};
    localparam [`ASX_PASSES*5-1:0] PLACES = `ASX_PLACES;
    reg [`ASX_INPUT-1:0] x; reg clock = 0; wire [`ASX_ALPHABETS*`ASX_MULTIPLE-1:0] multiples; reg [7:0] p = 0;
    wire signed [{bits}-1:0] product; wire carry; reg [31:0] codes [0:N-1], values [0:N-1]; integer i, k, sum, wrong = 0;
    asx_bank bank (.x(x), .multiples(multiples));
    {unit}
    initial begin
        $readmemh("codes", codes); $readmemh("values", values);
        for (i = 0; i < N; i = i + 1) begin
            #1 clock = 1; #1 clock = 0;
            for (k = -128; k < 256; k = k + 1) begin
                sum = 0;
                x = k;
                for (p = 0; p < `ASX_PASSES; p = p + 1) begin
                    #1 sum = sum + ((product + $signed({{1'b0, carry}})) <<< PLACES[p*5 +: 5]);
                end
                if (sum !== $signed(values[i]) * k) wrong = wrong + 1;
            end
        end
        $display("%0d wrong of %0d", wrong, N * 384);
        $finish;
    end
endmodule
"""
LANE = """asx_lane lane (.x(x), .multiples(multiples), .code(codes[i][`ASX_CODE-1:0]), .digit_set(p), .mode(4'd0),
        .product(product), .carry(carry));"""
MACRO = """asx_macro macro (.clock(clock), .address(i), .multiples(multiples), .digit_set(p), .mode(4'd0), .nodes(product)); assign carry = 0;"""
# beside memory all digits are taken at once, in memory plain words bit by bit
WORDS = {"near": ("w8", "w5", "w4{1}", "w4{1,3}", "w8{1,3}", "w8{1,3,5,7}", "w8q3{1,3}", "w6s{1}", "w8s{1,3}", "w7s{1,5}"),
         "vn": ("w8{1,3,5,7}", "w8q3{1,3}", "w7s{1,5}"),
         "in": ("w8", "w4{1,3}", "w7s{1,5}")}
products = 0
text = open(source + "/tests/cli/tiny.yaml").read().replace('calibrate: "0:64"', 'calibrate: "0:4"') # ranges do not matter here
open("lane.yaml", "w").write(text)
for place, word in [(p, w) for p in WORDS for w in WORDS[p]]:
    make(f"{place}: {word}a8", "lane", "lane.yaml", rows=1, columns=1)
    rows = json.loads(run(asx, "format", word + "a8", "--codes", "--format", "json"))
    rows = [r for r in rows["codes"] if r["operand"] == "weight"]
    open("codes", "w").writelines("%x\n" % int(r["code"], 2) for r in rows)
    open("values", "w").writelines("%x\n" % (r["value"] & 0xffffffff) for r in rows)
    unit, bits = (MACRO, "`ASX_TREE") if place == "in" else (LANE, "`ASX_PRODUCT")
    open("bench.v", "w").write(BENCH.format(n=len(rows), unit=unit, bits=bits))
    # the macro's only column holds the codes
    header = open("lane/rtl/asx_parameters.vh").read().replace("mem/weights.hex", "codes")
    header = re.sub(r"(ASX_WEIGHT_LINES) \d+", rf"\1 {len(rows)}", header)
    # inputs of either sign, as layers of both kinds ask for: a bit more
    header = header.replace("ASX_SIGNED 1'd0", "ASX_SIGNED 1'd1")
    header = re.sub(r"(ASX_INPUT|ASX_MULTIPLE|ASX_PRODUCT|ASX_TREE) (\d+)", lambda m: f"{m[1]} {int(m[2]) + 1}", header)
    open("lane/rtl/asx_parameters.vh", "w").write(header)
    run("iverilog", "-g2005", "-Ilane/rtl", "-o", "bench.vvp", "bench.v", "lane/rtl/asx_bank.v", "lane/rtl/asx_lane.v",
        "lane/rtl/asx_macro.v")
    out = run("vvp", "-n", "bench.vvp")
    assert f"\n0 wrong of {len(rows) * 384}" in "\n" + out, (place, word, out)
    products += len(rows) * 384
print(products, "products of lanes")

# another placement's words are built near memory where that is asked for
run(asx, "rtl", "--design", "in: w4{1,3}a8", "--near", "-o", "moved", "--rows", "4", "--columns", "4", "--images", "0:1")
assert json.load(open("moved/design.json"))["design"] == "near: w4{1,3}a8"

# what cannot be built is said by layer, and leaves no file
out = run(asx, "rtl", "--design", "near: w4a8 conv2=w8a12", "-o", "none", code=1)
assert "layer 'conv2': inputs of 12 bits" in out and not os.path.exists("none"), out
