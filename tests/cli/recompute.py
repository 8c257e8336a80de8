"""Costs of designs, worked out anew in another language and style, against the program's.

    recompute.py ASX SOURCE_FOLDER WORK_FOLDER

The technology is the toy of toy.h, whose prices are closed formulas, so nothing of the program's fits
is used. Layers' shapes are read from 'asx inspect', work beside their products from 'asx cost'; mapping,
circuits, energies, cycles and areas are computed here: reuse is found by walking the nest of loops and
asking which of them an operand depends on, not by the program's formulas. Ten designs on each of three
networks (four with ASX_DATA) must agree within 0.1 %, and the mapping must be the same."""
import itertools
import json
import math
import os
import subprocess
import sys

ceil, sqrt = math.ceil, math.sqrt
DESIGNS = ["vn: w8a8", "vn: w4a8", "vn: w8{1}a8", "vn: w6{1,3}a4", "near: w8a8", "near: w4{1}a8", "near: w8{1,3}a6",
           "in: w8a8", "in: w4a8", "in: w6{1,3}a8"]

# The machine's parameters that are not the defaults: a small activation memory, so that some layers spill.
PARAMS = dict(lanes=256, columns=16, lanes_per_bank=4, hold=8, stripe=32, subarray_rows=256, subarray_columns=128,
              bus_bits=128, weight_buffer_kb=1, activation_kb=48, bus_mm=1.25, segment_rows=32, scale_bits=16,
              off_chip_bits=32)
DEPTH = PARAMS["lanes"] // PARAMS["columns"]
SUB_KB, SUM_KB = 4.0, 2.0


def toy():
    """The technology as CSV; prices are the functions below."""
    out = ["component,quantity,x,y,value,unit,use,source", "technology,node,,,45,nm,fit,toy",
           "technology,voltage,,,1,V,fit,toy", "add,energy,8,,8,pJ,fit,toy", "mux,energy,1,,0.1,pJ,fit,toy",
           "gate,energy,1,,10,fJ,fit,toy", "register,energy,1,,0.5,pJ,fit,toy", "bitline,energy,1,,0.001,pJ,fit,toy",
           "wire,energy,1,,1,pJ,fit,toy", "dram,energy,64,,1.28,nJ,fit,toy"]
    for q, u in (("area", "um2"), ("leakage", "nW")):
        out += [f"add,{q},8,,16,{u},fit,toy", f"mux,{q},1,,0.2,{u},fit,toy", f"gate,{q},1,,0.1,{u},fit,toy",
                f"register,{q},1,,3,{u},fit,toy"]
    for x in (2, 4, 8, 16):
        out += [f"multiply,energy,{x},{x},{.01 * x * x},pJ,fit,toy", f"multiply,area,{x},{x},{x * x},um2,fit,toy",
                f"multiply,leakage,{x},{x},{x * x},nW,fit,toy"]
    for kb in (1, 4, 16, 64, 256, 1024):
        for y in (16, 64, 128):
            e, a = .1 * y * sqrt(kb), 1000 * kb + 10 * y
            out += [f"sram,energy,{kb},{y},{e!r},pJ,fit,toy", f"sram,write,{kb},{y},{2 * e!r},pJ,fit,toy",
                    f"sram,area,{kb},{y},{a},um2,fit,toy", f"sram,leakage,{kb},{y},{a},nW,fit,toy"]
    return "\n".join(out) + "\n"


class Energy:
    add, mux, gate, register, bitline, wire, dram = 1, .1, .01, .5, .001, 1, 20
    multiply = staticmethod(lambda x, y: .01 * x * y)


class Area:
    add, mux, gate, register, bitline, wire, dram = 2, .2, .1, 3, 0, 0, 0
    multiply = staticmethod(lambda x, y: x * y)


def sram_area(kb, bits):
    return 1000 * kb + 10 * bits


def log2c(n):
    return max(0, (int(n) - 1).bit_length())


