#!/usr/bin/env python3
"""PyTorch's part of check.sh: the weights, which are too large to carry, and its own time for the same maps.

    pytorch.py weights FILE                                          VGG16 with torchvision's random weights
    pytorch.py time DEVICE --weights FILE --batch N --networks N     seconds, one line of JSON
"""

import argparse
import json
import time

import torch
import torchvision


def guided(module, grad_input, grad_output):
    return (torch.clamp(grad_input[0], min=0),)


def measured(device, weights, batch, networks):
    """Forward, with the guided gradient of the image, and Grad-CAM with Guided Backprop for a number of networks, as the experiment takes them: one pass for Grad-CAM's gradient
    at the last convolution's ReLU, one with the guided rule."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    network = torchvision.models.vgg16()
    network.load_state_dict(torch.load(weights))
    network = network.to(device).eval().requires_grad_(False)
    rectifiers = [module for module in network.modules() if isinstance(module, torch.nn.ReLU)]
    for module in rectifiers:
        module.inplace = False
    images = torch.rand(batch, 3, 224, 224, device=device)

    def forward():
        with torch.no_grad():
            network(images)

    def guided_backprop():
        hooks = [module.register_full_backward_hook(guided) for module in rectifiers]
        x = images.clone().requires_grad_(True)
        network(x)[:, 0].sum().backward()
        for hook in hooks:
            hook.remove()
        return x.grad

    def grad_cam():
        activation = network.features[:30](images).requires_grad_(True)
        logits = network.classifier(torch.flatten(network.avgpool(network.features[30:](activation)), 1))
        (gradient,) = torch.autograd.grad(logits[:, 0].sum(), activation)
        return torch.relu((gradient.mean((2, 3), keepdim=True) * activation).sum(1))

    def experiment():
        for _ in range(networks):
            grad_cam().cpu()
            guided_backprop().sum(1).cpu()

    def seconds(action, repeats):
        action()
        best = []
        for _ in range(repeats):
            synchronize()
            start = time.perf_counter()
            action()
            synchronize()
            best.append(time.perf_counter() - start)
        return sorted(best)[len(best) // 2]

    def synchronize():
        if device != "cpu":
            torch.cuda.synchronize()

    result = {"forward": seconds(forward, 5) / batch, "forward_input_gradient": seconds(guided_backprop, 5) / batch, "maps": seconds(experiment, 1)}
    result["peak_mib"] = round(torch.cuda.max_memory_reserved() / 2**20) if device != "cpu" else None
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("weights").add_argument("file")
    timed = commands.add_parser("time")
    timed.add_argument("device")
    timed.add_argument("--weights", required=True)
    timed.add_argument("--batch", type=int, required=True)
    timed.add_argument("--networks", type=int, required=True)
    arguments = parser.parse_args()
    if arguments.command == "weights":
        torch.manual_seed(1)
        torch.save(torchvision.models.vgg16().state_dict(), arguments.file)
    else:
        print(json.dumps(measured(arguments.device, arguments.weights, arguments.batch, arguments.networks)))


if __name__ == "__main__":
    main()
