#!/usr/bin/env python3
"""Energies of netlists, run-toggles: toggles.py ASX SOURCE FOLDER (asx, the source tree, a folder of its own).

Two gates whose energies are known in closed form, with a pulse that passes and one that is too short; the array of a
machine against Icarus Verilog, whose cells count their own transitions, settled and with delays; the whole way from
asx rtl to asx rtl --energies; what is missing is said. Exit code 77, which is "skipped", where a tool is missing.
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
sys.dont_write_bytecode = True
sys.path.insert(0, source + "/eval/program/data/rtl")
from gates import Circuit
from liberty import Library


def run(*command, code=0, where=".", env=None):
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, env=env)
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def near(a, b):
    assert abs(a - b) < 1e-9 * max(abs(a), abs(b), 1), (a, b)


# ---- a made-up library: 2 V, a load in fF, every table one number ----
def arcs(kind, related, when, **tables):
    when = f'when : "{when}";' if when else ""
    return (f'{kind} () {{ related_pin : "{related}"; {when} '
            + " ".join(f'{name} (scalar) {{ values ("{value}"); }}' for name, value in tables.items()) + " }")


def output(name, function, inputs, delay, energy):
    """@param energy  [(related pin, when, rise, fall)]"""
    times = dict(cell_rise=delay, cell_fall=delay, rise_transition=.1, fall_transition=.1)
    timing = " ".join(arcs("timing", i, "", **times) for i in inputs)
    power = " ".join(arcs("internal_power", pin, when, rise_power=r, fall_power=f) for pin, when, r, f in energy)
    return f'pin ({name}) {{ direction : output; function : "{function}"; {timing} {power} }}'


def cell(name, area, inputs, *rest):
    pins = " ".join(f"pin ({i}) {{ direction : input; capacitance : {c}; }}" for i, c in inputs.items())
    return f"cell ({name}) {{ area : {area}; {pins} {' '.join(rest)} }}\n"


def library(name, *cells):
    with open(name, "w") as file:
        file.write('library (made_up) { time_unit : "1ns"; capacitive_load_unit (1,ff); nom_voltage : 2.0;\n/* cells */\n'
                   + "".join(cells) + "}\n")
    return name


def two_gates(inverter_delay):
    return library("two.lib",
                   cell("INV", 1, {"A": 1}, output("Y", "!A", "A", inverter_delay, [("A", "", 5, 7)])),
                   cell("XOR", 2, {"A": 3, "B": 4}, output("Y", "A ^ B", "AB", .1, [
                       ("A", "!B", 11, 13), ("A", "B", 17, 19), ("B", "!A", 23, 29), ("B", "A", 31, 37)])))


def two_circuit(path, cells):
    """Ports a, b and y; @return circuit and nets of the ports"""
    ports = {"a": [2], "b": [3], "y": [4]}
    inner = {str(i): {"type": t, "connections": {p: [b] for p, b in pins.items()}} for i, (t, pins) in enumerate(cells)}
    module = {"ports": {n: {"bits": b} for n, b in ports.items()}, "cells": inner}
    circuit = Circuit({"top": module}, lambda name: "all")
    nets = circuit.place("top", {})
    circuit.build(Library(path, circuit.types), .02)
    return circuit, {n: b[0] for n, b in nets.items()}


def energies_of(circuit, nets, a, b, quantum):
    """Of strings of bits, a cycle each."""
    value = [0] * circuit.n_nets
    value[1] = (1 << len(a)) - 1
    for name, bits in (("a", a), ("b", b)):
        value[nets[name]] = int(bits[::-1], 2)
    circuit.settle(value)
    return circuit.measure(value, value[1] & ~1, quantum)


def energy(*given):
    """Total, and transitions."""
    return energies_of(*given)["all"]


# y = !a ^ b: the source a drives 1 fF, b 4 fF, the inverter 3 fF, each C V^2 / 2 = 2 C a toggle
ab = two_circuit(two_gates(.1), [("INV", {"A": 2, "Y": 5}), ("XOR", {"A": 5, "B": 3, "Y": 4})])
# a: 0 1 1, b: 0 0 1. First the inverter falls (7 + 6) and with it y; then b rises, and y too. Of y's transition counts the
# mean of the inputs that may be its cause: with A = B = 0 a fall by A is 13, by B 29; with B alone a rise 17 and 23
first, then = 2 * 1 + 7 + 6 + (13 + 29) / 2, 2 * 4 + (17 + 23) / 2
for quantum in (None, .01):
    near(energy(*ab, "011", "001", quantum)[0], first + then)
    near(energy(*ab, "011", "000", quantum)[0], first)  # another stream, another energy: b never moves
near(energy(*ab, "0110", "0010", None)[0], first + then + 2 * 1 + 5 + 6 + 2 * 4)  # both go back: y stays where it is
assert "all" not in energies_of(*ab, "000", "000", .01)
# y = !a ^ a is 1 where it settles. The source a drives 1 + 4 fF; y sees the inverter late: A and B are equal that long
for delay, passes in ((.5, True), (.05, False)):
    pulse = two_circuit(two_gates(delay), [("INV", {"A": 2, "Y": 5}), ("XOR", {"A": 5, "B": 2, "Y": 4})])
    near(energy(*pulse, "01", "00", None)[0], 2 * 5 + 7 + 6)
    total, toggles = energy(*pulse, "01", "00", .01)
    # a rises: both inputs are 1 as y falls, by A or by B (19, 37), then A falls, y rises by A, B being 1, or by B, A being 0
    near(total, 2 * 5 + 7 + 6 + ((19 + 37) / 2 + (17 + 23) / 2 if passes else 0))
    assert toggles == (3 if passes else 1), toggles
print("closed forms")

# ---- a machine's array in cells of one delay, against cells that count for themselves ----
inputs = {"A": 1.0, "B": 2.0}
full = {"A": 1.0, "B": 1.5, "C": 2.0}
step = [("A", "", 1, 2)]
library("cells.lib",
        cell("INV", 1, {"A": 1.0}, output("Y", "!A", "A", 1, step)),
        cell("BUF", 1.5, {"A": 1.0}, output("Y", "A", "A", 1, step)),
        cell("NAND", 2, inputs, output("Y", "(A&B)'", "AB", 1, step)),
        cell("NOR", 2, inputs, output("Y", "!(A|B)", "AB", 1, step)),
        cell("XOR", 3, inputs, output("Y", "(A ^ B)", "AB", 1, step)),
        cell("FULL", 6, full, output("CO", "A B + C (A + B)", "ABC", 1, step), output("S", "A^B^C", "ABC", 1, step)),
        cell("DFF", 6, {"D": 1.0, "CK": 1.0}, 'ff (IQ, IQN) { next_state : "D"; clocked_on : "CK"; }',
             output("Q", "IQ", (), 1, [("CK", "", 1, 2)])))
COUNT = "module {0} ({1}); input {2}; output {3}; assign #1000 {4}; {5} endmodule\n"
WATCH = "reg was_{0} = 0; always @({0}) if (bench.counts) bench.all = bench.all + 1; " \
        "always @(bench.sample) begin if (bench.counts && {0} !== was_{0}) bench.settled = bench.settled + 1; " \
        "was_{0} = {0}; end "
models = "".join((COUNT.format("INV", "A, Y", "A", "Y", "Y = ~A", WATCH.format("Y")),
                  COUNT.format("BUF", "A, Y", "A", "Y", "Y = A", WATCH.format("Y")),
                  COUNT.format("NAND", "A, B, Y", "A, B", "Y", "Y = ~(A & B)", WATCH.format("Y")),
                  COUNT.format("NOR", "A, B, Y", "A, B", "Y", "Y = ~(A | B)", WATCH.format("Y")),
                  COUNT.format("XOR", "A, B, Y", "A, B", "Y", "Y = A ^ B", WATCH.format("Y")),
                  COUNT.format("FULL", "A, B, C, CO, S", "A, B, C", "CO, S", "CO = A & B | C & (A | B), S = A ^ B ^ C",
                               WATCH.format("CO") + WATCH.format("S"))))
BENCH = """`timescale 1ps / 1ps
{models}
module bench;
    reg counts = 0, sample = 0; integer all = 0, settled = 0, i;
    reg [{lines}*{width}-1:0] stream; reg [{width}-1:0] now; wire [{nodes}-1:0] nodes; reg [{width}-1:0] words [0:{lines}-1];
    reg follows [0:{lines}-1];
    asx_array array (.x(now[{x}]), .codes(now[{codes}]), .digit_set(now[{digit_set}]), .mode(now[{mode}]), .nodes(nodes));
    initial begin
        $readmemb("stream", words); $readmemb("follows", follows);
        for (i = 0; i < {lines}; i = i + 1) begin
            counts = follows[i];
            now = words[i];
            #1000000 sample = !sample;
            #1;
        end
        $display("%0d settled %0d all", settled, all);
    end
endmodule
"""
CAMPAIGN = open(source + "/tests/cli/tiny.yaml").read().replace('calibrate: "0:64"', 'calibrate: "0:16"').replace(
    "technology: horowitz45",
    "technology: nangate45\n  parameters: [lanes=6, columns=2, lanes_per_bank=2, hold=1, stripe=1, sum_memory=0]")
open("m.yaml", "w").write(CAMPAIGN)
ADDER = "FULL:A,B,C,CO,S"


def make(name, design, images="0:1"):
    run(asx, "rtl", "m.yaml", "--design", design, "-o", name, "--rows", "3", "--columns", "2", "--images", images)


def toggles(name):
    """Runs run-toggles, @return the rows of its file"""
    run("./run-toggles", "../cells.lib", ADDER, "--cycles", "128", "--step", "1000", where=name)
    lines = [line.strip().split(",") for line in open(name + "/stat/toggles.csv") if line[0] != "#"]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def array_of(name, step):
    """What the array is given in a step: circuit, {port: [bit: integer over cycles]}, number of cycles, which follow"""
    rows = [line.split() for line in open(name + "/build/operands.txt")]
    head, rows = rows[0], [r for r in rows[1:] if r[0] == str(step)]
    modules = json.load(open(name + "/build/netlist.json"))["modules"]
    circuit = Circuit(modules, lambda module: "all")
    ports = circuit.place("asx_array", {})
    circuit.build(Library("cells.lib", circuit.types), .02)
    given = {}
    for port in ("x", "codes", "digit_set", "mode"):
        words = [int(r[head.index(port)], 16) for r in rows]
        given[port] = [sum((w >> b & 1) << t for t, w in enumerate(words)) for b in range(len(ports[port]))]
    return circuit, ports, given, [t > 0 and int(rows[t][1]) == int(rows[t - 1][1]) + 1 for t in range(len(rows))]


def compare(name, step):
    circuit, ports, given, follows = array_of(name, step)
    n = len(follows)
    value = [0] * circuit.n_nets
    value[1] = (1 << n) - 1
    place, at, words = {}, 0, [""] * n
    for port, bits in given.items():
        for net, b in zip(ports[port], bits):
            if circuit.find(net) > 1:
                value[circuit.find(net)] = b
        place[port] = f"{at + len(bits) - 1}:{at}"
        at += len(bits)
        words = ["".join(str(b >> t & 1) for b in reversed(bits)) + w for t, w in enumerate(words)]
    circuit.settle(value)
    counted = sum(f << t for t, f in enumerate(follows))
    mine = [circuit.measure(value, counted, quantum)["all"][1] for quantum in (None, 1)]
    open("stream", "w").write("\n".join(words))
    open("follows", "w").write("\n".join("%d" % f for f in follows))
    open("bench.v", "w").write(BENCH.format(models=models, lines=n, width=at, nodes=len(ports["nodes"]), **place))
    run("yosys", "-q", "-p", f"read_json {name}/build/netlist.json; hierarchy -top asx_array; delete =A:blackbox; "
        "write_verilog -noattr array.v")
    run("iverilog", "-g2005", "-o", "bench.vvp", "-s", "bench", "bench.v", "array.v")
    found = re.search(r"(\d+) settled (\d+) all", run("vvp", "-n", "bench.vvp"))
    assert [int(found[1]), int(found[2])] == mine and mine[1] > mine[0] > 0, (found[0], mine)
    print(f"{name}, step {step}: {mine[0]} transitions settled, {mine[1]} with delays, as Icarus counts")


make("set", "near: w4{1,3}a8")
rows = toggles("set")
compare("set", 3)
make("exact", "vn: w4a8")
exact = toggles("exact")
compare("exact", 2)

# parts and layers of the file; another image, other energies
layers = ["conv1", "depthwise1", "pointwise1", "conv2", "conv3", "depthwise2", "pointwise2", "fc"]
assert [r["layer"] for r in rows if r["part"] == "lanes"] == layers, rows
assert {r["part"] for r in rows} == {"precompute", "lanes", "accumulate", "scale"}
assert all(0 < float(r["toggles_settled"]) <= float(r["toggles"]) for r in rows), rows
assert all(0 < float(r["settled_pj"]) <= float(r["energy_pj"]) for r in rows), rows
assert {r["part"] for r in exact} == {"lanes", "accumulate", "scale"}  # which has no bank
lanes = lambda found: [float(r["energy_pj"]) for r in found if r["part"] == "lanes"]
os.rename("set", "first")
make("set", "near: w4{1,3}a8", images="1:2")
assert all(a != b for a, b in zip(lanes(toggles("set")), lanes(rows)))

# beside the model: energies of a layer over its multiply-accumulates, parts that add up
said = run(asx, "rtl", "m.yaml", "--design", "near: w4{1,3}a8", "--energies", "first/stat", "--format", "json")
table, said = said[:said.rindex("]") + 1], said[said.rindex("]") + 1:]
assert said == "\nnetlist: " + open("first/stat/toggles.csv").readline()[2:], said
table = json.loads(table)
at = {(r["layer"], r["part"]): r for r in table}
conv2 = next(r for r in rows if r["layer"] == "conv2" and r["part"] == "lanes")
near(at["conv2", "lanes"]["netlist_fj"], float(conv2["energy_pj"]) * float(conv2["cycles"]) / 331776 * 1000)
near(at["all", "array"]["netlist_fj"], sum(at["all", p]["netlist_fj"] for p in ("precompute", "lanes", "accumulate")))
near(at["all", "array"]["model_fj"], sum(at["all", p]["model_fj"] for p in ("precompute", "lanes", "accumulate")))
cost = json.loads(run(asx, "cost", "m.yaml", "--design", "near: w4{1,3}a8", "--format", "json"))
parts = {p["part"]: p["energy_pj"] for p in cost["parts"]}
macs = sum(layer["macs"] for layer in cost["layers"])
near(at["all", "accumulate"]["model_fj"], parts["accumulate"] / macs * 1000)

# what is wrong is said in one line
out = run("./run-toggles", "none.lib", where="set", code=1)
assert out == "run-toggles: there is no liberty file 'none.lib'\n", out
out = run(sys.executable, "run-toggles", "../cells.lib", where="set", code=1, env=dict(os.environ, PATH="/none"))
assert out == "run-toggles: needs 'yosys', and 'verilator' or 'iverilog'; there is no simulator\n", out
out = run("./run-toggles", "../m.yaml", where="set", code=1)
assert out.startswith("run-toggles: ") and out.count("\n") == 1, out
text = open("first/build/operands.txt").read()
changed = re.sub(r"(?m)^(3 \d+) ([0-9a-f]+)", lambda m: f"{m[1]} {int(m[2], 16) ^ 1:0{len(m[2])}x}", text)
open("first/build/operands.txt", "w").write(changed)
out = run(sys.executable, "-c", "import argparse, importlib.machinery, os, types\n"
          "m = types.ModuleType('m'); m.__file__ = os.path.abspath('run-toggles')\n"
          "importlib.machinery.SourceFileLoader('m', 'run-toggles').exec_module(m)\n"
          "try:\n    m.measure('../cells.lib', argparse.Namespace(slew=.02, step=1000, cycles=128))\n"
          "except ValueError as e:\n    print(e)\n", where="first")
assert re.search(r"step 3: bit \d+ of the sums is not what the testbench saw", out), out
out = run(asx, "rtl", "--design", "near: w4{1,3}a8", "--energies", "first/stat", code=1)
assert "256 lanes in 16 columns, the netlist 6 in 2" in out, out
for old, new, said in (("conv1", "conv9", "first/stat/toggles.csv:3: layer 'conv9' is none of the network's"),
                       ("precompute", "bank", "first/stat/toggles.csv:5: part 'bank' is none of the array's"),
                       ("fc,", "conv3,", "first/stat/toggles.csv: there is no layer 'fc'")):
    kept = open("first/stat/toggles.csv").read()
    open("first/stat/toggles.csv", "w").write(kept.replace(old, new))
    out = run(asx, "rtl", "m.yaml", "--design", "near: w4{1,3}a8", "--energies", "first/stat", code=1)
    assert out == f"asx: {said}\n", out
    open("first/stat/toggles.csv", "w").write(kept)
os.remove("first/stat/toggles.csv")
out = run(asx, "rtl", "m.yaml", "--design", "near: w4{1,3}a8", "--energies", "first/stat", code=1)
assert "first/stat/toggles.csv" in out, out
out = run(asx, "rtl", "m.yaml", "--design", "vn: w4a8", "--compare", "a", "--energies", "b", code=2)
assert "one of '-o DIR', '--compare DIR', '--energies DIR' is wanted" in out, out
make("macro", "in: w4a8")
out = run("./run-toggles", "../cells.lib", where="macro", code=1)
assert out == "run-toggles: the design is in memory: a macro is a model, no circuit\n", out
