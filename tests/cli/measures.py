#!/usr/bin/env python3
"""Measures of asx (data.measure) against their definitions in numpy: values, intervals and drops of small networks that
are made here, of which numpy computes the float answers. measures.py ASX FOLDER; ends with 77 without numpy."""
import json
import os
import struct
import subprocess
import sys
import zlib

try:
    import numpy as np
except ImportError:
    debian = '/usr/bin/python3'  # which has it, where another Python is found first
    if os.path.exists(debian) and os.path.realpath(sys.executable) != os.path.realpath(debian):
        os.execv(debian, [debian] + sys.argv)
    sys.exit(77)

ASX, FOLDER = os.path.abspath(sys.argv[1]), sys.argv[2]
os.makedirs(FOLDER, exist_ok=True)
os.chdir(FOLDER)
draw = np.random.default_rng(5)


# ---- ONNX by hand: messages of protobuf ----

def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)


def field(k, x):
    return varint(k << 3) + varint(x) if isinstance(x, int) else varint(k << 3 | 2) + varint(len(x)) + x


def info(name, dims):
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, b''.join(field(1, field(1, i)) for i in dims))))


def tensor(name, a):
    return (b''.join(field(1, int(i)) for i in a.shape) + field(2, 1) + field(8, name)
            + field(9, a.astype('<f4').tobytes()))


def node(op, inputs, output, attributes=b''):
    return b''.join(field(1, i) for i in inputs) + field(2, output) + field(4, op) + attributes


PADS = field(5, field(1, b'pads') + b''.join(field(8, 1) for _ in range(4)) + field(20, 7))


def save(name, nodes, weights, x, y):
    graph = b''.join(field(1, n) for n in nodes) + b''.join(field(5, tensor(k, a)) for k, a in weights.items())
    graph += field(11, info(b'x', [1] + x)) + field(12, info(b'y', [1] + y))
    with open(name, 'wb') as f:
        f.write(field(1, 8) + field(7, graph) + field(8, field(2, 13)))


def dense(name, n_in, n_out, end=None):
    """Two layers; their answers to x [n, n_in]."""
    w = {b'a': draw.normal(size=(n_in, 8)) * 0.5, b'b': draw.normal(size=(8, n_out)) * 0.5}
    w = {k: a.astype(np.float32) for k, a in w.items()}
    last = b'z' if end else b'y'
    nodes = [node(b'MatMul', [b'x', b'a'], b'h'), node(b'Relu', [b'h'], b'r'), node(b'MatMul', [b'r', b'b'], last)]
    save(name, nodes + ([node(end, [b'z'], b'y')] if end else []), w, [n_in], [n_out])
    answer = lambda x: np.maximum(x.astype(np.float64) @ w[b'a'], 0) @ w[b'b']
    return (lambda x: 1 / (1 + np.exp(-answer(x)))) if end else answer


def conv(name, channels, side):
    """One convolution, 3 x 3; its answers [n, channels, side, side] to x [n, 1, side, side]."""
    w = draw.normal(size=(channels, 1, 3, 3)).astype(np.float32)
    save(name, [node(b'Conv', [b'x', b'w'], b'y', PADS)], {b'w': w}, [1, side, side], [channels, side, side])

    def answer(x):
        p = np.pad(x[:, 0].astype(np.float64), ((0, 0), (1, 1), (1, 1)))
        y = np.zeros((len(x), channels, side, side))
        for i in range(3):
            for j in range(3):
                y += w[None, :, 0, i, j, None, None] * p[:, None, i:i + side, j:j + side]
        return y
    return answer


# ---- statistics ----

def t_quantile(dof):
    """97.5 % of Student's distribution, by integrating its density."""
    x = np.linspace(0, 60, 600001)
    y = (1 + x * x / dof) ** (-(dof + 1) / 2)
    area = np.concatenate([[0], np.cumsum((y[1:] + y[:-1]) / 2)])
    whole = area[-1] + 60 * y[-1] / dof / (x[1] - x[0])  # and the tail
    return np.interp(0.95 * whole, area, x)


def of_mean(e):
    return e.mean(), (e - e.mean()) / np.sqrt(len(e) * (len(e) - 1.0))


def of_ratios(num, den):
    """Mean of ratios of sums; linearised, as survey samplers do."""
    r = num.sum(0) / den.sum(0)
    n = len(num)
    return r.mean(), ((num - r * den) / den.mean(0)).mean(1) / np.sqrt(n * (n - 1.0))


def mse(y, t):
    return of_mean(((y - t) ** 2).reshape(len(t), -1).mean(1))


