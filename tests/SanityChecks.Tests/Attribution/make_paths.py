#!/usr/bin/python3
"""Writes paths.json: Guided IG and Blur IG by PAIR's code and FullGrad by its authors', on the narrow networks and images of ../Networks/make_small_networks.py.

    python3 make_paths.py FOLDER      # FOLDER holds clones of github.com/PAIR-code/saliency (7b72b67) and github.com/idiap/fullgrad-saliency (7c106b3)

Debian packages python3-torch, python3-torchvision and python3-scipy. In double precision; every 197th element of the maps of both images (FullGrad: every 31st). Guided IG with 12 steps
from black within 0.1 of the straight way, and from the mean with 5 steps, a tenth of the values at a time, anywhere; Blur IG with 6 steps to sigma 11 (its batch of 1: with more, it takes every
width from the last step); of both also what the maps' sums lack. np.quantile(interpolation=), which Guided IG calls, is gone in NumPy 2: this was NumPy 1.24.
"""
import importlib
import json
import os
import sys

import numpy as np
import torch
from scipy.ndimage import gaussian_filter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402
from make_methods import baselines  # noqa: E402

TARGETS, SIZE, STRIDE, MAP_STRIDE = [3, 1], (64, 64), 197, 31


def load(folder, module):
    """Both projects call their package saliency; PAIR's imports TensorFlow above saliency.core, which is left out."""
    for name in [name for name in sys.modules if name.split(".")[0] == "saliency"]:
        del sys.modules[name]
    package = type(sys)("saliency")
    package.__path__ = [os.path.join(folder, "saliency")]
    sys.modules["saliency"] = package
    return importlib.import_module(module)


def caller(network, target, channels_last):
    def call(values, call_model_args=None, expected_keys=None):
        x = torch.from_numpy(np.asarray(values, np.float64))
        x = (x.permute(0, 3, 1, 2) if channels_last else x).clone().requires_grad_(True)
        network(x)[:, target].sum().backward()
        return {"INPUT_OUTPUT_GRADIENTS": (x.grad.permute(0, 2, 3, 1) if channels_last else x.grad).numpy()}
    return call


def guided(network, x, baseline, folder, **parameters):
    method = load(folder, "saliency.core.guided_ig").GuidedIG()
    return np.stack([method.GetMask(x[n].numpy(), caller(network, target, False), x_baseline=baseline[n].numpy(), **parameters) for n, target in enumerate(TARGETS)])


def blurred(network, x, folder, **parameters):
    method = load(folder, "saliency.core.blur_ig").BlurIG()
    maps = [method.GetMask(x[n].permute(1, 2, 0).numpy(), caller(network, target, True), **parameters) for n, target in enumerate(TARGETS)]
    return np.stack(maps).transpose(0, 3, 1, 2)


def errors(network, x, start, scores):
    with torch.no_grad():
        difference = network(x) - network(start)
    return [float(scores[n].sum() - difference[n, target]) for n, target in enumerate(TARGETS)]


def main():
    pair, idiap = (os.path.join(sys.argv[1], name) for name in ("saliency", "fullgrad-saliency"))
    torch.set_default_dtype(torch.float64)
    result = {}
    for name, make in (("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("vgg16_bn", lambda: small.vgg([2, 2, 3, 3, 3], True)), ("squeezenet1_1", small.squeezenet)):
        network = small.fill(make()[0], small.FIRST_SEEDS.get(name, 1)).double().eval()
        single = small.random(11, (2, 3, *SIZE), 2)
        start = {key: value.double() for key, value in baselines(single)}
        x = single.double()
        full = load(idiap, "saliency.fullgrad").FullGrad(network, (3, *SIZE)).saliency(x.clone(), torch.tensor(TARGETS)).detach().numpy()
        maps = {
            "guided_ig/black": guided(network, x, start["black"], pair, x_steps=12, fraction=0.25, max_dist=0.1),
            "guided_ig/mean": guided(network, x, start["mean"], pair, x_steps=5, fraction=0.1, max_dist=1),
            "blur_ig": blurred(network, x, pair, max_sigma=11, steps=6, batch_size=1),
        }
        start["blur"] = torch.from_numpy(np.array([[gaussian_filter(plane.numpy(), 11, mode="constant") for plane in image] for image in x]))
        sampled = {key: value.flatten()[::STRIDE] for key, value in maps.items()}
        sampled["full_grad"] = full.flatten()[::MAP_STRIDE]
        lacking = {key: errors(network, x, start[key.split("/")[-1].split("_")[0]], value) for key, value in maps.items()}
        result[name] = {"maps": {key: value.tolist() for key, value in sampled.items()}, "errors": lacking}
        print(name, {key: f"{np.abs(value).max():.3g}" for key, value in sampled.items()}, lacking)
    with open(os.path.join(HERE, "paths.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
