"""A netlist of Yosys with a library's cells: flattened, simulated, its energies summed.

A net is one integer with a bit for every recorded cycle, so that all cycles are simulated at once. In a cycle a net goes
from where it settled in the cycle before to where it settles now: directly, or with the cells' delays, through glitches."""
from collections import defaultdict

import liberty


ones = getattr(int, "bit_count", lambda n: bin(n).count("1"))


class Gate:
    """One cell of the netlist."""

    def __init__(self, cell, part, nets):
        self.cell, self.part = cell, part
        self.inputs = [nets.get(p, 0) for p in cell.inputs]
        self.output = {p: nets[p] for p in cell.outputs if p in nets}


class Circuit:
    """Nets are numbers; 0 and 1 are the constants. @param part_of  a module's part of the sum, None: its parent's"""

    def __init__(self, modules, part_of):
        self.modules, self.part_of = modules, part_of
        self.types = set()
        self.found, self.n_nets, self.sinks, self.same = [], 2, defaultdict(list), {}

    def nets(self, n):
        self.n_nets += n
        return list(range(self.n_nets - n, self.n_nets))

    def find(self, net):
        while net in self.same:
            net = self.same[net]
        return net

    def place(self, name, ports, part=None):
        """An instance of a module, {port: nets}; what is not given gets nets of its own. @return nets of all ports"""
        module = self.modules[name]
        part = self.part_of(name) or part
        at = {"0": 0, "1": 1, "x": 0, "z": 0}
        for port, p in module["ports"].items():
            given = ports.get(port) or self.nets(len(p["bits"]))
            for bit, net in zip(p["bits"], given):
                inside, outside = self.find(at.setdefault(bit, net)), self.find(net)
                if inside != outside and outside > 1:  # an output that is an input, or a constant
                    self.same[outside] = inside
        net = lambda bit: at[bit] if bit in at else at.setdefault(bit, self.nets(1)[0])
        for cell in module["cells"].values():
            nets = {port: [net(b) for b in bits] for port, bits in cell["connections"].items()}
            inner = self.modules.get(cell["type"])
            if inner and "blackbox" not in inner.get("attributes", {}):
                self.place(cell["type"], nets, part)
            else:
                self.types.add(cell["type"])
                self.found.append((cell["type"], part, {p: b[0] for p, b in nets.items() if b}))
        return {port: [net(b) for b in p["bits"]] for port, p in module["ports"].items()}

    def build(self, library, slew):
        """When all is placed: cells of the library, loads, slews and delays."""
        for name in self.types:
            if name not in library.cell:
                raise ValueError(f"the library has no cell '{name}', which the netlist uses")
        self.volts = library.volts
        self.gates = [Gate(library.cell[t], part, {p: self.find(n) for p, n in nets.items()}) for t, part, nets in self.found]
        self.load = [0.0] * self.n_nets
        for gate in self.gates:
            for pin, (name, net) in enumerate(zip(gate.cell.inputs, gate.inputs)):
                self.sinks[net].append((gate, pin))
                self.load[net] += gate.cell.capacitance[name]
        self.sort()
        self.slew = [slew] * self.n_nets
        for gate in self.order:
            self.price(gate)

    def sort(self):
        """Gates in an order in which inputs come first; registers apart."""
        self.registers = [g for g in self.gates if g.cell.clock]
        logic = [g for g in self.gates if not g.cell.clock]
        self.driver = {net: (g, pin) for g in self.gates for pin, net in g.output.items()}
        inside = {net for g in logic for net in g.output.values()}
        waits = {id(g): len({n for n in g.inputs if n in inside}) for g in logic}
        ready = [g for g in logic if not waits[id(g)]]
        self.order = []
        while ready:
            gate = ready.pop()
            self.order.append(gate)
            for net in set(gate.output.values()):
                for sink in {id(s): s for s, _ in self.sinks[net] if not s.cell.clock}.values():
                    waits[id(sink)] -= 1
                    if not waits[id(sink)]:
                        ready.append(sink)
        if len(self.order) != len(logic):
            raise ValueError("the netlist has a loop of gates")

    def price(self, gate):
        """Delay of every output, slew of its net; energies of its transitions by the inputs' state."""
        slew = sum(self.slew[n] for n in gate.inputs) / max(1, len(gate.inputs))
        gate.delay, gate.energy = {}, {}
        for pin, net in gate.output.items():
            load, arcs = self.load[net], gate.cell.timing[pin]
            mean = lambda kinds: sum(a.at(kinds, slew, load) for a in arcs) / max(1, len(arcs))
            gate.delay[pin] = max(mean(("cell_rise", "cell_fall")), 1e-6)
            self.slew[net] = max(mean(("rise_transition", "fall_transition")), 1e-6)
            gate.energy[pin] = gate.cell.energies(pin, slew, load) if not gate.cell.clock else None

    # ---- simulation ----

    def settle(self, value):
        """@param value  [n_nets], sources given; all else is written"""
        mask = value[1]
        for gate in self.order:
            inputs = [value[n] for n in gate.inputs]
            for pin, net in gate.output.items():
                value[net] = gate.cell.of[pin](mask, *inputs)

    def moves(self, before, after, quantum):
        """Yields (net, from, to) of every transition, `value` as it is after it; quantum: of time, None: directly."""
        self.value = list(after)
        if quantum is not None:
            for net, (gate, _) in self.driver.items():
                self.value[net] = after[net] if gate.cell.clock else before[net]
        for net in range(self.n_nets):
            if before[net] != self.value[net]:
                yield net, before[net], self.value[net]
        if quantum is not None:
            yield from self.ripple(before, after, quantum)

    def ripple(self, before, after, quantum):
        """Events with the cells' delays; a pulse that is shorter than its cell's delay does not pass (inertial)."""
        value, mask = self.value, after[1]
        coming = defaultdict(dict)  # time: {net: value}
        times = defaultdict(list)   # net: times of its events to come
        touched, now = {}, 0
        for net in range(self.n_nets):
            if before[net] != value[net]:
                touched.update((id(g), g) for g, _ in self.sinks[net])
        while True:
            for gate in touched.values():
                if gate.cell.clock:
                    continue
                inputs = [value[n] for n in gate.inputs]
                for pin, net in gate.output.items():
                    new, at = gate.cell.of[pin](mask, *inputs), now + max(1, round(gate.delay[pin] / quantum))
                    pending = times[net]
                    last = coming[pending[-1]][net] if pending else value[net]
                    if new == last:
                        continue
                    stays = ~(new ^ value[net])
                    for t in pending:
                        coming[t][net] = (coming[t][net] & ~stays) | (value[net] & stays)
                    if not pending or pending[-1] != at:
                        pending.append(at)
                    coming[at][net] = new
            if not coming:
                break
            now = min(coming)
            touched = {}
            for net, new in coming.pop(now).items():
                times[net].remove(now)
                if new != value[net]:
                    old, value[net] = value[net], new
                    yield net, old, new
                    touched.update((id(g), g) for g, _ in self.sinks[net])

    def energies(self, before, after, quantum):
        """@return {part: [energy, toggles]}; energy in the library's unit, all cycles together"""
        total = defaultdict(lambda: [0.0, 0])
        half = self.volts ** 2 / 2
        for net, old, new in self.moves(before, after, quantum):
            changed = old ^ new
            n = ones(changed)
            if net in self.driver:
                gate, pin = self.driver[net]
                part = total[gate.part]
                part[0] += n * half * self.load[net]
                part[1] += n
                if not gate.cell.clock:
                    inputs = [self.value[i] for i in gate.inputs]
                    part[0] += of_states(gate.energy[pin], changed, new, inputs)
                else:
                    part[0] += self.edge(gate, pin, net, changed & new, "rise_power")
                    part[0] += self.edge(gate, pin, net, changed & old, "fall_power")
            for gate, pin in self.sinks[net]:
                name = gate.cell.inputs[pin]
                if net not in self.driver:  # a source's load is booked where it is
                    total[gate.part][0] += n * half * gate.cell.capacitance[name]
                if gate.cell.power[name] and name != gate.cell.clock:
                    total[gate.part][0] += self.hidden(gate, name, changed & new, changed & old, self.value)
        for gate in self.registers:
            total[gate.part][0] += self.clock(gate, before, after)
        return total

    def edge(self, gate, pin, net, changed, kind):
        """A register's output that follows its clock."""
        return ones(changed) * sum(a.at((kind,), self.slew[0], self.load[net]) for a in gate.cell.power[pin])

    def hidden(self, gate, name, rises, falls, value):
        """What a change at an input needs inside its cell, whatever becomes of the output."""
        mask, cell = self.mask, gate.cell
        at = [mask if p == cell.clock else value[n] for p, n in zip(cell.inputs, gate.inputs)]
        at += [self.output_of(gate, p, at, value) for p in cell.outputs]
        total = 0.0
        for arc in cell.power[name]:
            when = liberty.function(arc.when, cell.inputs + cell.outputs)(mask, *at) if arc.when else mask
            for kind, c in (("rise_power", rises & when), ("fall_power", falls & when)):
                if c:
                    total += ones(c) * arc.at((kind,), self.slew[0], 0)
        return total

    def output_of(self, gate, pin, inputs, value):
        if not gate.cell.clock:
            return gate.cell.of[pin](self.mask, *inputs)
        q = self.state_of(gate, value)
        return self.mask & ~q if gate.cell.inverted[pin] else q

    @staticmethod
    def state_net(gate):
        """The output pin of a register by which its state is known, and its net."""
        return next(iter(gate.output.items()))

    def state_of(self, gate, value):
        pin, net = self.state_net(gate)
        return value[net] if not gate.cell.inverted[pin] else self.mask & ~value[net]

    def clock(self, gate, before, after):
        """Both edges of every cycle."""
        name = gate.cell.clock
        count = ones(self.counted)
        return (self.hidden(gate, name, self.counted, 0, before) + self.hidden(gate, name, 0, self.counted, after)
                + count * self.volts ** 2 * gate.cell.capacitance[name])

    def measure(self, value, counted, quantum):
        """@param value  settled; @param counted  cycles that follow the one before them"""
        self.counted, self.mask = counted, value[1]
        before = [((v << 1) & counted) | (v & ~counted) for v in value]
        before[0], before[1] = 0, value[1]
        return self.energies(before, value, quantum)


def of_states(table, changed, new, inputs):
    """Energy of the transitions `changed`, by the state that the inputs are in."""
    def of(first, low, bits):
        if not bits:
            return 0.0
        if first < 0:
            rise, fall = table[low]
            up = ones(bits & new)
            return up * rise + (ones(bits) - up) * fall
        return of(first - 1, low, bits & ~inputs[first]) + of(first - 1, low | 1 << first, bits & inputs[first])
    return of(len(inputs) - 1, 0, changed)
