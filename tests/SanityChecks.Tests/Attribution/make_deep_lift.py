#!/usr/bin/python3
"""Writes deep_lift.json: DeepLIFT (rescale) by the code of captum, on the narrow networks and images of ../Networks/make_small_networks.py.

    python3 make_deep_lift.py FOLDER      # FOLDER holds the package captum (made with commit faac0877 of github.com/pytorch/captum)

Debian packages python3-torch and python3-torchvision. In double precision, one image at a time: of a batch captum takes the gradient of the first image where an input equals its baseline's.
captum hands a pooling window's share to one place and forgets the others' where windows overlap; here they add up. Every 197th element of the maps of both images is written for
black and white baselines, and the largest magnitude of all.
"""
import json
import os
import sys
import types

import torch
import torch.nn as nn
import torch.nn.functional as functional

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402

TARGETS, SIZE, STRIDE = [3, 1], (64, 64), 197
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])


def unpool(values, indices, *_):
    *_, shape = _
    flat = torch.zeros(*shape[:2], shape[2] * shape[3], dtype=values.dtype)
    return flat.scatter_add_(2, indices.flatten(2), values.flatten(2)).reshape(shape)


class Copy(nn.Module):
    def forward(self, x):
        return x.clone()


def apart(module):
    """Before a ReLU that is followed by pooling captum reads the pooling's gradient instead of its rule's: both hang on one tensor. So each ReLU's output is copied."""
    for name, child in list(module.named_children()):
        if isinstance(child, nn.ReLU):
            setattr(module, name, nn.Sequential(nn.ReLU(), Copy()))
        else:
            apart(child)
    return module


def main():
    sys.path.insert(0, sys.argv[1])
    sys.modules.setdefault("tqdm", types.SimpleNamespace(tqdm=None))
    sys.modules.setdefault("tqdm.auto", types.SimpleNamespace(tqdm=None))
    from captum.attr import DeepLift
    functional.max_unpool2d = unpool
    result = {}
    for name, make in (("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("vgg16_bn", lambda: small.vgg([2, 2, 3, 3, 3], True)), ("squeezenet1_1", small.squeezenet)):
        network = apart(small.fill(make()[0], small.FIRST_SEEDS.get(name, 1)).double().eval())
        x = small.random(11, (2, 3, *SIZE), 2).double()
        result[name] = {}
        for baseline, level in (("black", 0), ("white", 1)):
            base = ((level - MEAN) / DEVIATION).double().reshape(1, 3, 1, 1).expand(1, 3, *SIZE)
            maps = torch.cat([DeepLift(network).attribute(x[n:n + 1], base, target) for n, target in enumerate(TARGETS)])
            gains = [float(network(x[n:n + 1])[0, target] - network(base)[0, target]) for n, target in enumerate(TARGETS)]
            print(name, baseline, "sums", [float(one.sum()) for one in maps], "gains of the logits", gains)
            result[name][baseline] = {"largest": float(maps.abs().max()), "values": maps.flatten().detach().numpy()[::STRIDE].tolist()}
    with open(os.path.join(HERE, "deep_lift.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
