#!/usr/bin/python3
"""Trains a small MLP on UCI pendigits and writes it as ONNX.

usage: pendigits.py PENDIGITS-TRAIN.csv PENDIGITS-TEST.csv OUT.onnx [--epochs N]

The tables have a header, 16 features of 0 .. 100 and the class; the network sees features / 100. The
test table is only used for the figures printed at the end. Needs PyTorch 1.13 and NumPy (Debian 12:
python3-torch python3-numpy). Single-threaded and seeded.
"""
import argparse

import numpy as np
import torch
from torch import nn

import projection


class Net(nn.Module):
    """16 features in, 10 logits out."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, 10)

    def forward(self, x):
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def table(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return torch.from_numpy(rows[:, :-1] / 100).float(), torch.from_numpy(rows[:, -1]).long()


def accuracy(net, x, y):
    with torch.no_grad():
        return 100 * (net(x).argmax(1) == y).float().mean().item()


def train(net, x, y, epochs, batch=64):
    steps = len(y) // batch
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=epochs * steps)
    for _ in range(epochs):
        order = torch.randperm(len(y))
        for k in range(steps):
            part = order[k * batch:(k + 1) * batch]
            jitter = 0.02 * torch.randn(len(part), x.shape[1])
            loss = nn.functional.cross_entropy(net(x[part] + jitter), y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("train")
    options.add_argument("test")
    options.add_argument("out")
    options.add_argument("--epochs", type=int, default=60)
    args = options.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)

    net = Net()
    x, y = table(args.train)
    train(net, x, y, args.epochs)
    net.eval()
    x, y = table(args.test)
    projection.report(net, lambda n: accuracy(n, x, y))
    print(sum(p.numel() for p in net.parameters()), "parameters")
    torch.onnx.export(net, torch.zeros(1, 16), args.out, opset_version=13,
                      input_names=["features"], output_names=["logits"],
                      dynamic_axes={"features": {0: "n"}, "logits": {0: "n"}})


if __name__ == "__main__":
    main()
