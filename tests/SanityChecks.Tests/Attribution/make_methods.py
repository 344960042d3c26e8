#!/usr/bin/python3
"""Writes methods.json: maps of the methods beyond gradients and CAMs, by PyTorch and SciPy, on the narrow networks and images of ../Networks/make_small_networks.py.

Debian packages python3-torch, python3-torchvision and python3-scipy. Every 197th element of the first two images' maps (RISE and occlusion: every 31st). Integrated Gradients by the middles of 8 steps from
each baseline, with what its sum lacks; any method smoothed: the gradient at three noisy copies and at the image; SmoothGrad, its square and VarGrad with 4 samples and noise 0.2; Smooth Integrated Gradients with 2 samples, noise 0.2 and 3 steps from each image's
mean; GradientSHAP with 4 samples from white; occlusion by black squares of 20 pixels, 12 apart; RISE with 6 masks of 5 x 5 cells and p 0.4, each from the random streams that RandomStream describes (written again here); LRP
by a pass back through the modules in which each linear one hands down by automatic differentiation of its output times R / (z + epsilon sign z), means with 1e-6, batch normalizations merged into the convolutions first.
"""
import hashlib
import json
import os
import struct
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as functional
from scipy.ndimage import gaussian_filter
from scipy.special import ndtri
from torchvision.models.squeezenet import Fire

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402

SEED, IDS, TARGETS, SIZE, STRIDE, MAP_STRIDE = 7, ["first.png", "second.png"], [3, 1], (64, 64), 197, 31
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)


class Stream:
    """RandomStream: Philox4x32-10, keyed by the first eight bytes of SHA-256 over seed, draw and name."""

    def __init__(self, name):
        text = struct.pack("<Qi", SEED, 0) + name.encode()
        self.key = struct.unpack("<II", hashlib.sha256(text).digest()[:8])

    def bits(self, element):
        a, b, c, d = element & 0xFFFFFFFF, element >> 32, 0, 0
        low, high = self.key
        for _ in range(10):
            first, second = 0xD2511F53 * a, 0xCD9E8D57 * c
            a, b, c, d = (second >> 32) ^ b ^ low, second & 0xFFFFFFFF, (first >> 32) ^ d ^ high, first & 0xFFFFFFFF
            low, high = (low + 0x9E3779B9) & 0xFFFFFFFF, (high + 0xBB67AE85) & 0xFFFFFFFF
        return (b << 32) | a

    def uniform(self, element):
        return ((self.bits(element) >> 12) + 0.5) / (1 << 52)

    def below(self, element, bound):
        return (self.bits(element) * bound) >> 64


def gradient(network, x):
    x = x.clone().requires_grad_(True)
    logits = network(x)
    sum(logits[n, target] for n, target in enumerate(TARGETS)).backward()
    return x.grad.double(), logits.detach().double()


def baselines(x):
    for name in ("black", "white"):
        level = (np.float32(0 if name == "black" else 255) / np.float32(255) - MEAN) / DEVIATION
        yield name, torch.from_numpy(level).reshape(1, 3, 1, 1).expand_as(x).clone()
    yield "mean", x.double().mean((2, 3), keepdim=True).float().expand_as(x).clone()
    blurred = [[gaussian_filter(plane.double().numpy(), 20, mode="reflect", truncate=4) for plane in image] for image in x]
    yield "blur", torch.from_numpy(np.array(blurred)).float()


def integrated(network, x, baseline, steps=8):
    difference, total = x - baseline, 0
    for step in range(steps):
        total = total + gradient(network, baseline + np.float32((step + 0.5) / steps) * difference)[0]
    scores = difference.double() * total / steps
    there, here = gradient(network, x)[1], gradient(network, baseline)[1]
    errors = [float(scores[n].sum() - (there[n, t] - here[n, t])) for n, t in enumerate(TARGETS)]
    return scores, errors


def noisy(x, owner, sample, noise=0.2):
    size, copy = x[0].numel(), x.clone()
    for n, name in enumerate(IDS):
        stream = Stream(f"attribution/{owner}/{name}")
        normal = ndtri(np.array([stream.uniform(sample * size + i) for i in range(size)])).reshape(x[n].shape)
        deviation = noise * (float(x[n].max()) - float(x[n].min()))
        copy[n] = torch.from_numpy(x[n].double().numpy() + deviation * normal).float()
    return copy


def smooth(network, x, samples=4):
    gradients = torch.stack([gradient(network, noisy(x, "smooth_grad", sample))[0] for sample in range(samples)])
    return {"smooth_grad": gradients.mean(0), "smooth_grad_squared": (gradients ** 2).mean(0), "var_grad": gradients.var(0, unbiased=False)}


def smooth_integrated(network, x, samples=2, steps=3):
    baseline = dict(baselines(x))["mean"]
    return sum(integrated(network, noisy(x, "smooth_integrated_gradients", sample), baseline, steps)[0] for sample in range(samples)) / samples


def gradient_shap(network, x, samples=4):
    baseline, total = dict(baselines(x))["white"], 0
    shares = np.array([[Stream(f"attribution/gradient_shap/{name}").uniform(sample) for name in IDS] for sample in range(samples)])
    for share in torch.from_numpy(shares).float():
        total = total + gradient(network, baseline + share.reshape(-1, 1, 1, 1) * (x - baseline))[0]
    return (x - baseline).double() * total / samples


