#!/usr/bin/env python3
"""Printed classifiers: bespoke.py ASX FOLDER [replay | rtl | narrow | shared | piped] (asx, a folder of its own; $ASX_DATA).

replay: all ten published ones answer label for label what their Verilog, simulated, does, as often right as said. rtl: two of them
as Verilog, simulated over the whole test set, checked and counted by Yosys, whose count of the wired cells is the model's; one is
proved equal to its description for every input; and a changed constant is found. narrow: drawn layers whose sums are no wider than
their masked inputs, simulated. shared: layers as adder graphs whose rows come from one another, simulated. piped:
drawn networks with registers, a row a clock; Yosys counts as many of each cell as the model. Exit code 77, which is "skipped", where data or tools are missing.
"""
import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys

asx, folder = sys.argv[1:3]
part = sys.argv[3] if len(sys.argv) > 3 else "replay"


def run(*command, code=0, where="."):
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def draw_narrow(rng):
    """A layer of few bits: sums no wider than their inputs, of which low bits alone are wired."""
    bits, inputs, outputs = rng.randint(2, 5), rng.randint(1, 3), rng.randint(2, 4)
    matrix = [[rng.choice([0, 1, 2, 4, 3, -1, -2]) for _ in range(inputs)] for _ in range(outputs)]
    masks = [[rng.choice([1, 1, 2, 3, (1 << bits) - 1]) for _ in range(inputs)] for _ in range(outputs)]
    layer = {"weights": matrix, "masks": masks, "biases": [rng.choice([0, 0, 1, -1, 3]) for _ in range(outputs)],
             "cuts": [rng.choice([0, 0, 1]) for _ in range(outputs)], "activation": {"kind": rng.choice(["linear", "relu"])}}
    return {"input_bits": bits, "layers": [layer]}, [[rng.randrange(1 << bits) for _ in range(inputs)] for _ in range(40)]


