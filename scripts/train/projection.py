"""Projection of weights onto what alphabet sets can represent, for training scripts.

An independent, plain restatement of asx's definitions (unsigned 4-bit digits), so that a script can
tell what a network loses without retraining before the program ever sees it.
"""
import itertools

import numpy as np
import torch


def representable(bits, alphabets):
    """All values of a sign-and-magnitude word whose 4-bit digits come from an alphabet set."""
    digit = {0} | {a << s for a in alphabets for s in range(4) if a << s < 16}
    places = [(p, min(4, bits - 1 - p)) for p in range(0, bits - 1, 4)]
    choices = [[v << p for v in digit if v < 1 << width] for p, width in places]
    magnitudes = {sum(word) for word in itertools.product(*choices)}
    return np.array(sorted(magnitudes | {-m for m in magnitudes}), dtype=np.float64)


def project(weight, grid, n_scales=1000):
    """Nearest grid values times a scale per output channel, chosen for least squared error."""
    rows = weight.detach().double().numpy().reshape(weight.shape[0], -1)
    middle = (grid[1:] + grid[:-1]) / 2
    result = np.zeros_like(rows)
    for row, out in zip(rows, result):
        best = np.inf
        for share in np.geomspace(0.3, 8, n_scales):
            # beyond 1: only the finer, lower part of the grid is used
            scale = share * np.abs(row).max() / grid.max() + 1e-30
            word = grid[np.searchsorted(middle, row / scale)] * scale
            error = ((word - row) ** 2).sum()
            if error < best:
                best, out[:] = error, word
    return torch.from_numpy(result.reshape(weight.shape)).float()


def report(model, accuracy, formats=((4, (1,)), (4, (1, 3)), (5, (1,)), (6, (1,)), (8, (1,)))):
    """Prints accuracy with all weights projected; `accuracy` is a function of the model."""
    reference = accuracy(model)
    print(f"float: {reference:.2f} %")
    saved = {k: v.clone() for k, v in model.state_dict().items()}
    for bits, alphabets in formats:
        grid = representable(bits, alphabets)
        for module in model.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                module.weight.data = project(module.weight, grid)
        value = accuracy(model)
        name = f"w{bits}{{{','.join(map(str, alphabets))}}}"
        print(f"{name}: {value:.2f} %, {reference - value:+.2f} points lost")
        model.load_state_dict(saved)
