#!/usr/bin/python3
"""Exports small networks of the families users have, and what PyTorch computes with them.

usage: make.py [--all] [FOLDER]

Writes <name>.onnx and expected.txt: a line "name n value..." per network, the n outputs for two
images, one after the other. The images are not stored, see images(). Weights are random and
seeded; BatchNorm has statistics that are not trivial. --all writes every network as every exporter
setting of SETTINGS writes it (some megabytes, for development) instead of the chosen few.

Needs PyTorch 1.13 (Debian 12: python3-torch).
"""
import argparse
import io
import pathlib
import warnings
import zlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

N_IMAGES = 2
N_CLASSES = 5


def images(*shape):
    """Uniform in -1 .. 1 from a linear congruential generator; test_onnx_exported.c has the same."""
    n, state, values = int(np.prod(shape)), 1, []
    for _ in range(n):
        state = (1664525 * state + 1013904223) % 2**32
        values.append((state >> 8) / 2**23 - 1)
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def conv(n_in, n_out, size=3, stride=1, groups=1, act=nn.ReLU):
    layers = [nn.Conv2d(n_in, n_out, size, stride, size // 2, groups=groups, bias=False),
              nn.BatchNorm2d(n_out)]
    return nn.Sequential(*layers, *([act()] if act else []))


class Lambda(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, act=F.relu):
        super().__init__()
        self.body, self.shortcut, self.act = body, shortcut or nn.Identity(), act

    def forward(self, x):
        return self.act(self.body(x) + self.shortcut(x))


def shortcut_a(n_in, n_out):
    """Parameter-free: every second pixel, zeros for the channels that are new."""
    pad = (n_out - n_in) // 2
    return Lambda(lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, pad, n_out - n_in - pad)))


def resnet(shortcut):
    def block(n_in, n_out, stride):
        body = nn.Sequential(conv(n_in, n_out, 3, stride), conv(n_out, n_out, act=None))
        return Residual(body, shortcut(n_in, n_out) if stride > 1 else None)
    return nn.Sequential(conv(3, 4), block(4, 4, 1), block(4, 6, 2), block(6, 8, 2),
                         nn.AdaptiveAvgPool2d(1), Lambda(lambda x: x.view(x.size(0), -1)),
                         nn.Linear(8, N_CLASSES))


def resnet_a():
    return resnet(shortcut_a)


def resnet_b():
    return resnet(lambda n_in, n_out: conv(n_in, n_out, 1, 2, act=None))


def mobilenet_v1():
    def block(n_in, n_out, stride):
        return nn.Sequential(conv(n_in, n_in, 3, stride, n_in), conv(n_in, n_out, 1))
    return nn.Sequential(conv(3, 6, 3, 2), block(6, 8, 1), block(8, 12, 2), nn.AvgPool2d(4),
                         Lambda(lambda x: x.view(-1, 12)), nn.Linear(12, N_CLASSES),
                         nn.Softmax(dim=1))


def mobilenet_v2():
    def block(n_in, n_out, stride):
        wide = 2 * n_in
        body = nn.Sequential(conv(n_in, wide, 1, act=nn.ReLU6),
                             conv(wide, wide, 3, stride, wide, nn.ReLU6),
                             conv(wide, n_out, 1, act=None))
        same = stride == 1 and n_in == n_out
        return Residual(body, act=lambda x: x) if same else body
    return nn.Sequential(conv(3, 6, 3, 2, act=nn.ReLU6), block(6, 6, 1), block(6, 8, 2),
                         block(8, 8, 1), conv(8, 16, 1, act=nn.ReLU6),
                         Lambda(lambda x: x.mean([2, 3])), nn.Dropout(0.2),
                         nn.Linear(16, N_CLASSES))


def vgg():
    return nn.Sequential(
        conv(3, 4), nn.MaxPool2d(2), conv(4, 8), conv(8, 8), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(128, 8), nn.ReLU(True), nn.Dropout(), nn.Linear(8, N_CLASSES))


class Dense(nn.Module):
    """DenseNet's layer: BatchNorm and ReLU before the convolution."""

    def __init__(self, n_in, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(n_in), nn.Conv2d(n_in, 2 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(2 * growth)
        self.conv2 = nn.Conv2d(2 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x)))
        y = self.conv2(F.relu(self.norm2(y)))
        return torch.cat([x, y], 1)


