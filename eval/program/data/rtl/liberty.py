"""Cells of a liberty file: functions, pin capacitances, delays, output slews, energies of transitions.

Capacitances and times are in the file's own units, energies in its unit of capacitance times V^2: see Library."""
import bisect
import functools
import re

ITEM = re.compile(r'\s*(?:([A-Za-z_]\w*)\s*(?:\(([^()]*)\)\s*(\{|;)?|:\s*("[^"]*"|[^;{}\n]*);?)|(\})|;)')


class Group:
    """A group of a liberty file: attributes by name, groups in it."""

    def __init__(self, kind, name):
        self.kind, self.name, self.value, self.groups = kind, name, {}, []

    def all(self, kind):
        return [g for g in self.groups if g.kind == kind]

    def number(self, name, default=None):
        text = self.value.get(name)
        return default if text is None else float(text)


def read_group(text, at, kind, name):
    """What follows an opening brace at `at`."""
    group = Group(kind, name)
    stack = [group]
    while stack:
        item = ITEM.match(text, at)
        if not item:
            raise ValueError(f"cell {name}: not liberty: {text[at:at + 40].strip()!r}")
        at = item.end()
        word, inside, follows, value, end = item.groups()
        if end:
            stack.pop()
        elif word and follows == "{":
            stack.append(Group(word, inside.strip().strip('"')))
            stack[-2].groups.append(stack[-1])
        elif word:
            stack[-1].value[word] = (inside if value is None else value).strip().strip('"')
    return group


class Expression:
    """A Boolean function in liberty's notation; ! or ' binds most, then ^, & (or *, or a space), | (or +)."""

    def __init__(self, text):
        self.token = re.findall(r"\w+|[!'^&*|+()]", text)
        self.pins = []
        self.python = self.any()
        if self.token:
            raise ValueError(f"function {text!r}: not understood")

    def next_is(self, signs):
        return bool(self.token) and self.token[0] in signs

    def any(self):
        left = self.all()
        while self.next_is("|+"):
            self.token.pop(0)
            left = f"({left}|{self.all()})"
        return left

    def all(self):
        left = self.different()
        while self.token and not self.next_is("|+)"):
            if self.next_is("&*"):
                self.token.pop(0)
            left = f"({left}&{self.different()})"
        return left

    def different(self):
        left = self.inverted()
        while self.next_is("^"):
            self.token.pop(0)
            left = f"({left}^{self.inverted()})"
        return left

    def inverted(self):
        if self.next_is("!"):
            self.token.pop(0)
            return f"({self.inverted()}^M)"
        if not self.token:
            raise ValueError("function: it ends too early")
        token = self.token.pop(0)
        if token == "(":
            result = self.any()
            if not self.next_is(")"):
                raise ValueError("function: a ')' is missing")
            self.token.pop(0)
        elif token in "01":
            result = "M" if token == "1" else "0"
        else:
            result = "p_" + token
            if token not in self.pins:
                self.pins.append(token)
        while self.next_is("'"):
            self.token.pop(0)
            result = f"({result}^M)"
        return result


@functools.lru_cache(maxsize=None)
def function(text, pins):
    """Of the pins, a tuple in this order, all bits of integers at once; M has a 1 for every bit that is meant."""
    e = Expression(text)
    unknown = [p for p in e.pins if p not in pins]
    if unknown:
        raise ValueError(f"function {text!r}: there is no pin {unknown[0]!r}")
    return eval("lambda M" + "".join(", p_" + p for p in pins) + ": " + e.python)


class Table:
    """Values over input slew and load, linear between its points and beyond them."""

    def __init__(self, group):
        numbers = lambda name: [float(n) for n in re.findall(r"[-+.\deE]+", group.value.get(name, "").replace("\\", " "))]
        self.slew, self.load, self.values = numbers("index_1"), numbers("index_2"), numbers("values")
        if len(self.values) != max(1, len(self.slew)) * max(1, len(self.load)):
            raise ValueError(f"{group.kind}: {len(self.values)} values for {len(self.slew)} x {len(self.load)} points")

    @staticmethod
    def place(axis, x):
        if len(axis) < 2:
            return 0, 0
        i = max(0, min(len(axis) - 2, bisect.bisect_right(axis, x) - 1))
        return i, (x - axis[i]) / (axis[i + 1] - axis[i])

    def at(self, slew, load):
        (i, s), (j, l) = self.place(self.slew, slew), self.place(self.load, load)
        n = max(1, len(self.load))
        row = lambda i: self.values[i * n + j] * (1 - l) + (self.values[i * n + j + 1] * l if l else 0)
        return row(i) * (1 - s) + (row(i + 1) * s if s else 0)


