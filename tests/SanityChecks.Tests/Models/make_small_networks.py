#!/usr/bin/python3
"""Writes small_networks.json: what PyTorch gives for narrow VGG16, VGG19 and SqueezeNet 1.1 on closed-form weights and images.

Debian packages python3-torch and python3-torchvision. For each network and image size: the logits of two images, and for the first image's
target the raw Grad-CAM of the last convolution's ReLU, the gradients of all biases, at every 23rd element those of all weights, and, at every 197th
element, the gradient, Guided Backprop and Deconvnet at the input.
"""
import json
import os

import numpy as np
import torch
import torch.nn as nn
import torchvision
from torchvision.models.squeezenet import Fire
from torchvision.models.vgg import VGG, make_layers

WIDTH, HIDDEN, CLASSES, TARGET, STRIDE, WEIGHT_STRIDE = 6, 10, 5, 3, 197, 23
SIZES = [(64, 64), (96, 80), (70, 61)]  # at the last, SqueezeNet has partial pooling windows


def random(seed, axes, scale):
    """The same values as SmallNetworks.Values."""
    out, state = [], (seed * 747796405) & 0xFFFFFFFF
    for _ in range(int(np.prod(axes))):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(((state >> 8) - (1 << 23)) / (1 << 23) * scale)
    return torch.tensor(out, dtype=torch.float64).float().reshape(tuple(axes))


def vgg(counts):
    configuration = [part for count in counts for part in [WIDTH] * count + ["M"]]
    network = VGG(make_layers(configuration), num_classes=CLASSES)
    network.classifier = nn.Sequential(
        nn.Linear(WIDTH * 49, HIDDEN), nn.ReLU(), nn.Dropout(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Dropout(), nn.Linear(HIDDEN, CLASSES))
    return network, "features", -2


def squeezenet():
    network = torchvision.models.squeezenet1_1(num_classes=CLASSES)
    for i, module in enumerate(network.features):
        if isinstance(module, Fire):
            network.features[i] = Fire(WIDTH if i == 3 else 2 * WIDTH, WIDTH, WIDTH, WIDTH)
        elif isinstance(module, nn.Conv2d):
            network.features[i] = nn.Conv2d(3, WIDTH, 3, stride=2)
    network.classifier[1] = nn.Conv2d(2 * WIDTH, CLASSES, 1)
    return network, "features", -1


def fill(network):
    with torch.no_grad():
        for index, (name, tensor) in enumerate(network.named_parameters()):
            fan_in = tensor[0].numel() if name.endswith("weight") else None
            tensor.copy_(random(index + 1, tensor.shape, float(np.sqrt(6 / fan_in)) if fan_in else 0.2))
    for module in network.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    return network.eval()


def rule(kind):
    def hook(module, grad_input, grad_output):
        source = grad_input[0] if kind == "guided" else grad_output[0]
        return (source.clamp(min=0),)
    return hook


def input_gradient(network, image, kind):
    hooks = [m.register_full_backward_hook(rule(kind)) for m in network.modules() if isinstance(m, nn.ReLU)] if kind != "plain" else []
    x = image.clone().requires_grad_(True)
    network(x)[:, TARGET].sum().backward()
    for hook in hooks:
        hook.remove()
    return x.grad


def numbers(tensor):
    return [float(f"{v:.7g}") for v in tensor.detach().flatten().tolist()]


def measured(network, module, height, width):
    images = random(1000 + height, (2, 3, height, width), 2.0)
    kept = {}

    def keep(_, __, output):
        output.retain_grad()
        kept["activation"] = output

    features = network.features[module]
    hook = features.register_forward_hook(keep)
    logits = network(images)
    network.zero_grad()
    logits[0, TARGET].backward()
    hook.remove()
    activation = kept["activation"]
    alpha = activation.grad.mean(dim=(2, 3), keepdim=True)
    cam = (alpha * activation).sum(1).clamp(min=0)[0]
    assert (cam > 0).any(), "a dead map tests nothing"
    biases = [tensor.grad for name, tensor in network.named_parameters() if name.endswith("bias")]
    weights = [tensor.grad.flatten() for name, tensor in network.named_parameters() if name.endswith("weight")]
    result = {"height": height, "width": width, "logits": numbers(logits), "cam_shape": list(cam.shape), "grad_cam": numbers(cam),
              "bias_gradients": numbers(torch.cat(biases)),
              "weight_gradients": numbers(torch.cat(weights)[::WEIGHT_STRIDE])}
    for name, kind in [("gradient", "plain"), ("guided_backprop", "guided"), ("deconvnet", "deconvnet")]:
        gradient = input_gradient(network, images[:1], kind)
        assert gradient.abs().max() > 0
        result[name] = numbers(gradient.flatten()[::STRIDE])
    return result


torch.manual_seed(0)
result = {}
for name, (network, _, module) in [("vgg16", vgg([2, 2, 3, 3, 3])), ("vgg19", vgg([2, 2, 4, 4, 4])), ("squeezenet1_1", squeezenet())]:
    fill(network)
    result[name] = [measured(network, module, h, w) for h, w in SIZES]
    for entry in result[name]:
        print(name, entry["height"], entry["logits"], max(entry["grad_cam"]), max(map(abs, entry["gradient"])), max(map(abs, entry["guided_backprop"])), max(map(abs, entry["deconvnet"])))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "small_networks.json"), "w") as file:
    json.dump(result, file)
    file.write("\n")