def densenet():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, 2, 1, bias=False), Dense(6, 4), Dense(10, 4), nn.BatchNorm2d(14),
        nn.ReLU(), nn.Conv2d(14, 8, 1, bias=False), nn.AvgPool2d(2, 2), Dense(8, 4),
        nn.BatchNorm2d(12), nn.ReLU(), Lambda(lambda x: F.adaptive_avg_pool2d(x, (1, 1))),
        Lambda(lambda x: torch.flatten(x, 1)), nn.Linear(12, N_CLASSES))


class Fire(nn.Module):
    def __init__(self, n_in, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Conv2d(n_in, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)


def squeezenet():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(8, 4, 6),
        Fire(12, 4, 6), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout(), nn.Conv2d(12, N_CLASSES, 1),
        nn.ReLU(), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())


class Shuffle(nn.Module):
    """ShuffleNet V2's unit: one half passes, the other is convolved, then the halves are mixed."""

    def __init__(self, n):
        super().__init__()
        half = n // 2
        self.branch = nn.Sequential(conv(half, half, 1), conv(half, half, 3, 1, half, act=None),
                                    conv(half, half, 1))

    def forward(self, x):
        a, b = x.chunk(2, dim=1)
        return channel_shuffle(torch.cat((a, self.branch(b)), dim=1), 2)


def channel_shuffle(x, groups):
    n, c, h, w = x.size()
    x = x.view(n, groups, c // groups, h, w)
    return torch.transpose(x, 1, 2).contiguous().view(n, -1, h, w)


def shufflenet():
    return nn.Sequential(conv(3, 8, 3, 2), Shuffle(8), nn.MaxPool2d(3, 2, 1), Shuffle(8),
                         Lambda(lambda x: x.mean([2, 3])), nn.Linear(8, N_CLASSES))


def mlp():
    return nn.Sequential(nn.Linear(20, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 12),
                         nn.Sigmoid(), nn.Linear(12, N_CLASSES), nn.LogSoftmax(1))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(6, 8, 5), nn.ReLU(),
        nn.MaxPool2d(2), Lambda(lambda x: x.view(-1, 8 * 2 * 2)), nn.Linear(32, 16), nn.ReLU(),
        nn.Linear(16, N_CLASSES))


def normalised():
    """The normalisation of the data inside of the network, and padding as TensorFlow does it."""
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    return nn.Sequential(
        Lambda(lambda x: (x * 0.5 + 0.5 - mean) / std), nn.ZeroPad2d((0, 1, 0, 1)),
        nn.Conv2d(3, 6, 3, 2), nn.Hardtanh(0, 4), Lambda(lambda x: F.pad(x, (1, 2, 0, 1))),
        nn.Conv2d(6, 8, 3), nn.ReLU(), nn.AvgPool2d(3, 2, 1, count_include_pad=True),
        nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
        Lambda(lambda x: x.reshape(x.shape[0], x.shape[1] * x.shape[2] * x.shape[3])),
        nn.Linear(72, N_CLASSES))


class Split(nn.Module):
    """Channels split unequally, each part its own layer; squeezed at the end."""

    def __init__(self):
        super().__init__()
        self.stem = conv(3, 8, 3, 2)
        self.left, self.right = conv(3, 6), conv(5, 6)
        self.head = nn.Conv2d(6, N_CLASSES, 1)

    def forward(self, x):
        a, b = torch.split(self.stem(x), [3, 5], dim=1)
        x = self.left(a) + 0.5 * self.right(b)
        x = F.adaptive_avg_pool2d(self.head(x), 1)
        return x.squeeze(3).squeeze(2)


class Excite(nn.Module):
    """Squeeze-and-excite."""

    def __init__(self):
        super().__init__()
        self.stem, self.down, self.up = conv(3, 8, 3, 2), nn.Conv2d(8, 4, 1), nn.Conv2d(4, 8, 1)
        self.fc = nn.Linear(8, N_CLASSES)

    def forward(self, x):
        x = self.stem(x)
        s = torch.sigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(x, 1)))))
        return self.fc((x * s).mean((2, 3)))