class Arc:
    """Tables of one related pin under one condition (None: always)."""

    def __init__(self, group):
        self.related = group.value.get("related_pin", "").split()
        self.when = group.value.get("when")
        self.table = {g.kind: Table(g) for g in group.groups}

    def at(self, kinds, slew, load):
        found = [self.table[k].at(slew, load) for k in kinds if k in self.table]
        return sum(found) / len(found) if found else 0.0


class Cell:
    def __init__(self, group):
        pins = {p.name: p for p in group.all("pin")}
        self.name = group.name
        self.inputs = tuple(n for n, p in pins.items() if p.value.get("direction") == "input")
        self.outputs = tuple(n for n, p in pins.items() if p.value.get("direction") == "output")
        self.capacitance = {n: pins[n].number("capacitance", 0.0) for n in self.inputs}
        self.power = {n: [Arc(g) for g in p.all("internal_power")] for n, p in pins.items()}
        self.timing = {n: [Arc(g) for g in pins[n].all("timing")] for n in self.outputs}
        self.text = {n: pins[n].value.get("function", "0") for n in self.outputs}
        ff = group.all("ff")
        self.clock = ff[0].value["clocked_on"] if ff else None
        if self.clock:
            state = ff[0].name.split(",")[0].strip().strip('"')
            self.next = function(ff[0].value["next_state"], self.inputs)
            self.inverted = {n: self.text[n].replace(" ", "") != state for n in self.outputs}
        else:
            self.of = {n: function(self.text[n], self.inputs) for n in self.outputs}
            self.causes = {n: [self.arcs_of(n, state) for state in range(1 << len(self.inputs))] for n in self.outputs}

    def arcs_of(self, pin, state):
        """Of the energies of an output, those that may hold where the inputs are in a state: of inputs that can have
        caused its transition, under their conditions; where there is none, all."""
        at = [state >> i & 1 for i in range(len(self.inputs))]
        moved = lambda i: self.of[pin](1, *(v ^ (j == i) for j, v in enumerate(at)))
        causes = {p for i, p in enumerate(self.inputs) if moved(i) != self.of[pin](1, *at)}
        hits = [i for i, a in enumerate(self.power[pin]) if (not a.related or set(a.related) & causes)
                and (not a.when or function(a.when, self.inputs)(1, *at))]
        return hits or list(range(len(self.power[pin])))

    def energies(self, pin, slew, load):
        """[state of the inputs] (of a rise, of a fall): means of the arcs that may hold"""
        arcs = [(a.at(("rise_power",), slew, load), a.at(("fall_power",), slew, load)) for a in self.power[pin]]
        mean = lambda hits, k: sum(arcs[i][k] for i in hits) / len(hits) if hits else 0.0
        return [(mean(hits, 0), mean(hits, 1)) for hits in self.causes[pin]]


class Library:
    """@param names  of cells that are wanted"""

    def __init__(self, path, names):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", open(path, errors="replace").read(), flags=re.S)
        head = text[:text.find("cell (") if "cell (" in text else len(text)]
        unit = re.search(r"capacitive_load_unit\s*\(\s*([\d.eE+-]+)\s*,\s*\"?(\w+)", head)
        volt = re.search(r"nom_voltage\s*:\s*\"?([\d.]+)", text) or re.search(r"\bvoltage\s*:\s*\"?([\d.]+)", text)
        time = re.search(r"time_unit\s*:\s*\"?([\d.]+)\s*(\w+)", head)
        if not unit or not volt or not time:
            raise ValueError("no liberty file: capacitive_load_unit, time_unit or a voltage is missing")
        self.volts = float(volt[1])
        self.femto = float(unit[1]) * {"ff": 1, "pf": 1000}[unit[2].lower()]  # fF of a unit of load, fJ of one of energy
        self.nano = float(time[1]) * {"ns": 1, "ps": 0.001}[time[2].lower()]
        self.cell = {}
        for found in re.finditer(r"\bcell\s*\(\s*\"?([\w$]+)\"?\s*\)\s*\{", text):
            if found[1] in names and found[1] not in self.cell:
                self.cell[found[1]] = Cell(read_group(text, found.end(), "cell", found[1]))