class Word:
    """A weight: plain, or sign and digits of at most four bits of the set's multiples."""

    def __init__(self, text):
        bits, _, rest = text.partition("{")
        self.bits = int(bits)
        self.set = sorted(int(a) for a in rest.rstrip("}").split(",")) if rest else []

    def all_alphabets(self):
        word = Word(str(self.bits))
        word.set = list(range(1, 1 << min(4, self.bits - 1), 2))
        return word

    def digits(self):
        """[(values)] of each digit, the lowest first."""
        out, left = [], self.bits - 1
        while left > 0:
            top = (1 << min(4, left)) - 1
            out.append(sorted({0} | {a << s for a in self.set for s in range(4) if a << s <= top}))
            left -= 4
        return out

    def stored_bits(self):
        return 1 + sum(log2c(len(v)) for v in self.digits()) if self.set else self.bits

    def codes(self):
        return sum(len(v) for v in self.digits()) if self.set else 0


def digit_facts(values):
    odd = [v >> ((v & -v).bit_length() - 1) for v in values if v]
    shift = max((v & -v).bit_length() - 1 for v in values if v)
    return set(odd), shift, log2c(max(odd)), log2c(max(values))


class Circuit:
    """What multiplies: energy per product, tree input, sum and bank use; and what is built for it."""

    def __init__(self, name, word, x_bits, place, layer_bits, job):
        self.name, self.word, self.x = name, word, x_bits
        self.serial = name == "digit-serial"
        in_memory = place == "in"
        digits = word.digits() if word.set else []
        self.passes = word.bits if name == "bit-serial" else len(digits) if self.serial or in_memory else 1
        self.product_bits = word.bits + x_bits
        widest = max((digit_facts(v)[3] for v in digits), default=0)
        one_digit = in_memory or self.serial
        self.tree_bits = (x_bits + widest + 1 if one_digit else self.product_bits) + log2c(DEPTH)
        self.sum_bits = layer_bits + x_bits + log2c(job.depth)
        self.bank_set = sorted({a for v in digits for a in digit_facts(v)[0]})
        self.in_memory, self.digit_values = in_memory, digits

    def digit(self, price, values):
        odd, shift, multiple, value = digit_facts(values)
        into, out = self.x + multiple, self.x + value
        pick = PARAMS["segment_rows"] * into * price.bitline if self.in_memory else \
            (len(odd) - 1) * into * price.mux + out * price.gate
        return pick + log2c(shift + 1) * out * price.mux

    def lane(self, price, built=False):
        if self.name == "bit-serial":
            return self.word.bits * PARAMS["segment_rows"] * self.x * price.bitline
        if self.name == "multiplier":
            return price.multiply(self.word.bits, self.x)
        values, total = self.digit_values, self.product_bits * price.gate
        if built and (self.in_memory or self.serial):  # one circuit, for the widest digit
            return total + self.digit(price, values[0])
        for i, v in enumerate(values):
            total += self.digit(price, v)
            if i and not (self.in_memory or self.serial):
                total += (self.x + 4 * i + digit_facts(v)[3]) * price.add
        return total

    def bank(self, price):
        return sum((self.x + log2c(a)) * price.add for a in self.bank_set if a in (3, 5, 7)) + \
            sum(self.adders_above(a, price) for a in self.bank_set if a > 7)

    def adders_above(self, a, price):
        # 9 and 15 take one adder; 11 and 13 one where 3x or 5x is there, as it is with all alphabets
        return (self.x + log2c(a)) * price.add


    def leakage(self, stored_bits, codes):
        """Of all lanes that work at once, pJ per cycle of 2 ns; the toy's nW are its um2."""
        a, lanes = Area, PARAMS["lanes"]
        columns = lanes / DEPTH
        um2 = lanes * self.lane(a, True) + (lanes - columns) * self.tree_bits * a.add
        um2 += columns * self.sum_bits * (a.add + a.register + log2c(self.passes) * a.mux)
        um2 += lanes / PARAMS["lanes_per_bank"] * self.bank(a)
        um2 += lanes * ((0 if self.in_memory else stored_bits) * a.register + codes * a.gate)
        return 1e-6 * um2 * 2


