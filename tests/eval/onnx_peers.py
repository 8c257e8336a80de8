#!/usr/bin/python3
"""onnx_peers.py ONNX_WRITTEN FOLDER: files of 'asx onnx' as other runtimes compute them: this one, which knows nothing of asx
and does in NumPy floats what ONNX's operators say, and onnxruntime where Node finds it (npm install onnxruntime-node, and
NODE_PATH). Logits are held against asx's integers. FOLDER is made anew."""
import os
import shutil
import struct
import subprocess
import sys

try:
    import numpy as np
except ImportError as lacking:
    print('skipped:', lacking)
    sys.exit(77)

TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16, 6: np.int32, 7: np.int64}


# ---- the file: protobuf by hand, and of its messages what is needed ----

def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """{number: [values]}: integers, floats of 4 bytes as they are, bytes of the rest."""
    at, out = 0, {}
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 5:
            value, at = data[at:at + 4], at + 4
        elif tag & 7 == 2:
            n, at = varint(data, at)
            value, at = data[at:at + n], at + n
        else:
            raise ValueError(f'wire type {tag & 7}')
        out.setdefault(tag >> 3, []).append(value)
    return out


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def numbers(values):
    """Repeated integers, packed or not."""
    out = []
    for value in values:
        if isinstance(value, int):
            out.append(signed(value))
            continue
        at = 0
        while at < len(value):
            one, at = varint(value, at)
            out.append(signed(one))
    return out


def tensor(data):
    f = fields(data)
    array = np.frombuffer(f.get(9, [b''])[0], TYPES[f[2][0]])
    return f[8][0].decode(), array.reshape(numbers(f.get(1, [])))


def attribute(data):
    f = fields(data)
    kind = f[20][0]
    value = {1: lambda: struct.unpack('<f', f[2][0])[0], 2: lambda: signed(f[3][0]), 3: lambda: f[4][0].decode(),
             7: lambda: numbers(f.get(8, []))}[kind]()
    return f[1][0].decode(), value


def node(data):
    f = fields(data)
    return (f[4][0].decode(), [name.decode() for name in f.get(1, [])], f[2][0].decode(),
            dict(attribute(a) for a in f.get(5, [])))


class Model:
    def __init__(self, path):
        model = fields(open(path, 'rb').read())
        graph = fields(model[7][0])
        self.opset = max(fields(s).get(2, [0])[0] for s in model[8] if not fields(s).get(1, [b''])[0])
        self.nodes = [node(n) for n in graph[1]]
        self.constants = dict(tensor(t) for t in graph.get(5, []))
        self.input = fields(graph[11][0])[1][0].decode()
        self.output = fields(graph[12][0])[1][0].decode()

    def run(self, x):
        values = dict(self.constants)
        values[self.input] = x
        for op, inputs, output, attributes in self.nodes:
            values[output] = OPERATORS[op](*[values[name] if name else None for name in inputs], **attributes)
        return values[self.output]


# ---- the operators, as github.com/onnx/onnx/blob/main/docs/Operators.md has them ----

def along(constant, x, axis):
    """A scale, or one for each position of an axis."""
    if constant.ndim == 0 or constant.size == 1:
        return constant.reshape(())
    shape = [1] * x.ndim
    shape[axis] = constant.size
    return constant.reshape(shape)


def quantize(x, scale, zero, axis=1):
    ends = np.iinfo(zero.dtype)
    y = np.rint(x / along(scale, x, axis)) + along(zero, x, axis).astype(np.float32)
    return np.clip(y, ends.min, ends.max).astype(zero.dtype)


def dequantize(x, scale, zero=None, axis=1):
    zero = 0 if zero is None else along(zero, x, axis).astype(np.int32)
    return (x.astype(np.int32) - zero).astype(np.float32) * along(scale, x, axis)


def quant(x, scale, zero, bits, signed, narrow, rounding_mode):
    """As github.com/fastmachinelearning/qonnx/blob/main/docs/qonnx-custom-ops/quant_op.md has it."""
    half = 2 ** (int(bits) - 1)
    low, high = (narrow - half, half - 1) if signed else (0, 2 * half - 1 - narrow)
    assert rounding_mode == 'ROUND'
    return (np.clip(np.rint(x / scale + zero), low, high) - zero) * scale