def mae(y, t):
    return of_mean(np.abs(y - t).reshape(len(t), -1).mean(1))


def psnr(y, t):
    peak = LABELS.max() - LABELS.min()  # of all labels
    return of_mean(10 * np.log10(peak ** 2 / ((y - t) ** 2).reshape(len(t), -1).mean(1)))


def r2(y, t):
    value, share = of_ratios((y - t) ** 2, (t - t.mean(0)) ** 2)
    return 1 - value, -share


def auc(y, t):
    """By all pairs: DeLong's components."""
    win = (y[t == 1][:, None] > y[t == 0]) + 0.5 * (y[t == 1][:, None] == y[t == 0])
    share = np.zeros(len(t))
    for c, axis in ((1, 1), (0, 0)):
        v = win.mean(axis)
        share[t == c] = (v - win.mean()) / np.sqrt(len(v) * (len(v) - 1.0))
    return 100 * win.mean(), 100 * share


def pixel(y, t):
    c = y.argmax(1)
    value, share = of_ratios(((c == t) & (t != 255)).sum((1, 2))[:, None] * 1.0, (t != 255).sum((1, 2))[:, None] * 1.0)
    return 100 * value, 100 * share


def miou(y, t):
    c, known = y.argmax(1), t != 255
    classes = [k for k in range(y.shape[1]) if (t == k).any()]
    count = lambda f: np.stack([(f(k) & known).sum((1, 2)) for k in classes], 1) * 1.0
    value, share = of_ratios(count(lambda k: (c == k) & (t == k)), count(lambda k: (c == k) | (t == k)))
    return 100 * value, 100 * share


# ---- asx ----

CAMPAIGN = '''name: m
network: %s
data: { format: npy, files: [x.npy], labels: [t.npy], measure: %s, calibrate: ":", select: "%s", expect: any }
space: { scope: network, placement: [near], weights: { bits: [8], digits: [unsigned], alphabets: none } }
objectives: [drop, energy]
'''


def evaluate(network, measure, images, design=None):
    with open('c.yaml', 'w') as f:
        f.write(CAMPAIGN % (network, measure, images))
    run = subprocess.run([ASX, 'eval', 'c.yaml', '--format', 'json'] + (['--design', design] if design else []),
                         capture_output=True, text=True)
    if run.returncode:
        sys.exit('%s of %s: %s' % (measure, network, run.stderr))
    return json.loads(run.stdout)[0]


