#!/usr/bin/python3
"""Writes full_networks.json: what PyTorch gives for every architecture at its published width, on closed-form weights and three photographs.

    make_full_networks.py PHOTOGRAPH PHOTOGRAPH PHOTOGRAPH [--only NETWORK ...]

Debian packages python3-torch, python3-torchvision and python3-pil. All numbers are of double precision; beside each map stands how far PyTorch's single precision is
from it, as a part of its largest magnitude: a gradient jumps where a ReLU or a pooling window decides by a rounding error. Of logits every 25th stands there, of maps
about fifty values. Photographs are fitted as SanityChecks fits them (imagenet, or squash for the small networks); only their names are written.
"""
import json
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torchvision
from PIL import Image
from torchvision import transforms

from make_small_networks import CifarResNet, LeNet, MobileNetV1, BasicConv, fill, rule

LOGIT_STRIDE, VALUES = 25, 50
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def networks():
    models = torchvision.models
    for depth, last in ((16, 29), (19, 35), (13, 23), (11, 19)):
        yield f"vgg{depth}", lambda d=depth: getattr(models, f"vgg{d}")(init_weights=False), f"features.{last}"
    for depth, last in ((16, 42), (19, 51), (13, 33), (11, 27)):
        yield f"vgg{depth}_bn", lambda d=depth: getattr(models, f"vgg{d}_bn")(init_weights=False), f"features.{last}"
    yield "alexnet", models.alexnet, "features.11"
    for name, last in (("resnet18", 1), ("resnet34", 2), ("resnet50", 2), ("resnet101", 2)):
        yield name, getattr(models, name), f"layer4.{last}"
    yield "densenet121", densenet, "features.relu5"
    yield "squeezenet1_0", models.squeezenet1_0, "features.12"
    yield "squeezenet1_1", models.squeezenet1_1, "features.12"
    yield "mobilenet_v1", lambda: MobileNetV1(lambda published: published, 1001), "mobilenet_v1.layer.25"
    yield "mobilenet_v2", models.mobilenet_v2, "features.18.2"
    options = {"aux_logits": False, "transform_input": True, "init_weights": False}
    yield "googlenet", lambda: inception(models.googlenet(**options)), "inception5b"
    yield "inception_v3", lambda: inception(models.inception_v3(**options)), "Mixed_7c"
    yield "efficientnet_b0", models.efficientnet_b0, "features.8.2"
    for depth in (20, 32, 44, 56):
        yield f"resnet{depth}", lambda d=depth: CifarResNet(d, (16, 32, 64), 10), f"layer3.{(depth - 2) // 6 - 1}"
    yield "lenet", lambda: LeNet((6, 16), (120, 84), 10), "relu2"


def densenet():
    network = torchvision.models.densenet121()
    network.features.add_module("relu5", nn.ReLU())
    network.forward = lambda x: network.classifier(network.features(x).mean((2, 3)))
    return network


def inception(network):
    for name, module in list(network.named_modules()):
        if type(module).__name__ == "BasicConv2d":
            parent, _, own = name.rpartition(".")
            setattr(network.get_submodule(parent), own, BasicConv(module))
    return network


def image(path, name):
    picture = Image.open(path).convert("RGB")
    if name == "lenet":
        gray = picture.convert("L").resize((28, 28), Image.BILINEAR)
        return (torch.from_numpy(np.array(gray)).float()[None] / 255 - 0.5) / 0.5
    small = name in ("resnet20", "resnet32", "resnet44", "resnet56")
    size, resized = (32, None) if small else (299, 342) if name == "inception_v3" else (224, 256)
    fit = [transforms.Resize((size, size))] if small else [transforms.Resize(resized), transforms.CenterCrop(size)]
    return transforms.Compose([*fit, transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)])(picture)


def maps(network, module, x):
    kept, result = {}, {}

    def keep(_, __, output):
        output.retain_grad()
        kept["activation"] = output

    for name, kind in (("gradient", "plain"), ("guided_backprop", "guided"), ("deconvnet", "deconvnet")):
        relus = [m for m in network.modules() if isinstance(m, (nn.ReLU, nn.ReLU6))]
        hooks = [m.register_full_backward_hook(rule(kind)) for m in relus] if kind != "plain" else [network.get_submodule(module).register_forward_hook(keep)]
        leaf = x.clone().requires_grad_(True)
        logits = network(leaf)
        target = int(logits[0].argmax()) if kind == "plain" else target
        network.zero_grad()
        logits[0, target].backward()
        for hook in hooks:
            hook.remove()
        result[name] = leaf.grad[0]
        if kind == "plain":
            result["logits"], result["target"] = logits.detach()[0], target
            a, g = kept["activation"].detach()[0], kept["activation"].grad[0]
            result["grad_cam"] = (g.mean((1, 2), keepdim=True) * a).sum(0).clamp(min=0)
            result["hires_cam"] = (g * a).sum(0).clamp(min=0)
            result["layer_cam"] = (g.clamp(min=0) * a).sum(0).clamp(min=0)
    return result


def numbers(tensor, stride):
    return [float(f"{v:.6g}") for v in tensor.flatten()[::stride].tolist()]


def main():
    only = sys.argv[sys.argv.index("--only") + 1:] if "--only" in sys.argv else []
    paths = sys.argv[1:4]
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "full_networks.json")
    result = json.load(open(file)) if os.path.exists(file) else {}
    for name, make, module in networks():
        if only and name not in only:
            continue
        network = fill(make())
        photographs = torch.stack([image(path, name) for path in paths])
        single = [maps(network, module, x[None]) for x in photographs]
        network.double()
        double = [maps(network, module, x[None].double()) for x in photographs]
        result[name] = []
        for path, coarse, fine in zip(paths, single, double):
            entry = {"photograph": os.path.basename(path), "target": fine["target"], "logits": numbers(fine["logits"], LOGIT_STRIDE),
                     "largest_logit": float(fine["logits"].abs().max())}
            for key in ("grad_cam", "hires_cam", "layer_cam", "gradient", "guided_backprop", "deconvnet"):
                values, largest = fine[key], float(fine[key].abs().max())
                stride = max(values.numel() // VALUES, 1)
                same = coarse["target"] == fine["target"]
                entry[key] = {"largest": largest, "stride": stride, "values": numbers(values, stride),
                              "single_precision": float((coarse[key] - values).abs().max()) / largest if largest > 0 and same else 0}
                print(name, key, f"largest {largest:.3g}", f"single precision {entry[key]['single_precision']:.1e}", flush=True)
            result[name].append(entry)
        with open(file, "w") as output:
            json.dump(result, output)
            output.write("\n")


if __name__ == "__main__":
    main()
