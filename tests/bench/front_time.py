#!/usr/bin/env python3
"""front_time.py ASX [SECONDS [FOLDER]]: time to a front, asx beside what its users would do otherwise.

The problem: ResNet-20 on CIFAR-10, a format of its own in each of 20 layers (16 formats of weights, 8-bit activations, near
memory), 512 images, drop of accuracy and energy. The others: Optuna's NSGA-II and TPE, each for SECONDS of the clock (default
600), whose trials run the network with simulated quantisation in PyTorch (weights projected onto the set at the scale of least
squared error of each channel, inputs on 8 bits) and ask `asx cost` what the design takes. asx runs the same campaign twice:
exact by its proxy, with rounds of measuring, and NSGA-II that measures everything, stopped (SIGINT) after SECONDS.

What each has found is measured by asx on the same 512 images, so that all accuracies are of one kind, and its hypervolume is
taken against (20 points, the energy of exact 8-bit words) and given in percent of that of all fronts together. Needs ASX_DATA
and Debian's python3-optuna, python3-torch, python3-onnx; nothing else should run beside it. Prints a row for each.
"""
import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnx.numpy_helper
import optuna
import torch

IMAGES, CALIBRATION = 512, 256
BITS, SETS = (4, 5, 6, 8), ('{1}', '{1,3}', '{1,5}', '')
FORMATS = [f'w{b}{s}a8' for b in BITS for s in SETS]
DROP = 20.0

CAMPAIGN = '''name: front-time
network: ${ASX_DATA}/models/cifar10_resnet20.onnx
data:
  format: cifar10
  files: [ "${ASX_DATA}/cifar10/test_batch.bin.xz" ]
  scale: 0.00392156862745098
  mean: [0.485, 0.456, 0.406]
  std: [0.229, 0.224, 0.225]
  calibrate: "0:%d"
  select: "%d:%d"
hardware: { technology: nangate45 }
space:
  scope: layer
  placement: [near]
  weights: { bits: [%s], digits: [unsigned], alphabets: "%s" }
  activations: { bits: [8], alphabets: none }
objectives: [drop, energy]
limits: { drop: 20 }
search: { %s }
'''


def campaign(search):
    sets = ' '.join(s or 'none' for s in SETS)
    return CAMPAIGN % (CALIBRATION, CALIBRATION, CALIBRATION + IMAGES, ', '.join(map(str, BITS)), sets, search)


def asx(*words):
    done = subprocess.run([program, *words], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f'front_time: {" ".join(words)}: {done.stderr}')
    return done.stdout


def read_csv(text):
    return list(csv.DictReader(io.StringIO('\n'.join(l for l in text.splitlines() if not l.startswith('#')))))


def design(choice):
    rest = ' '.join(f'{layers[i]}={FORMATS[k]}' for i, k in enumerate(choice) if k != choice[-1])
    return f'near: {FORMATS[choice[-1]]} {rest}'.strip()


# ---- the network in PyTorch ----

def grid(format):
    """The representable integers of a format's weights, worked out here: sums of digits d * 4^i would be the general case;
    one digit of b - 1 bits is alphabet << shift below 2^(b - 1)."""
    head = format[1:format.rindex('a')]
    bits, sets = (head.split('{')[0], head[len(head.split('{')[0]):]) if '{' in head else (head, '')
    bits = int(bits)
    if not sets:
        return np.arange(-(2 ** (bits - 1) - 1), 2 ** (bits - 1))
    alphabets = [int(a) for a in sets.strip('{}').split(',')]
    digit = {0} | {a << s for a in alphabets for s in range(4) if a << s < 16}
    magnitudes = {0}
    for place in range(0, bits - 1, 4):
        width = min(4, bits - 1 - place)
        magnitudes = {m + (d << place) for m in magnitudes for d in digit if d < 1 << width}
    return np.array(sorted({-m for m in magnitudes} | magnitudes))


def project(weight, values):
    """Each output channel onto values times the best of 60 scales."""
    flat = weight.reshape(len(weight), -1)
    top = np.abs(flat).max(axis=1, keepdims=True)
    best, out = np.full((len(flat), 1), np.inf), np.zeros_like(flat)
    for share in np.linspace(0.4, 1.0, 60):
        scale = np.maximum(top * share / values[-1], 1e-12)
        x = flat / scale
        at = np.clip(np.searchsorted(values, x), 1, len(values) - 1)
        near = np.where(x - values[at - 1] < values[at] - x, values[at - 1], values[at]) * scale
        error = ((near - flat) ** 2).sum(axis=1, keepdims=True)
        out = np.where(error < best, near, out)
        best = np.minimum(error, best)
    return torch.tensor(out.reshape(weight.shape).astype(np.float32))


