#!/usr/bin/env python3
"""regression.py: writes net.onnx, a network of three numbers to one, and t.csv, 900 rows of what it gives with some noise."""
import random, struct
def v(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + v(n >> 7)
def f(k, x):
    return v(k << 3) + v(x) if isinstance(x, int) else v(k << 3 | 2) + v(len(x)) + x
info = lambda name, d: f(1, name) + f(2, f(1, f(1, 1) + f(2, b''.join(f(1, f(1, i)) for i in d))))
def weight(name, r, c):
    w[name] = [[random.gauss(0, 0.5) for _ in range(c)] for _ in range(r)]
    return f(5, f(1, r) + f(1, c) + f(2, 1) + f(8, name) + f(9, struct.pack('<%df' % (r * c), *sum(w[name], []))))
node = lambda op, i, o: f(1, b''.join(f(1, k) for k in i) + f(2, o) + f(4, op))
random.seed(1)
w = {}
graph = node(b'MatMul', [b'x', b'a'], b'h') + node(b'Relu', [b'h'], b'r') + node(b'MatMul', [b'r', b'b'], b'y')
graph += weight(b'a', 3, 6) + weight(b'b', 6, 1) + f(11, info(b'x', [1, 3])) + f(12, info(b'y', [1, 1]))
open('net.onnx', 'wb').write(f(1, 8) + f(7, graph) + f(8, f(2, 13)))
with open('t.csv', 'w') as t:
    t.write('a,b,c,price\n')
    for _ in range(900):
        x = [round(random.gauss(0, 1), 3) for _ in range(3)]
        h = [max(0, sum(x[i] * w[b'a'][i][j] for i in range(3))) for j in range(6)]
        t.write('%s,%.4f\n' % (','.join(map(str, x)), sum(h[j] * w[b'b'][j][0] for j in range(6)) + random.gauss(0, 0.05)))