def png(path, a):
    """Grey of 8 bits."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = zlib.compress(b''.join(b'\0' + row.tobytes() for row in a))
    with open(path, 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', a.shape[1], a.shape[0], 8, 0, 0, 0, 0))
                + chunk(b'IDAT', rows) + chunk(b'IEND', b''))


def check_masks():
    """The maps of x.npy and t.npy as pictures and masks that a list names."""
    want = evaluate('seg.onnx', 'miou', ':', 'near: w8a8')
    with open('masks.txt', 'w') as f:
        for i, (picture, mask) in enumerate(zip(np.load('x.npy'), np.load('t.npy'))):
            png('%d.png' % i, picture[0])
            png('%d_mask.png' % i, mask)
            f.write('%d.png %d_mask.png\n' % (i, i))
    global CAMPAIGN
    arrays, CAMPAIGN = CAMPAIGN, CAMPAIGN.replace('npy, files: [x.npy], labels: [t.npy]', 'images, shape: [1, 6, 6], files: [masks.txt]')
    got = evaluate('seg.onnx', 'miou', ':', 'near: w8a8')
    assert got == want, (got, want)
    run = subprocess.run([ASX, 'init', 'seg.onnx', 'masks.txt', '--force', '-o', 'init.yaml'], capture_output=True, text=True)
    with open('init.yaml') as f:
        assert run.returncode == 0 and 'measure: pixel' in f.read(), run.stderr
    with open('masks.txt') as f, open('marked.txt', 'w', encoding='utf-8-sig') as g:
        g.write(f.read())
    with open('masks.txt') as f, open('none.txt', 'w') as g:
        g.writelines(line.split()[0] + ' unjudged.png\n' for line in f)
    png('unjudged.png', np.full_like(np.load('t.npy')[0], 255))
    os.makedirs('set/masks', exist_ok=True)
    for data, code, said in ('marked.txt', 0, 'pixel'), ('set', 1, "a line 'PICTURE MASK'"), ('none.txt', 1, 'no pixel with a class'):
        run = subprocess.run([ASX, 'init', 'seg.onnx', data], capture_output=True, text=True)
        assert run.returncode == code and said in run.stdout + run.stderr, (data, run.stderr)
    CAMPAIGN = arrays


def near(what, got, want, tolerance):
    if not abs(got - want) <= tolerance:
        sys.exit('%s: %.9g is not %.9g' % (what, got, want))


def check(network, measure, definition, answer, x, t, designs=True):
    """The float network and its interval; a design of 16 bits, equal but for rounding; the drop of words of 4 bits."""
    global LABELS
    LABELS = t
    np.save('x.npy', x)
    np.save('t.npy', t)
    first, end = 10, len(x) - 10
    value, share = definition(answer(x[first:end]), t[first:end])
    wide = t_quantile(end - first - 1) * np.sqrt((share ** 2).sum())
    got = evaluate(network, measure, '%d:%d' % (first, end))
    scale = 1e-5 * max(1, abs(value))
    name = '%s of %s' % (measure, network)
    near(name, got['accuracy'], value, scale)
    least = -np.inf if measure in ('r2', 'psnr') else 0
    most = 1 if measure == 'r2' else 100 if measure in ('auc', 'pixel', 'miou') else np.inf
    near(name + ', low', got['accuracy_low'], max(value - wide, least), scale)
    near(name + ', high', got['accuracy_high'], min(value + wide, most), scale)
    near(name + ', drop', got['drop'], 0, 0)
    sign = 1 if measure in ('mse', 'mae') else -1
    for design, most_off in (('near: w16a16', 0.02), ('near: w4{1}a4', None)) if designs else ():
        d = evaluate(network, measure, '%d:%d' % (first, end), design)
        near(name + ' ' + design, d['drop'], sign * (d['accuracy'] - got['accuracy']), scale)
        assert d['drop_low'] < d['drop'] < d['drop_high'] and d['measure'] == measure
        if most_off:
            near(name + ' ' + design, d['accuracy'], value, most_off * max(abs(value), wide))
        else:
            # pairs make the interval of a drop no wider than that of two separate estimates
            both = np.hypot(d['accuracy_high'] - d['accuracy_low'], got['accuracy_high'] - got['accuracy_low'])
            assert measure in ('auc', 'pixel', 'miou') or d['drop'] > 0, name
            assert d['drop_high'] - d['drop_low'] < 1.5 * both, name


n = 150
x = draw.normal(size=(n, 4)).astype(np.float32)
one = dense('one.onnx', 4, 1)
noisy = one(x)[:, 0] + 0.3 * draw.normal(size=n)
for m, f in ('mse', mse), ('mae', mae), ('psnr', psnr):
    check('one.onnx', m, f, lambda x: one(x)[:, 0], x, noisy.astype(np.float32))
check('one.onnx', 'r2', r2, one, x, noisy[:, None])
check('one.onnx', 'auc', auc, lambda x: one(x)[:, 0], x, (noisy > np.median(noisy)).astype(np.uint8))

three = dense('three.onnx', 4, 3)
t = (three(x) + [[0.1, 0.2, 0.5]] * draw.normal(size=(n, 3))).astype(np.float32)
for m, f in ('mse', mse), ('mae', mae), ('r2', r2):
    check('three.onnx', m, f, three, x, t, m == 'r2')

share = dense('share.onnx', 4, 1, b'Sigmoid')
t = np.clip(share(x)[:, 0] + 0.05 * draw.normal(size=n), 0, 1)
check('share.onnx', 'mse', mse, lambda x: share(x)[:, 0], x, t)
check('share.onnx', 'auc', auc, lambda x: share(x)[:, 0], x, (t > 0.5).astype(np.int64), False)

x = draw.integers(0, 256, size=(n, 1, 6, 6)).astype(np.uint8)
seg = conv('seg.onnx', 3, 6)
t = seg(x).argmax(1).astype(np.uint8)
wrong = draw.random(t.shape)
t[wrong < 0.2] = draw.integers(0, 3, size=(wrong < 0.2).sum())
t[wrong > 0.95] = 255
check('seg.onnx', 'pixel', pixel, seg, x, t)
check('seg.onnx', 'miou', miou, seg, x, t)
check_masks()
clean = conv('clean.onnx', 1, 6)
t = (clean(x) + 20 * draw.normal(size=x.shape)).astype(np.float32)
for m, f in ('psnr', psnr), ('mse', mse):
    check('clean.onnx', m, f, clean, x, t, m == 'psnr')

check_two = []
for threads in '1', '2':
    os.environ['OMP_NUM_THREADS'] = threads
    check_two.append(evaluate('clean.onnx', 'mse', ':', 'near: w5a5'))
assert check_two[0] == check_two[1]
print('measures agree with numpy')
