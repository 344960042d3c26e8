#!/usr/bin/python3
"""Writes training.json: what PyTorch gives for cross-entropy and a few steps of AdamW and SGD on closed-form values.

Debian package python3-torch. Weight decay is given to the matrix and not to the vector, as Optimizer does.
"""
import json
import os

import torch

STEPS = 5
RATES = [0.05, 0.1, 0.08, 0.03, 0.001]


def random(seed, axes, scale):
    """The same values as SmallNetworks.Values."""
    out, state = [], (seed * 747796405) & 0xFFFFFFFF
    count = 1
    for axis in axes:
        count *= axis
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(((state >> 8) - (1 << 23)) / (1 << 23) * scale)
    return torch.tensor(out, dtype=torch.float64).float().reshape(axes)


def numbers(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


result = {"cross_entropy": []}
for smoothing in (0.0, 0.1):
    logits = (random(1, (4, 5), 6.0)).requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor([3, 0, 4, 4]), label_smoothing=smoothing)
    loss.backward()
    result["cross_entropy"].append({"smoothing": smoothing, "loss": float(loss), "gradient": numbers(logits.grad)})

for name, make in [
    ("adam", lambda groups: torch.optim.AdamW(groups, lr=0.1, betas=(0.8, 0.999), eps=1e-8)),
    ("sgd", lambda groups: torch.optim.SGD(groups, lr=0.1, momentum=0.8)),
]:
    matrix, vector = random(2, (3, 4), 1.0).requires_grad_(True), random(3, (3,), 1.0).requires_grad_(True)
    optimizer = make([{"params": [matrix], "weight_decay": 0.2}, {"params": [vector], "weight_decay": 0.0}])
    steps = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = RATES[step]
        matrix.grad, vector.grad = random(10 + step, (3, 4), 2.0), random(20 + step, (3,), 2.0)
        norm = torch.nn.utils.clip_grad_norm_([matrix, vector], 2.5)
        optimizer.step()
        steps.append({"norm": float(norm), "matrix": numbers(matrix), "vector": numbers(vector)})
    result[name] = steps

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "training.json"), "w") as file:
    json.dump(result, file)
    file.write("\n")
