#!/usr/bin/python3
"""Writes shap.json: Shapley values of grid cells by PyTorch and NumPy in double precision, on the narrow networks and images of ../Networks/make_small_networks.py.

Debian packages python3-torch, python3-torchvision and python3-scipy. "exact": of 2 x 2 and 3 x 3 cells before black, by their definition, the mean over coalitions of what a cell adds. "sampled": of
4 x 4 cells before each image's mean with 60 coalitions, and with 9, which are too few for one solution, from the random streams of make_methods.py; the least squares under the two exact
ends by NumPy's lstsq, which takes the shortest of several solutions. One value for each cell, row by row, of both images.
"""
import itertools
import json
import math
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402
from make_methods import IDS, SIZE, TARGETS, Stream, baselines  # noqa: E402


def values(network, x, baseline, grid, n, coalitions):
    """The logit of one image under each coalition, a row of 0s and 1s."""
    rows, columns = (np.arange(length) * grid // length for length in x.shape[2:])
    cell = torch.from_numpy(rows[:, None] * grid + columns[None, :])
    with torch.no_grad():
        return np.concatenate([
            network(torch.stack([torch.where(torch.from_numpy(np.array(z, bool))[cell], x[n], baseline[n]) for z in part]))[:, TARGETS[n]].numpy()
            for part in (coalitions[i:i + 64] for i in range(0, len(coalitions), 64))])


def exact(network, x, baseline, grid, n):
    cells = grid * grid
    coalitions = list(itertools.product((0, 1), repeat=cells))
    value = dict(zip(coalitions, values(network, x, baseline, grid, n, coalitions)))
    shapley = np.zeros(cells)
    for z in coalitions:
        size = sum(z)
        for i in (i for i in range(cells) if not z[i]):
            weight = math.factorial(size) * math.factorial(cells - size - 1) / math.factorial(cells)
            shapley[i] += weight * (value[z[:i] + (1,) + z[i + 1:]] - value[z])
    return shapley


def coalition(stream, sample, cells):
    first, odds = sample // 2 * cells, [1 / (k * (cells - k)) for k in range(1, cells)]
    aim, size, passed = stream.uniform(first) * sum(odds), 1, odds[0]
    while passed < aim and size < cells - 1:
        size += 1
        passed += odds[size - 1]
    order = list(range(cells))
    for i in range(size):
        other = i + stream.below(first + 1 + i, cells - i)
        order[i], order[other] = order[other], order[i]
    return [int((cell in order[:size]) == (sample % 2 == 0)) for cell in range(cells)]


def sampled(network, x, baseline, grid, n, samples):
    cells, stream = grid * grid, Stream(f"attribution/kernel_shap/{IDS[n]}")
    z = np.array([coalition(stream, sample, cells) for sample in range(samples)])
    none, everything, *value = values(network, x, baseline, grid, n, [[0] * cells, [1] * cells, *z.tolist()])
    share = z.sum(1, keepdims=True) / cells
    solution, _, rank, _ = np.linalg.lstsq(z - share, np.array(value) - none - share[:, 0] * (everything - none), rcond=1e-6)
    print("rank", rank, "of", cells - 1)
    return (everything - none) / cells + solution


def main():
    result = {}
    for name, make in (("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("squeezenet1_1", small.squeezenet)):
        network = small.fill(make()[0], small.FIRST_SEEDS.get(name, 1)).double().eval()
        single = small.random(11, (2, 3, *SIZE), 2)
        start, x = {key: value.double() for key, value in baselines(single)}, single.double()
        maps = {f"exact/{grid}": [exact(network, x, start["black"], grid, n) for n in range(2)] for grid in (2, 3)}
        maps.update({f"sampled/{samples}": [sampled(network, x, start["mean"], 4, n, samples) for n in range(2)] for samples in (60, 9)})
        result[name] = {key: np.concatenate(value).tolist() for key, value in maps.items()}
        print(name, {key: f"{np.abs(value).max():.3g}" for key, value in maps.items()})
    with open(os.path.join(HERE, "shap.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