class Network:
    """ONNX nodes, one by one."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        self.node = list(graph.node)
        self.constant = {t.name: onnx.numpy_helper.to_array(t).copy() for t in graph.initializer}
        self.input, self.output = graph.input[0].name, graph.output[0].name
        self.layer = [n for n in self.node if n.op_type in ('Conv', 'Gemm')]
        self.weight = [[project(self.weight_of(n), grid(f)) for f in FORMATS] for n in self.layer]
        self.step = [None] * len(self.layer)  # of inputs, once they were seen

    def weight_of(self, node):
        w = self.constant[node.input[1]]
        turned = node.op_type == 'Gemm' and not any(a.name == 'transB' and a.i for a in node.attribute)
        return w.T if turned else w

    def run(self, x, choice=None, see=False):
        value, k = {self.input: x}, 0
        for n in self.node:
            a = {t.name: onnx.helper.get_attribute_value(t) for t in n.attribute}
            v = [value.get(i, torch.tensor(self.constant[i]) if i in self.constant else None) for i in n.input]
            if n.op_type in ('Conv', 'Gemm'):
                x, w = v[0], torch.tensor(np.ascontiguousarray(self.weight_of(n)))
                if see:
                    self.step[k] = float(x.abs().max()) / (255 if float(x.min()) >= 0 else 127)
                if choice is not None:
                    limit = 255 if float(x.min()) >= 0 else 127
                    x, w = (x / self.step[k]).round().clamp(-limit, limit) * self.step[k], self.weight[k][choice[k]]
                b = v[2] if len(v) > 2 else None
                if n.op_type == 'Gemm':
                    out = torch.nn.functional.linear(x, w, b)
                else:
                    p = a.get('pads', [0, 0, 0, 0])
                    x = torch.nn.functional.pad(x, (p[1], p[3], p[0], p[2]))
                    out = torch.nn.functional.conv2d(x, w, b, a.get('strides', [1, 1]), 0, a.get('dilations', [1, 1]), a.get('group', 1))
                k += 1
            elif n.op_type == 'BatchNormalization':
                out = torch.nn.functional.batch_norm(v[0], v[3], v[4], v[1], v[2], eps=a.get('epsilon', 1e-5))
            elif n.op_type == 'Relu':
                out = v[0].relu()
            elif n.op_type == 'Add':
                out = v[0] + v[1]
            elif n.op_type in ('GlobalAveragePool', 'ReduceMean'):
                out = v[0].mean((2, 3), keepdim=n.op_type == 'GlobalAveragePool' or a.get('keepdims', 1) == 1)
            elif n.op_type == 'AveragePool':
                out = torch.nn.functional.avg_pool2d(v[0], a['kernel_shape'], a.get('strides', [1, 1]))
            elif n.op_type == 'Slice':
                starts, ends, axes, steps = [t.tolist() for t in v[1:5]]
                index = [slice(None)] * v[0].dim()
                for axis, *edge in zip(axes, starts, ends, steps):
                    index[axis] = slice(*edge)
                out = v[0][tuple(index)]
            elif n.op_type == 'Pad':
                p, r = v[1].tolist(), v[0].dim()
                out = torch.nn.functional.pad(v[0], [p[i + k * r] for i in reversed(range(r)) for k in (0, 1)])
            elif n.op_type == 'Flatten':
                out = v[0].flatten(1)
            elif n.op_type == 'Reshape':
                out = v[0].reshape([len(v[0]), -1])
            else:
                sys.exit(f'front_time: operator {n.op_type} is not written here')
            value[n.output[0]] = out
        return value[self.output]


def images():
    import lzma
    raw = np.frombuffer(lzma.open(f'{data}/cifar10/test_batch.bin.xz').read(), np.uint8).reshape(-1, 3073)
    x = raw[:CALIBRATION + IMAGES, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    x = (x - mean[:, None, None]) / std[:, None, None]
    return torch.tensor(x.astype(np.float32)), raw[:CALIBRATION + IMAGES, 0].astype(np.int64)


# ---- fronts ----

def front_of(points):
    out = []
    for p in sorted(set(points)):
        if not out or p[1] < out[-1][1]:
            out.append(p)
    return out


def hypervolume(points, reference):
    inside = [p for p in points if p[0] < reference[0] and p[1] < reference[1]]
    volume, height = 0.0, reference[1]
    for drop, energy in front_of(inside):
        volume += (reference[0] - drop) * (height - energy)
        height = energy
    return volume


def measured(choices):
    """Drops and energies of designs as asx measures and prices them: [(drop, energy)]."""
    out = []
    for text in choices:
        row = read_csv(asx('eval', 'enumerate.yaml', '-d', text, '--format', 'csv'))[0]
        out.append((float(row['drop']), energy_of(text)))
    return out


def energy_of(text):
    answer = json.loads(asx('cost', 'enumerate.yaml', '-d', text, '--format', 'json'))
    return next(r['energy_pj'] for r in answer['summary'] if r['what'] == 'design')


def run_optuna(sampler, seconds):
    x, label = images()
    with torch.no_grad():
        net.run(x[:CALIBRATION], see=True)
        right = (net.run(x[CALIBRATION:]).argmax(1).numpy() == label[CALIBRATION:]).mean()

        def trial(t):
            choice = [t.suggest_categorical(name, list(range(len(FORMATS)))) for name in layers]
            got = (net.run(x[CALIBRATION:], choice).argmax(1).numpy() == label[CALIBRATION:]).mean()
            return 100 * (right - got), energy_of(design(choice))

        study = optuna.create_study(directions=['minimize', 'minimize'], sampler=sampler)
        begin = time.monotonic()
        study.optimize(trial, timeout=seconds)
        took = time.monotonic() - begin
    best = [design([t.params[name] for name in layers]) for t in study.best_trials]
    return took, len(study.trials), measured(best)


def run_asx(name, search, seconds):
    with open(f'{name}.yaml', 'w') as f:
        f.write(campaign(search))
    begin = time.monotonic()
    run = subprocess.Popen([program, 'run', f'{name}.yaml', '--db', f'{name}.db'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGINT)
        run.wait()
    took = time.monotonic() - begin
    if run.returncode not in (0, 3):
        sys.exit(f'front_time: asx run {name}.yaml in {os.getcwd()} ends with {run.returncode}')
    rows = read_csv(asx('query', f'{name}.db', '--where', "tier = 'measured'", '--format', 'csv'))
    return took, len(rows), [(float(r['drop']), float(r['energy_pj'])) for r in rows]


def main():
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else 600
    with open('enumerate.yaml', 'w') as f:
        f.write(campaign('algorithm: nsga2, tier: measured, budget: 1'))
    answer = json.loads(asx('cost', 'enumerate.yaml', '-d', 'near: w8a8', '--format', 'json'))
    layers.extend(r['layer'] for r in answer['layers'])
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    exact = 'algorithm: exact, tier: proxy, parameters: ["epsilon=0.01"], rounds: 5'
    evolved = 'algorithm: nsga2, tier: measured, seed: 1, budget: 1000000'
    found = [
        ('asx, exact + rounds', *run_asx('exact', exact, limit)),
        ('asx, nsga2 measured', *run_asx('nsga2', evolved, limit)),
        ('optuna, nsga2', *run_optuna(optuna.samplers.NSGAIISampler(seed=1), limit)),
        ('optuna, tpe', *run_optuna(optuna.samplers.TPESampler(seed=1, multivariate=True), limit)),
    ]
    reference = (DROP, energy_of('near: w8a8'))
    whole = hypervolume([p for f in found for p in f[3]], reference)
    print(f'{"search":22} {"seconds":>8} {"measured":>9} {"front":>6} {"hypervolume %":>14}')
    for name, took, n, points in found:
        print(f'{name:22} {took:8.0f} {n:9} {len(front_of(points)):6} {100 * hypervolume(points, reference) / whole:14.1f}')


program, data = os.path.abspath(sys.argv[1]), os.environ['ASX_DATA']
folder = sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
layers = []  # by asx's names, in the network's order
net = Network(f'{data}/models/cifar10_resnet20.onnx')
main()