def tokens():
    """A mixer: patches as rows, dense layers over the last dimension."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 4, 4), nn.Flatten(2), Lambda(lambda x: x.transpose(1, 2)), nn.Linear(8, 12),
        nn.ReLU(), nn.Linear(12, 8), Lambda(lambda x: x.mean(1)), nn.Linear(8, N_CLASSES))


def keyword():
    """[batch, time, features] becomes a map of one channel."""
    return nn.Sequential(
        Lambda(lambda x: x.unsqueeze(1)), conv(1, 6, 3, 2), conv(6, 6, 3, 1, 6), conv(6, 8, 1),
        nn.AdaptiveAvgPool2d(1), Lambda(lambda x: x.squeeze(-1).squeeze(-1)),
        nn.Linear(8, N_CLASSES))


def act(layer):
    return lambda: nn.Sequential(conv(3, 4, 3, 2, act=layer), nn.Flatten(),
                                 nn.Linear(4 * 64, N_CLASSES))


# name: factory, shape of an image
NETWORKS = {
    "resnet_a": (resnet_a, (3, 16, 16)),
    "resnet_b": (resnet_b, (3, 16, 16)),
    "mobilenet_v1": (mobilenet_v1, (3, 16, 16)),
    "mobilenet_v2": (mobilenet_v2, (3, 16, 16)),
    "vgg": (vgg, (3, 16, 16)),
    "densenet": (densenet, (3, 16, 16)),
    "squeezenet": (squeezenet, (3, 23, 23)),
    "shufflenet": (shufflenet, (3, 16, 16)),
    "mlp": (mlp, (20,)),
    "lenet": (lenet, (1, 16, 16)),
    "normalised": (normalised, (3, 17, 17)),
    "split": (Split, (3, 12, 12)),
    "excite": (Excite, (3, 12, 12)),
    "tokens": (tokens, (3, 12, 16)),
    "keyword": (keyword, (16, 10)),
    "hardswish": (act(nn.Hardswish), (3, 16, 16)),
    "hardsigmoid": (act(nn.Hardsigmoid), (3, 16, 16)),
    "leaky": (act(nn.LeakyReLU), (3, 16, 16)),
    "silu": (act(nn.SiLU), (3, 16, 16)),
    "elu": (act(nn.ELU), (3, 16, 16)),
    "gelu": (act(nn.GELU), (3, 16, 16)),
    "tanh": (act(nn.Tanh), (3, 16, 16)),
    "prelu": (act(nn.PReLU), (3, 16, 16)),
}

# (operator set, symbolic batch, BatchNorm folded by the exporter, constants folded by the exporter)
SETTINGS = [(9, False, True, True), (11, True, False, True), (13, True, True, True),
            (13, False, False, False), (16, True, False, False)]

# The network and the setting of the files that tests use.
CHOSEN = [
    ("resnet_a", SETTINGS[2]), ("resnet_b", SETTINGS[4]), ("mobilenet_v1", SETTINGS[0]),
    ("mobilenet_v2", SETTINGS[1]), ("vgg", SETTINGS[3]), ("densenet", SETTINGS[2]),
    ("squeezenet", SETTINGS[1]), ("shufflenet", SETTINGS[4]), ("mlp", SETTINGS[2]),
    ("lenet", SETTINGS[0]), ("normalised", SETTINGS[4]), ("split", SETTINGS[2]),
    ("tokens", SETTINGS[3]), ("keyword", SETTINGS[1]),
]


def build(name):
    torch.manual_seed(zlib.crc32(name.encode()))
    factory, shape = NETWORKS[name]
    net = factory()
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)  # so that the image still tells at the end
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.2, 1.5)
    return net.eval(), images(N_IMAGES, *shape)


def export(net, x, opset, symbolic, fold_norm, fold_constants):
    file = io.BytesIO()
    modes = torch.onnx.TrainingMode
    torch.onnx.export(net, x[:1], file, opset_version=opset, input_names=["image"],
                      output_names=["logits"],
                      dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}} if symbolic else None,
                      training=modes.EVAL if fold_norm else modes.PRESERVE,
                      do_constant_folding=fold_constants)
    return file.getvalue()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("folder", nargs="?", default=pathlib.Path(__file__).parent,
                           type=pathlib.Path)
    arguments = arguments.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    everything = [(name, setting) for name in NETWORKS for setting in SETTINGS]
    lines = []
    for name, setting in everything if arguments.all else CHOSEN:
        net, x = build(name)
        try:
            file = export(net, x, *setting)
        except Exception as error:  # what this exporter cannot write at all
            print(f"{name} {setting}: {str(error).splitlines()[0]}")
            continue
        if arguments.all:
            name = "{}_{}_{:d}{:d}{:d}".format(name, *setting)
        (arguments.folder / f"{name}.onnx").write_bytes(file)
        with torch.no_grad():
            y = net(x)
        assert (y[0] - y[1]).abs().max() > 0.03 * y.abs().max(), f"{name} does not see its image"
        y = y.flatten().tolist()
        lines.append(" ".join([name, str(len(y))] + [f"{v:.9g}" for v in y]))
    (arguments.folder / "expected.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
