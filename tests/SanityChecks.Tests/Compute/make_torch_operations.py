#!/usr/bin/python3
"""Writes torch_operations.json: what PyTorch gives for the operations of IEngine on small closed-form tensors.

Debian package python3-torch. Each case: name, shape of the result, and all its values rounded to 7 significant digits.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F


def random(seed, *axes):
    """The same values as EngineConformanceTests.Random."""
    out, state = [], (seed * 747796405) & 0xFFFFFFFF
    for _ in range(int(np.prod(axes))):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(((state >> 8) - (1 << 23)) / (1 << 23))
    return torch.tensor(out, dtype=torch.float32).reshape(axes)


cases = {}


def case(name, value):
    cases[name] = {"shape": list(value.shape), "values": [float(f"{v:.7g}") for v in value.detach().flatten().tolist()]}


def gradients(name, function, *inputs):
    inputs = [i.clone().requires_grad_(True) for i in inputs]
    y = function(*inputs)
    case(name, y)
    g = random(9, *y.shape)
    for k, d in enumerate(torch.autograd.grad(y, inputs, g)):
        case(f"{name}.gradient{k}", d)


x = random(1, 2, 4, 7, 6)
gradients("convolution", lambda a, w, b: F.conv2d(a, w, b, stride=2, padding=1, groups=2), x, random(2, 6, 2, 3, 3), random(3, 6))
gradients("linear", F.linear, random(1, 3, 5), random(2, 4, 5), random(3, 4))
gradients("max_pool_ceil", lambda a: F.max_pool2d(a, 3, 2, ceil_mode=True), x)
gradients("max_pool_padded", lambda a: F.max_pool2d(a, 3, 2, padding=1), x)
gradients("average_pool_counting", lambda a: F.avg_pool2d(a, 3, 2, padding=1, ceil_mode=True), x)
gradients("average_pool_not_counting", lambda a: F.avg_pool2d(a, 3, 2, padding=1, count_include_pad=False), x)
gradients("adaptive_average_pool", lambda a: F.adaptive_avg_pool2d(a, (3, 4)), x)
gradients("relu", F.relu, x)
gradients("relu6", lambda a: F.relu6(a * 9), x)
gradients("batch_norm", lambda a, s, b: F.batch_norm(a, random(4, 4), random(5, 4).abs() + 0.1, s, b), x, random(6, 4), random(7, 4))
gradients("dilated_convolution", lambda a, w: F.conv2d(a, w, None, stride=(2, 1), padding=(1, 2), dilation=(2, 1)), x, random(2, 3, 4, 3, 2))
gradients("max_pool_rectangular", lambda a: F.max_pool2d(a, (3, 2), (2, 1), padding=(1, 0)), x)
gradients("average_pool_rectangular", lambda a: F.avg_pool2d(a, (1, 3), (2, 1), padding=(0, 1)), x)
for name, function in [("leaky_relu", lambda a: F.leaky_relu(a, 0.1)), ("elu", lambda a: F.elu(a, 0.7)), ("sigmoid", torch.sigmoid), ("silu", F.silu),
                       ("tanh", torch.tanh), ("hard_sigmoid", F.hardsigmoid), ("hard_swish", F.hardswish), ("clamp", lambda a: a.clamp(-1.25, 2.5))]:
    gradients(name, lambda a: function(a * 5), x)
gradients("local_response_norm", lambda a: F.local_response_norm(a, 3, 0.5, 0.75, 1.5), x)
gradients("channel_product", lambda a, s: a * s, x, random(2, 2, 4, 1, 1))
case("resize_up", F.interpolate(x, size=(16, 13), mode="bilinear", align_corners=False))
case("resize_down", F.interpolate(x, size=(3, 4), mode="bilinear", align_corners=False))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_operations.json"), "w") as f:
    f.write("{\n" + ",\n".join(f' "{k}": {json.dumps(v, separators=(",", ":"))}' for k, v in cases.items()) + "\n}\n")