def circuits(word, x_bits, place, job):
    bits = word.bits
    full = word if word.set else word.all_alphabets()
    many = len(full.digits()) > 1
    out = []
    if not word.set:
        out.append(Circuit("bit-serial" if place == "in" else "multiplier", word, x_bits, place, bits, job))
    if place != "in":
        out.append(Circuit("selection", full, x_bits, place, bits, job))
    if place == "in" or many:
        out.append(Circuit("digit-serial" if many else "selection", full, x_bits, place, bits, job))
    return out


class Job:
    def __init__(self, shape):
        chw = lambda s: [int(v) for v in s.split("x")]
        (self.c, self.ih, self.iw), (self.k, self.oh, self.ow) = chw(shape["input"]), chw(shape["output"])
        self.kernel = chw(shape["kernel"])
        self.g = shape["groups"]
        self.inputs, self.outputs = self.c * self.ih * self.iw, self.k * self.oh * self.ow
        self.depth = self.c // self.g * self.kernel[0] * self.kernel[1]
        self.weights = self.k * self.depth
        self.macs = self.outputs * self.depth
        self.pixels = self.oh * self.ow


def unrollings(job):
    """(window, rows, groups side by side)"""
    c, k = job.c // job.g, job.k // job.g
    yield True, min(job.depth, DEPTH), 1
    if job.kernel != [1, 1]:
        yield False, min(c, DEPTH), 1
    if job.g > 1 and 2 * k <= PARAMS["columns"]:
        for d in sorted({ceil(job.depth / t) for t in range(1, job.depth + 1)}):
            if 2 * d <= DEPTH:
                yield True, d, min(PARAMS["columns"] // k, DEPTH // d, job.g)


def pieces(n, tiles, per, size):
    """[(things, tiles)] of whole blocks of `per` tiles, and of what is left."""
    rest = tiles % per
    whole = min(n, (tiles - rest) * size) if rest else n
    return [(whole, per)] + ([(n - whole, rest)] if rest else [])


def flows(job, w_bits, sum_bits, place):
    """All dataflows: a dict of counts each. Times that an operand is loaded: the product of the loops from the
    outermost to the innermost one that it depends on."""
    k, columns = job.k // job.g, PARAMS["columns"]
    buffer_words = 0 if place == "in" else 8192 * PARAMS["weight_buffer_kb"] * FLOOR["working"] // w_bits
    spill_words = 8192 * SUM_KB // sum_bits
    for window, rows, side in unrollings(job):
        c = job.c // job.g
        tiles_d = ceil(job.depth / rows) if window else job.kernel[0] * job.kernel[1] * ceil(c / rows)
        tiles_k, cols = ceil(k / columns), min(k, columns)
        orders = [(h, 1) for h in (1, 2, 4, 8) if h == 1 or h < 2 * job.pixels]
        orders += [(1, t) for t in (2, 4, 8) if t < 2 * tiles_k]
        options = []
        for h, t in orders:
            options += [(h, t, tiles_d, job.pixels, False), (h, t, tiles_d, job.pixels, True)]
            chunk = buffer_words // (rows * side * cols * min(t, tiles_k))
            alive = min(job.pixels, spill_words // (t * cols * side))
            if 2 <= chunk < tiles_d and alive >= h:
                options.append((h, t, chunk, alive, True))
        alive = min(job.pixels, spill_words // (cols * side)) if tiles_d > 1 else 0
        if alive >= 1:
            options.append((1, 1, 1, alive, False))
        for h, t, chunk, alive, buffered in options:
            loads = 0
            in_k = pieces(k, tiles_k, min(t, tiles_k), columns)
            in_d = depth_pieces(job, window, rows, tiles_d, min(chunk, tiles_d))
            for (nk, bk), (nd, bd) in itertools.product(in_k, in_d):
                # loops inside the blocks: pixel blocks, depth tiles, pixels, channel tiles
                if bk > 1:
                    times = job.pixels                       # tiles take turns, every pixel
                elif bd > 1:
                    times = ceil(job.pixels / h)             # depth tiles take turns, every block
                else:
                    times = ceil(job.pixels / max(h, alive))  # nothing takes turns
                loads += nk * nd * times
            loads *= job.g
            sweeps = ceil(tiles_k / t)
            enter = job.g * job.depth * job.pixels * sweeps
            groups = [min(columns, k - i * columns) for i in range(tiles_k)]
            met = sum(ceil(n / PARAMS["lanes_per_bank"]) for n in groups) if t == 1 else \
                sweeps * ceil(cols / PARAMS["lanes_per_bank"])
            spills = job.outputs * (ceil(tiles_d / chunk) - 1)
            registers = h * t if chunk > 1 or chunk >= tiles_d else 1
            held = alive * t * cols * side if spills else 0
            words = min(chunk, tiles_d) * min(t, tiles_k) * rows * side * cols
            reads = job.weights * (1 if chunk >= tiles_d else ceil(job.pixels / alive)) if buffered else loads
            if registers > PARAMS["hold"] or held > spill_words:
                continue
            if buffered and (words > buffer_words or reads >= loads):
                continue
            for line in (False, True):
                from_memory = min(enter, job.inputs * sweeps) if line else enter
                if line and from_memory >= enter:
                    continue
                yield dict(steps=ceil(job.g / side) * tiles_k * tiles_d * job.pixels, enter=enter, x_reads=from_memory,
                           line=line, banks=job.g * job.depth * job.pixels * met, loads=loads, reads=reads,
                           buffered=buffered, sums=job.outputs * tiles_d, spills=spills, registers=registers,
                           rotate=enter * log2c(rows) if window and c % rows else 0)


def depth_pieces(job, window, rows, tiles, per):
    if window:
        return pieces(job.depth, tiles, per, rows)
    rest = tiles % per
    if not rest:
        return [(job.depth, per)]
    c = job.c // job.g
    each = [min(rows, c - i * rows) for i in range(ceil(c / rows))] * (job.kernel[0] * job.kernel[1])
    return [(sum(each[:tiles - rest]), per), (sum(each[tiles - rest:]), rest)]


def floorplan(weight_kb):
    lane = Area.multiply(8, 8) + (16 + log2c(DEPTH)) * Area.add + \
        (16 + (16 + log2c(DEPTH)) * PARAMS["hold"] / DEPTH) * Area.register
    n = ceil(weight_kb / SUB_KB)
    f = dict(n=n, working=min(n, PARAMS["lanes"] // 16))
    f["each"] = PARAMS["lanes"] / f["working"]
    pitch = 1e-3 * sqrt(sram_area(SUB_KB, 128) + f["each"] * lane)
    grid = sqrt(n) * pitch
    array = 1e-3 * sqrt(PARAMS["lanes"] * lane + f["working"] * sram_area(PARAMS["weight_buffer_kb"], 128))
    best = (math.inf, 1, 1)
    rows = 1
    while rows <= DEPTH:
        cols = f["each"] / rows
        if cols <= PARAMS["columns"] and cols == int(cols) and DEPTH % rows == 0:
            to, over = PARAMS["columns"] / cols - 1, DEPTH / rows - 1
            best = min(best, (DEPTH * 8 * to + PARAMS["columns"] * 20 * over, to, over), key=lambda b: b[0])
        rows *= 2
    f["vn"] = dict(read=PARAMS["bus_mm"], enter=1.5 * array, write=PARAMS["bus_mm"], sums=0)
    f["near"] = f["in"] = dict(read=.75 * grid, enter=best[1] * pitch, write=.75 * grid, sums=best[2] * pitch)
    return f


FLOOR = {}


def scaling(sum_bits, price):
    multiplies = ceil(sum_bits / 8) * ceil(PARAMS["scale_bits"] / 8)
    return sum_bits * price.add + 16 * price.register + 32 * price.gate + multiplies * price.multiply(8, 8) + \
        (multiplies - 1) * sum_bits * price.add


def sqrt_bits(kb):
    return .1 * sqrt(kb)  # of a read, per bit


def price(job, other, place, word, x_bits, flow, circuit, weight_kb, line_kb):
    """Energy without leakage, cycles."""
    e, wires, shared, in_memory = Energy, FLOOR[place], place == "vn", place == "in"
    w_bits, sum_bits = word.stored_bits(), word.bits + x_bits + log2c(job.depth)
    act = sqrt_bits(PARAMS["activation_kb"])
    total = job.macs * circuit.lane(e) + flow["banks"] * circuit.bank(e)
    total += circuit.passes * ((job.macs - flow["sums"]) * circuit.tree_bits + flow["sums"] * sum_bits) * e.add
    latched = flow["sums"] * circuit.passes * sum_bits
    total += latched * (e.register + (flow["registers"] - 1 + log2c(circuit.passes)) * e.mux)
    if in_memory:
        total += job.macs * word.codes() * e.gate
    else:
        total += flow["reads"] * w_bits * (sqrt_bits(weight_kb) + PARAMS["bus_mm"] if shared else sqrt_bits(SUB_KB))
        total += flow["loads"] * (w_bits * e.register + word.codes() * e.gate)
        if flow["buffered"]:
            total += (2 * flow["reads"] + flow["loads"]) * w_bits * sqrt_bits(PARAMS["weight_buffer_kb"])
    read, written = flow["x_reads"] * x_bits, other["input_writes"] * x_bits
    total += read * (act + wires["read"]) + written * (2 * act + wires["write"])
    if flow["line"]:
        total += (2 * flow["x_reads"] + flow["enter"]) * x_bits * sqrt_bits(line_kb)
    total += flow["enter"] * x_bits * (e.register + wires["enter"]) + flow["rotate"] * x_bits * e.mux
    total += flow["spills"] * sum_bits * 3 * sqrt_bits(SUM_KB) + flow["sums"] * sum_bits * wires["sums"]
    total += job.outputs * scaling(sum_bits, e) + job.k * (32 + PARAMS["scale_bits"]) * act
    wide_in, wide_out = 16 * other["wide_writes"], 16 * other["wide_reads"]
    total += (other["added"] + other["pooled"]) * 16 * (e.add + e.register)
    total += wide_in * (2 * act + wires["write"]) + wide_out * (act + wires["read"])
    port = 128 if shared else FLOOR["working"] * 128
    cycles = [flow["steps"] * circuit.passes, (read + written + wide_in + wide_out) / 128,
              flow["enter"] * x_bits / 128 if flow["line"] else 0, 2 * flow["spills"] * sum_bits / 128]
    if not in_memory:
        cycles.append(flow["reads"] * w_bits / port)
        if flow["buffered"]:
            cycles.append((flow["reads"] + flow["loads"]) * w_bits / (FLOOR["working"] * 128))
    return total, max(cycles)


def run(asx, *arguments):
    done = subprocess.run([asx, *arguments, "--format", "json"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"asx {' '.join(arguments)}: {done.stderr}")
    return json.loads(done.stdout)


def check(asx, campaign, design, layers):
    place, _, text = design.partition(": ")
    weight, _, x_bits = text[1:].partition("a")
    word, x_bits = Word(weight), int(x_bits)
    shown = run(asx, "cost", campaign, "--design", design)
    jobs = [Job(layer) for layer in layers]
    weight_kb = SUB_KB * ceil(max(1, min(1024, ceil(sum(j.weights for j in jobs) / 1024))) / SUB_KB)
    line_kb = max(1, ceil(max(j.kernel[0] * j.iw * j.c for j in jobs) / 1024))
    FLOOR.clear()
    FLOOR.update(floorplan(weight_kb))
    leak_per_cycle = float(next(a["assumption"].split("= ")[1].split()[0] for a in shown["assumptions"]
                                if a["assumption"].startswith("leakage, nominal")))
    energy = cycles = 0
    largest = max(range(len(jobs)), key=lambda i: (jobs[i].macs, -i))
    kind = None  # the largest layer's circuit is the format's
    for job, other in sorted(zip(jobs, shown["mapping"]), key=lambda pair: pair[0] is not jobs[largest]):
        sum_bits = word.bits + x_bits + log2c(job.depth)
        best = (math.inf,)
        for flow in flows(job, word.stored_bits(), sum_bits, place):
            for circuit in circuits(word, x_bits, place, job):
                if kind and circuit.name != kind:
                    continue
                pj, busy = price(job, other, place, word, x_bits, flow, circuit, weight_kb, line_kb)
                leak = leak_per_cycle + circuit.leakage(word.stored_bits(), word.codes())
                if pj + busy * leak < best[0]:
                    best = (pj + busy * leak, pj, busy, flow, circuit)
        _, pj, busy, flow, circuit = best
        kind = kind or circuit.name
        image = other["input_writes"] * x_bits if other["image"] else 0
        spill = other["off_chip_bits"]
        act = sqrt_bits(PARAMS["activation_kb"])
        energy += pj + image * 20 + spill * (20 + .5 * 3 * act)
        cycles += ceil(max(busy, (spill + image) / PARAMS["off_chip_bits"]))
        for mine, theirs in ((flow["loads"] if place != "in" else 0, other["lane_loads"]), (flow["enter"], other["row_loads"]),
                             (flow["x_reads"], other["input_reads"]), (flow["sums"], other["sums"]),
                             (flow["spills"], other["spills"])):
            if mine != theirs:
                sys.exit(f"{campaign}, {design}, {other['layer']}: {other['dataflow']}, {other['circuit']} moves {theirs} "
                         f"words, here {flow}, {circuit.name}")
        if circuit.name != other["circuit"]:
            sys.exit(f"{campaign}, {design}, {other['layer']}: {other['circuit']}, here {circuit.name}")
    stored = sum(j.weights for j in jobs) * word.stored_bits()
    theirs = shown["summary"][0]
    leakage = next((p["energy_pj"] for p in shown["parts"] if p["part"] == "leakage"), 0)
    excess = max(0, stored - 8192 * weight_kb)
    if excess:
        sys.exit(f"{campaign}: the weights do not fit")
    for what, mine, value in (("energy", energy, theirs["energy_pj"] - leakage), ("cycles", cycles, theirs["cycles"]),
                              ("weight bits", stored, theirs["weight_bits"])):
        if abs(mine / value - 1) > 1e-3:
            sys.exit(f"{campaign}, {design}: {what} {value}, here {mine} ({100 * (mine / value - 1):.2f} %)")
    return abs(energy / (theirs["energy_pj"] - leakage) - 1)


def main():
    asx, source, work = sys.argv[1:4]
    os.makedirs(work, exist_ok=True)
    technology = os.path.join(work, "toy.csv")
    with open(technology, "w", encoding="ascii") as f:
        f.write(toy())
    nets = os.path.join(source, "scripts", "campaigns", "networks")
    networks = {"glyphs": "builtin:glyphs.onnx", "mobilenet": os.path.join(nets, "mobilenet_cifar10.onnx"),
                "pendigits": os.path.join(nets, "pendigits_mlp.onnx")}
    data = os.environ.get("ASX_DATA")
    if data:
        networks["resnet20"] = os.path.join(data, "models", "cifar10_resnet20.onnx")
    given = ", ".join(f"{k}={v}" for k, v in PARAMS.items())
    worst = 0
    for name, path in networks.items():
        campaign = os.path.join(work, f"{name}.yaml")
        with open(campaign, "w", encoding="ascii") as f:
            f.write(f"name: {name}\nnetwork: {path}\nhardware:\n  technology: {technology}\n  parameters: [{given}]\n")
        layers = run(asx, "inspect", campaign)["layers"]
        for design in DESIGNS:
            worst = max(worst, check(asx, campaign, design, layers))
    print(f"{len(DESIGNS)} designs on {len(networks)} networks: energies within {100 * worst:.2g} %")


main()