def patches(x, kernel, strides, pads, dilations, fill):
    """[n][c][kh][kw][oh][ow]"""
    top, left, bottom, right = pads
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=fill)
    span = [dilations[i] * (kernel[i] - 1) + 1 for i in range(2)]
    size = [(x.shape[2 + i] - span[i]) // strides[i] + 1 for i in range(2)]
    out = np.empty(x.shape[:2] + tuple(kernel) + tuple(size), x.dtype)
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            top, left = i * dilations[0], j * dilations[1]
            out[:, :, i, j] = x[:, :, top:top + strides[0] * size[0]:strides[0], left:left + strides[1] * size[1]:strides[1]]
    return out


def conv(x, w, b, kernel_shape, strides, pads, dilations, group):
    p = patches(x, kernel_shape, strides, pads, dilations, 0)
    n, c, kh, kw, oh, ow = p.shape
    p = p.reshape(n, group, c // group * kh * kw, oh * ow)
    w = w.reshape(group, w.shape[0] // group, -1)
    return np.matmul(w[None], p).reshape(n, -1, oh, ow) + b.reshape(1, -1, 1, 1)


def average(x, kernel_shape, strides, pads, count_include_pad):
    p = patches(x, kernel_shape, strides, pads, [1, 1], 0)
    ones = np.ones_like(x) if not count_include_pad else None
    n = p.shape[2] * p.shape[3] if ones is None else patches(ones, kernel_shape, strides, pads, [1, 1], 0).sum((2, 3))
    return (p.sum((2, 3)) / n).astype(np.float32)


def cut(x, starts, ends, axes, steps):
    index = [slice(None)] * x.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps):
        index[axis] = slice(start, end if end >= 0 else None, step)
    return x[tuple(index)]


OPERATORS = {
    'Add': lambda a, b: a + b,
    'AveragePool': average,
    'Cast': lambda x, to: x.astype(TYPES[to]),
    'Clip': lambda x, low, high: np.minimum(np.maximum(x, low), high),
    'Concat': lambda *x, axis: np.concatenate(x, axis),
    'Conv': conv,
    'DequantizeLinear': dequantize,
    'Gemm': lambda a, b, c, transB: a @ (b.T if transB else b) + c,
    'MatMul': lambda a, b: a @ b,
    'MaxPool': lambda x, kernel_shape, strides, pads: patches(x, kernel_shape, strides, pads, [1, 1], -np.inf).max((2, 3)),
    'Pad': lambda x, pads, fill: np.pad(x, list(zip(pads[:x.ndim], pads[x.ndim:])), constant_values=fill),
    'Quant': quant,
    'QuantizeLinear': quantize,
    'ReduceMean': lambda x, axes, keepdims: x.mean(tuple(axes), keepdims=bool(keepdims), dtype=np.float32),
    'Relu': lambda x: np.maximum(x, np.float32(0)),
    'Reshape': lambda x, shape: x.reshape([x.shape[i] if d == 0 else d for i, d in enumerate(shape)]),
    'Slice': cut,
    'Sub': lambda a, b: a - b,
    'Transpose': lambda x, perm: x.transpose(perm),
}


# ---- the peers ----

RUNTIME = '''
const ort = require('onnxruntime-node'), fs = require('fs');
(async () => {
  const shape = process.argv.slice(2).map(Number), bytes = fs.readFileSync('images');
  const x = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const options = { graphOptimizationLevel: process.env.LEVEL, intraOpNumThreads: 1 };
  const session = await ort.InferenceSession.create('net.onnx', options);
  const y = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', x, shape) });
  fs.writeFileSync('theirs', Buffer.from(y[session.outputNames[0]].data.buffer));
})().catch((e) => { console.error(String(e)); process.exit(1); });
'''


def has_runtime():
    try:
        return subprocess.run(['node', '-e', "require('onnxruntime-node')"], capture_output=True).returncode == 0
    except OSError:
        return False


def runtime(images, level):
    with open('runtime.cjs', 'w') as f:
        f.write(RUNTIME)
    done = subprocess.run(['node', 'runtime.cjs'] + [str(d) for d in images.shape], env=dict(os.environ, LEVEL=level),
                          capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return np.fromfile('theirs', np.float32).reshape(images.shape[0], -1)


def compare(who, got, logits, scale, allowed):
    """Prints what differs. @return whether more does than is allowed: images of another class, and the largest difference."""
    theirs = np.rint(got.astype(np.float64) / scale).astype(np.int64)
    off = np.abs(theirs - logits)
    classes = int((theirs.argmax(1) != logits.argmax(1)).sum())
    print(f'  {who}: {(off > 0).any(1).sum()} of {len(logits)} images differ in a logit, by at most {off.max()} of '
          f'{np.abs(logits).max()}; {classes} in their class')
    return bool(classes > allowed[0] or off.max() > allowed[1] * np.abs(logits).max())


CASES = [  # network, design, images, images whose class may differ, share of the largest logit that any may be off by; style
    ('glyphs', 'near: w8a8', 200, 0, 0.02),
    ('glyphs', 'near: w4{1,3}a8', 200, 0, 0.02),
    ('glyphs', 'in: w5{1}a6', 200, 0, 0.02),
    ('lenet', 'near: w4{1,3}a8', 200, 0, 0.001),
    ('resnet8', 'near: w4{1,3}a8', 60, 0, 0.02),
    ('resnet8', 'vn: w8a12', 30, 0, 0.002),
    ('resnet20', 'near: w4{1,3}a8', 20, 0, 0.02),
    ('dscnn', 'near: w6{1,3}a8', 60, 0, 0.02),
    ('glyphs', 'near: w4{1,3}a8', 200, 0, 0.02, 'qonnx'),
    ('resnet8', 'near: w4{1,3}a8', 30, 0, 0.02, 'qonnx'),
]


def main():
    written, folder = sys.argv[1:3]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.chdir(folder)
    failed, peer = 0, has_runtime()
    if not peer:
        print('Node does not find onnxruntime-node: not compared with it')
    for network, design, n, classes, off, *style in CASES:
        style, allowed = style[0] if style else 'qcdq', (classes, off)
        done = subprocess.run([written, network, design, str(n), style], capture_output=True, text=True)
        if done.returncode == 77:
            print(f'{network}: its data is not there')
            continue
        if done.returncode:
            print(f'{network}, {design}: {done.stdout}{done.stderr}')
            failed += 1
            continue
        c, h, w, classes, scale = done.stdout.split()
        images = np.fromfile('images', np.float32).reshape(n, int(c), int(h), int(w))
        logits = np.fromfile('logits', np.int32).reshape(n, int(classes))
        model = Model('net.onnx')
        print(f'{network}, {design}, {style}: operator set {model.opset}, {len(model.nodes)} nodes')
        failed += compare('NumPy', model.run(images), logits, float(scale), allowed)
        for level in ['disabled', 'all'] if peer and style == 'qcdq' else []:  # it does not know Quant
            failed += compare(f'onnxruntime, optimisations {level}', runtime(images, level), logits, float(scale), allowed)
    sys.exit(failed > 0)


main()