def occlusion(network, x, window=20, stride=12):
    baseline, falls, count = dict(baselines(x))["black"], torch.zeros(len(IDS), *x.shape[2:], dtype=torch.float64), torch.zeros(x.shape[2:], dtype=torch.float64)
    with torch.no_grad():
        whole = network(x).double()
        for top in range(0, x.shape[2] - window + stride, stride):
            for left in range(0, x.shape[3] - window + stride, stride):
                covered = x.clone()
                covered[..., top:top + window, left:left + window] = baseline[..., top:top + window, left:left + window]
                logits = network(covered).double()
                count[top:top + window, left:left + window] += 1
                for n, target in enumerate(TARGETS):
                    falls[n, top:top + window, left:left + window] += whole[n, target] - logits[n, target]
    return falls / count


def rise(network, x, masks=6, grid=5, p=0.4):
    height, width = x.shape[2:]
    tall, wide, total = -(-height // grid), -(-width // grid), torch.zeros(len(IDS), height, width, dtype=torch.float64)
    for mask in range(masks):
        first = mask * (grid * grid + 2)
        cover = []
        for name in IDS:
            stream = Stream(f"attribution/rise/{name}")
            cells = torch.tensor([float(stream.uniform(first + i) < p) for i in range(grid * grid)]).reshape(1, 1, grid, grid)
            large = functional.interpolate(cells, ((grid + 1) * tall, (grid + 1) * wide), mode="bilinear", align_corners=False)[0, 0]
            top, left = stream.below(first + grid * grid, tall), stream.below(first + grid * grid + 1, wide)
            cover.append(large[top:top + height, left:left + width])
        cover = torch.stack(cover)
        with torch.no_grad():
            probabilities = torch.softmax(network(x * cover[:, None]).double(), 1)
        for n, target in enumerate(TARGETS):
            total[n] += probabilities[n, target] * cover[n].double()
    return total / (masks * p)


def relevance(module, x, epsilon):
    """The module's output, and how relevance at it goes to its input."""
    if isinstance(module, nn.Sequential):
        steps, current = [], x
        for part in module:
            current, back = relevance(part, current, epsilon)
            steps.append(back)

        def through(r):
            for back in reversed(steps):
                r = back(r)
            return r
        return current, through
    if isinstance(module, Fire):
        squeezed, back_squeeze = relevance(nn.Sequential(module.squeeze, module.squeeze_activation), x, epsilon)
        narrow, back_narrow = relevance(nn.Sequential(module.expand1x1, module.expand1x1_activation), squeezed, epsilon)
        broad, back_broad = relevance(nn.Sequential(module.expand3x3, module.expand3x3_activation), squeezed, epsilon)
        split = narrow.shape[1]
        return torch.cat([narrow, broad], 1), lambda r: back_squeeze(back_narrow(r[:, :split]) + back_broad(r[:, split:]))
    with torch.enable_grad():
        source = x.detach().clone().requires_grad_(True)
        output = module(source)
    if isinstance(module, (nn.ReLU, nn.Dropout)):
        return output.detach(), lambda r: r
    if isinstance(module, (nn.MaxPool2d, nn.Flatten)):
        return output.detach(), lambda r: torch.autograd.grad(output, source, r, retain_graph=True)[0]

    # A mean's shares need no more than that 0 is not divided by.
    epsilon = 1e-6 if isinstance(module, nn.AdaptiveAvgPool2d) else epsilon

    def proportional(r):
        sign = torch.where(output >= 0, 1.0, -1.0)
        return source.detach() * torch.autograd.grad(output, source, (r / (output + epsilon * sign)).detach(), retain_graph=True)[0]
    return output.detach(), proportional


def merged(features):
    """Without the batch normalizations that follow a convolution."""
    modules, result = list(features), []
    for module in modules:
        if isinstance(module, nn.BatchNorm2d):
            result[-1] = nn.utils.fusion.fuse_conv_bn_eval(result[-1].eval(), module.eval())
        else:
            result.append(module)
    return nn.Sequential(*result)


def lrp(network, x, epsilon):
    parts = [merged(network.features), network.avgpool, nn.Flatten(), network.classifier] if hasattr(network, "avgpool") else [network.features, network.classifier, nn.Flatten()]
    network = nn.Sequential(*parts).double()
    logits, back = relevance(network, x.double(), epsilon)
    return back(functional.one_hot(torch.tensor(TARGETS), logits.shape[1]) * logits)


def main():
    result = {}
    for name, make in (("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("vgg16_bn", lambda: small.vgg([2, 2, 3, 3, 3], True)), ("squeezenet1_1", small.squeezenet)):
        network = small.fill(make()[0], small.FIRST_SEEDS.get(name, 1))
        x = small.random(11, (2, 3, *SIZE), 2)
        maps, errors = {"input_x_gradient": x.double() * gradient(network, x)[0]}, {}
        for baseline, values in baselines(x):
            maps[f"integrated_gradients/{baseline}"], errors[baseline] = integrated(network, x, values)
        maps.update(smooth(network, x))
        maps["smooth_integrated_gradients"] = smooth_integrated(network, x)
        maps["gradient_shap"] = gradient_shap(network, x)
        maps["smooth/gradient"] = sum(gradient(network, y)[0] for y in [noisy(x, "smooth/gradient", n) for n in range(3)] + [x]) / 4
        maps["lrp_epsilon"] = lrp(make_again(make, name), x, 0.05)
        sampled = {key: value.flatten().numpy()[::STRIDE].tolist() for key, value in maps.items()}
        for method, of in (("rise", rise), ("occlusion", occlusion)):
            sampled[method] = of(network, x).flatten().numpy()[::MAP_STRIDE].tolist()
        result[name] = {"maps": sampled, "errors": errors}
        print(name, {key: f"{np.abs(value).max():.3g}" for key, value in sampled.items()}, errors)
    with open(os.path.join(HERE, "methods.json"), "w") as file:
        json.dump(result, file, indent=0)


def make_again(make, name):
    return small.fill(make()[0], small.FIRST_SEEDS.get(name, 1))


if __name__ == "__main__":
    main()