def simulate_narrow(n):
    """Drawn layers in which a mask and a shift meet in an expression: what is described answers as the definition does."""
    rng = random.Random(1)
    minimal = {"input_bits": 4, "layers": [{"weights": [[2, 0], [0, 1]], "masks": [[1, 15], [15, 15]], "biases": [0, 0],
                                            "activation": {"kind": "linear"}}]}
    drawn = [(minimal, [[i % 16, i // 16] for i in range(256)])] + [draw_narrow(rng) for _ in range(n)]
    for i, (design, rows) in enumerate(drawn):
        with open("narrow.json", "w") as f:
            json.dump(design, f)
        with open("narrow.csv", "w") as f:
            f.writelines(",".join(map(str, row)) + "\n" for row in rows)
        run(asx, "bespoke", "rtl", "narrow.json", "narrow.csv", "-o", f"narrow{i}")
        assert f"PASS: {len(rows)} rows" in run("./run-iverilog", where=f"narrow{i}"), design


def band(n, taps):
    """Each row is the one before, moved by a column."""
    return [[85 * taps[i - j] if 0 <= i - j < len(taps) else 0 for i in range(n + len(taps) - 1)] for j in range(n)]


def draw_layers(rng):
    """Two layers, rows of the first from few others."""
    base = [[rng.randint(-127, 127) for _ in range(7)] for _ in range(3)]
    first = [[x * rng.choice([1, 2, 4, 8]) + rng.randint(-1, 1) for x in rng.choice(base)] for _ in range(10)]
    masks = [[rng.choice([15, 15, 7, 3]) for _ in row] for row in first]
    second = [[rng.randint(-31, 31) for _ in first] for _ in range(5)]
    hidden = rng.choice([{"kind": "relu"}, {"kind": "saturating_relu", "drop_lsb": 5, "max": 255}])
    return [{"weights": first, "masks": masks, "biases": [rng.randint(-500, 500) for _ in first], "activation": hidden},
            {"weights": second, "biases": [rng.randint(-500, 500) for _ in second], "activation": {"kind": "linear"}}]


def simulate_shared(n):
    """What is described and the cells of shared adders answer as the definition does."""
    rng = random.Random(1)
    bands = [band(26, taps) for taps in ((512, 64, 8, 1), (1, -8, 64, -512))]
    bands += [[list(column) for column in zip(*matrix)] for matrix in bands]
    layers = [[{"weights": m, "biases": [0] * len(m), "activation": {"kind": "linear"}}] for m in bands]
    layers += [draw_layers(rng) for _ in range(n)]
    for i, these in enumerate(layers):
        with open("shared.json", "w") as f:
            json.dump({"input_bits": 4, "layers": these}, f)
        with open("shared.csv", "w") as f:
            for _ in range(60):
                f.write(",".join(str(rng.choice([0, 15, rng.randrange(16)])) for _ in these[0]["weights"][0]) + "\n")
        run(asx, "bespoke", "rtl", "shared.json", "shared.csv", "-o", f"shared{i}", "--sharing", "shared")
        assert "PASS: 60 rows" in run("./run-iverilog", where=f"shared{i}"), these


def simulate_piped(n):
    """Registers between layers, or after so many adders: every class comes as many clocks late as is said, whatever the row
    before was; Yosys counts registers and full adders as the model does, and proves what is between them."""
    rng = random.Random(2)
    for i in range(n):
        layers = draw_layers(rng)
        for name in ("weights", "masks", "biases"):
            layers[0][name] = layers[0][name][:4]
        layers[1]["weights"] = [row[:4] for row in layers[1]["weights"]]
        with open("piped.json", "w") as f:
            json.dump({"input_bits": 4, "layers": layers}, f)
        with open("piped.csv", "w") as f:
            f.writelines(",".join(str(rng.randrange(16)) for _ in layers[0]["weights"][0]) + "\n" for _ in range(60))
        how = ["--technology", ["nangate45", "egt"][i % 2], "--pipeline", ["layers", "2", "1", "layers"][i % 4]]
        model = json.loads(run(asx, "bespoke", "cost", "piped.json", *how, "--format", "json"))
        total, parts = model["designs"][0], model["parts"]
        said = run(asx, "bespoke", "rtl", "piped.json", "piped.csv", "-o", f"piped{i}", *how)
        assert f"{total['registers']} registers" in said and total["latency"] > 1, (said, total)
        assert f"a row a clock, {total['latency']} clocks late" in run("./run-iverilog", where=f"piped{i}"), (layers, how)
        if not shutil.which("yosys"):
            continue
        stat = "read_liberty -lib lib/cells.lib; read_verilog rtl/asx_bespoke_cells.v; check -assert; stat"
        counted = dict(re.findall(r"^ +([A-Z0-9]+) +(\d+)$", run("yosys", "-p", stat, where=f"piped{i}"), re.M))
        for cell in ("DFF", "FA", "MUX2", "INV", "XOR2", "NAND2"):
            assert int(counted.get(cell, 0)) == sum(part.get(cell, 0) for part in parts), (cell, counted, parts)
    # registers less are found
    path = "piped0/rtl/asx_bespoke_cells.v"
    text = open(path).read()
    less = re.sub(r"    DFF (g\d+) \(.CK\(clk\), .D\((n\d+)\), .Q\((n\d+)\)\);", r"    assign \3 = \2;", text, count=20)
    assert less != text
    open(path, "w").write(less)
    assert "FAIL" in run("./run-iverilog", code=1, where="piped0")
    # between the registers: proven for every input of a small one
    small = {"input_bits": 2, "layers": [{"weights": [[3, -5, 1], [1, 7, -2]], "biases": [4, -1], "activation": {"kind": "relu"}},
                                         {"weights": [[3, -1], [-1, 2]], "biases": [0, 1], "activation": {"kind": "linear"}}]}
    json.dump(small, open("small.json", "w"))
    open("small.csv", "w").write("1,2,3\n")
    run(asx, "bespoke", "rtl", "small.json", "small.csv", "-o", "small", "--technology", "nangate45", "--pipeline", "1")
    if shutil.which("yosys"):
        run("./run-yosys", "--prove", where="small")


def skip_without(*tools):
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        print("skipped: there is no " + ", ".join(missing))
        sys.exit(77)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.chdir(folder)


if part == "narrow":
    skip_without("iverilog")
    simulate_narrow(30)
    sys.exit(0)
if part == "shared":
    skip_without("iverilog")
    simulate_shared(4)
    sys.exit(0)
if part == "piped":
    skip_without("iverilog")
    simulate_piped(4)
    sys.exit(0)

designs = os.path.join(os.environ.get("ASX_DATA", ""), "printed", "designs")
if not os.path.isdir(designs):
    print(f"skipped: '{designs}' is not there (set ASX_DATA)")
    sys.exit(77)


def check(name):
    at = os.path.join(designs, name)
    said = json.load(open(os.path.join(at, "design.json")))["test_set"]
    out = run(asx, "bespoke", "check", f"{at}/design.json", f"{at}/x_test.csv", "--labels", f"{at}/labels.csv", "--classes",
              f"{at}/y_test.csv", "--format", "csv")
    row = next(csv.DictReader(io.StringIO(out)))
    assert int(row["rows"]) == int(row["labels_equal"]) == said["samples"], (name, row)
    assert int(row["correct"]) == said["correct"], (name, row, said)
    assert float(row["accuracy_low"]) < said["percent"] < float(row["accuracy_high"])


def synthesise(name, *options):
    at = os.path.join(designs, name)
    run(asx, "bespoke", "rtl", f"{at}/design.json", f"{at}/x_test.csv", "-o", name)
    rows = sum(1 for _ in open(f"{at}/x_test.csv"))
    assert f"PASS: {rows} rows" in run("./run-iverilog", where=name)
    areas = dict(re.findall(r"^(\w+) .*: ([\d.]+)$", run("./run-yosys", *options, where=name), re.M))
    out = run(asx, "bespoke", "cost", f"{at}/design.json", "--format", "json")
    model = json.loads(out)["designs"][0]
    assert abs(float(areas["built"]) - 100 * model["area_cm2"]) < 0.01, (name, areas, model)
    print(f"{name}: model {100 * model['area_cm2']:.2f} mm2, Yosys' own synthesis {areas['synthesised']} mm2")


if part == "replay":
    names = sorted(os.listdir(designs))
    assert len(names) == 10, names
    for name in names:
        check(name)
    sys.exit(0)



skip_without("iverilog", "verilator", "yosys")
synthesise("date24_cardio", "--prove")
synthesise("esl24_cardio")
assert "PASS: 213 rows" in run("./run-verilator", where="date24_cardio")
# a constant that is another one shows
path = "date24_cardio/rtl/asx_bespoke.v"
text = open(path).read()
assert "= 12'd512" in text
open(path, "w").write(text.replace("= 12'd512", "= 12'd1900", 1))
assert "FAIL" in run("./run-iverilog", code=1, where="date24_cardio")
