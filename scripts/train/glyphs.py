#!/usr/bin/python3
"""Trains the embedded glyph network and writes eval/data/glyphs.onnx.

usage: glyphs.py DUMP_GLYPHS OUT.onnx [--epochs N]

DUMP_GLYPHS is the program of that name (built with -DASX_TRAIN_TOOLS=ON): every epoch sees new
images from it. Needs PyTorch 1.13 and NumPy (Debian 12: python3-torch python3-numpy). Single-threaded
and seeded, so that a second run on the same machine gives the same file.
"""
import argparse
import pathlib
import subprocess
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import projection

TRAIN_SEED, TEST_SEED = 1000, 999  # campaigns use other seeds: 1 unless told otherwise
TRAIN_IMAGES, TEST_IMAGES = 40000, 10000


class Net(nn.Module):
    """A residual block between two depthwise-separable ones; 1x16x16 in, 10 logits out."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = conv(1, 16, 3)
        self.depthwise1, self.bn2 = conv(16, 16, 3, stride=2, groups=16)
        self.pointwise1, self.bn3 = conv(16, 24, 1)
        self.conv2, self.bn4 = conv(24, 24, 3)
        self.conv3, self.bn5 = conv(24, 24, 3)
        self.depthwise2, self.bn6 = conv(24, 24, 3, stride=2, groups=24)
        self.pointwise2, self.bn7 = conv(24, 48, 1)
        self.fc = nn.Linear(48, 10)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.depthwise1(x)))
        x = torch.relu(self.bn3(self.pointwise1(x)))
        y = torch.relu(self.bn4(self.conv2(x)))
        x = torch.relu(x + self.bn5(self.conv3(y)))
        x = torch.relu(self.bn6(self.depthwise2(x)))
        x = torch.relu(self.bn7(self.pointwise2(x)))
        return self.fc(torch.flatten(nn.functional.avg_pool2d(x, 4), 1))


def conv(n_in, n_out, size, stride=1, groups=1):
    layer = nn.Conv2d(n_in, n_out, size, stride, size // 2, groups=groups, bias=False)
    return layer, nn.BatchNorm2d(n_out)


def fold(net):
    """The same network with every BatchNorm folded into the convolution before it."""
    net = net.eval()
    for name, bn in [("conv1", "bn1"), ("depthwise1", "bn2"), ("pointwise1", "bn3"),
                     ("conv2", "bn4"), ("conv3", "bn5"), ("depthwise2", "bn6"),
                     ("pointwise2", "bn7")]:
        setattr(net, name, fuse_conv_bn_eval(getattr(net, name), getattr(net, bn)))
        setattr(net, bn, nn.Identity())
    return net


def images(dump, seed, n):
    with tempfile.TemporaryDirectory() as folder:
        x, y = pathlib.Path(folder, "x.npy"), pathlib.Path(folder, "y.npy")
        subprocess.run([dump, str(seed), str(n), x, y], check=True)
        return torch.from_numpy(np.load(x)), torch.from_numpy(np.load(y)).long()


def accuracy(net, x, y):
    with torch.no_grad():
        right = sum(int((net(a.float() / 255).argmax(1) == b).sum())
                    for a, b in zip(x.split(1000), y.split(1000)))
    return 100 * right / len(y)


def train(net, dump, epochs, batch=128):
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=1e-2)
    steps = TRAIN_IMAGES // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=epochs * steps)
    for epoch in range(epochs):
        net.train()
        x, y = images(dump, TRAIN_SEED + epoch, TRAIN_IMAGES)
        total = 0.0
        for k in range(steps):
            part = slice(k * batch, (k + 1) * batch)
            loss = nn.functional.cross_entropy(net(x[part].float() / 255), y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{epochs}: loss {total / steps:.4f}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("dump")
    options.add_argument("out")
    options.add_argument("--epochs", type=int, default=14)
    args = options.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)

    net = Net()
    train(net, args.dump, args.epochs)
    net = fold(net)
    x, y = images(args.dump, TEST_SEED, TEST_IMAGES)
    projection.report(net, lambda n: accuracy(n, x, y))
    print(sum(p.numel() for p in net.parameters()), "parameters")
    torch.onnx.export(net, torch.zeros(1, 1, 16, 16), args.out, opset_version=13,
                      input_names=["image"], output_names=["logits"],
                      dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}})


if __name__ == "__main__":
    main()
