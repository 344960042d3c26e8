"""Measures the engine against PyTorch on one machine, in turn, and prints medians and their ratios.

    python3 compare_pytorch.py kernels  [--rounds 5]                  VGG16 forward and guided gradient, batch 8; a product of 2048 x 2048
    python3 compare_pytorch.py experiment --images FOLDER [--count 4] cascade and independent randomization of VGG16

Needs Debian's python3-torch, python3-torchvision, python3-skimage, python3-scipy and libopenblas0-pthread (without OpenBLAS its products are twenty
times slower), and a Release build of tests/SanityChecks.Benchmarks and of SanityChecks.csproj. VGG16 has random weights: they take as long.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time

import numpy as np
import torch
import torchvision
from PIL import Image
from scipy.stats import spearmanr
from skimage.feature import hog
from skimage.metrics import structural_similarity

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BENCHMARKS = os.path.join(ROOT, "artifacts/bin/SanityChecks.Benchmarks/release/SanityChecks.Benchmarks.dll")
PROGRAM = os.path.join(ROOT, "artifacts/bin/SanityChecks/release/SanityChecks.dll")
THREADS = os.cpu_count()


def ours(*arguments):
    out = subprocess.run(["dotnet", BENCHMARKS, *arguments, "--json", "--repeats", "5"], check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def vgg16():
    network = torchvision.models.vgg16().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.ReLU):
            module.inplace = False
    return network


def guided(module, grad_input, grad_output):
    return (torch.clamp(grad_input[0], min=0),)


def kernels(rounds):
    batch = 8
    network = vgg16().requires_grad_(False)
    images = torch.rand(batch, 3, 224, 224)
    left, right = torch.rand(2048, 2048), torch.rand(2048, 2048)

    def forward():
        with torch.no_grad():
            network(images)

    def forward_input_gradient():
        hooks = [module.register_full_backward_hook(guided) for module in network.modules() if isinstance(module, torch.nn.ReLU)]
        x = images.clone().requires_grad_(True)
        network(x)[:, 0].sum().backward()
        for hook in hooks:
            hook.remove()

    theirs = {"forward": forward, "forward_input_gradient": forward_input_gradient, "gemm": lambda: left @ right}
    for action in theirs.values():
        action()
    times = {name: ([], []) for name in theirs}
    for _ in range(rounds):
        engine = ours("vgg16", "--batch", str(batch))
        product = ours("gemm")
        for name, action in theirs.items():
            times[name][0].append(product["seconds"] if name == "gemm" else engine[name] * batch)
            times[name][1].append(statistics.median(seconds(action) for _ in range(5)))
    print(f"medians of {rounds} rounds in turn; {THREADS} threads; PyTorch {torch.__version__}; engine {engine['instructions']}")
    for name, (mine, other) in times.items():
        mine, other = statistics.median(mine), statistics.median(other)
        unit = 1 if name == "gemm" else batch
        print(f"{name:24} ours {mine / unit:.4f} s   PyTorch {other / unit:.4f} s   ratio {mine / other:.3f}" + (f"   speed {other / mine:.3f}" if name == "gemm" else ""))


def unit(a):
    return (a - a.min()) / (a.max() - a.min()) if a.max() > a.min() else np.zeros_like(a)


def score(original, changed):
    a, b = unit(original).astype(np.float64), unit(changed).astype(np.float64)
    options = dict(orientations=9, pixels_per_cell=(16, 16), cells_per_block=(3, 3), block_norm="L2-Hys")
    return (
        spearmanr(original.ravel(), changed.ravel())[0], spearmanr(np.abs(original).ravel(), np.abs(changed).ravel())[0],
        structural_similarity(a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0),
        np.corrcoef(hog(a, **options), hog(b, **options))[0, 1])


def cam(activation, gradient):
    map = torch.relu((gradient.mean((2, 3), keepdim=True) * activation).sum(1, keepdim=True))
    return torch.nn.functional.interpolate(map, (224, 224), mode="bilinear", align_corners=False)


def configurations(network):
    """The trained network, a cascade and each layer alone, as lists of layers to re-initialise."""
    layers = [module for module in network.modules() if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))][::-1]
    return [[]] + [layers[:n + 1] for n in range(16)] + [[layer] for layer in layers]


def obvious(state, images, wanted, originals):
    """What one writes first: everything anew for each configuration and image. Seconds for each image and configuration."""
    times = []
    for index in wanted:
        start = time.perf_counter()
        network = vgg16()
        network.load_state_dict(torch.load(state))
        for layer in configurations(network)[index]:
            layer.reset_parameters()
        for n in range(len(images)):
            kept = {}
            hooks = [network.features[29].register_forward_hook(lambda module, inputs, output: kept.__setitem__("activation", output)),
                     network.features[29].register_full_backward_hook(lambda module, inputs, outputs: kept.__setitem__("gradient", outputs[0]))]
            network.zero_grad()
            network(images[n:n + 1].clone().requires_grad_(True))[0, 0].backward()
            for hook in hooks:
                hook.remove()
            heat = cam(kept["activation"], kept["gradient"]).detach()
            hooks = [module.register_full_backward_hook(guided) for module in network.modules() if isinstance(module, torch.nn.ReLU)]
            x = images[n:n + 1].clone().requires_grad_(True)
            network.zero_grad()
            network(x)[0, 0].backward()
            for hook in hooks:
                hook.remove()
            maps = [heat[0, 0].numpy(), (x.grad * heat)[0].sum(0).numpy()]
            if index == 0:
                originals.append(maps)
            for original, map in zip(originals[n], maps):
                score(original, map)
        times.append((time.perf_counter() - start) / len(images))
    return times


def tuned(network, images, wanted, originals):
    """Batched, no gradients of parameters, one forward pass for both methods. Seconds for each image and configuration."""
    network.requires_grad_(False)
    flag = [False]
    for module in network.modules():
        if isinstance(module, torch.nn.ReLU):
            module.register_full_backward_hook(lambda module, grad_input, grad_output: guided(module, grad_input, grad_output) if flag[0] else None)
    trained = {name: value.clone() for name, value in network.state_dict().items()}
    times = []
    for index in wanted:
        start = time.perf_counter()
        network.load_state_dict(trained)
        for layer in configurations(network)[index]:
            layer.reset_parameters()
        x = images.clone().requires_grad_(True)
        activation = network.features[:30](x)
        logits = network.classifier(torch.flatten(network.avgpool(network.features[30](activation)), 1))[:, 0].sum()
        flag[0] = False
        gradient, = torch.autograd.grad(logits, activation, retain_graph=True)
        flag[0] = True
        backward, = torch.autograd.grad(logits, x)
        heat = cam(activation.detach(), gradient)
        product = (backward * heat).sum(1).numpy()
        heat = heat[:, 0].numpy()
        if index == 0:
            originals.extend(zip(heat, product))
        for n in range(len(images)):
            score(originals[n][0], heat[n])
            score(originals[n][1], product[n])
        times.append((time.perf_counter() - start) / len(images))
    return times


def program(weights, folder, count, methods, out):
    """Seconds for each image and configuration of both experiments together, loading and writing included."""
    start = time.perf_counter()
    for experiment in ("cascading_randomization", "independent_randomization"):
        subprocess.run(
            ["dotnet", PROGRAM, "--config", os.path.join(ROOT, "configs/imagenet/cascade.yaml"), "--out", os.path.join(out, experiment), "--set", f"experiment={experiment}",
             "--set", f"model.weights={weights}", "--set", "images.source=folder", "--set", f"images.root={folder}", "--set", f"images.count={count}",
             "--set", "images.synset=all", "--set", f"methods={methods}", "--set", "output.maps_for_images=0"], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) / (count * 34)


def experiment(folder, count):
    with tempfile.TemporaryDirectory() as temporary:
        state = os.path.join(temporary, "vgg16.pth")
        torch.save(vgg16().state_dict(), state)
        paths = sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names if name.lower().endswith((".jpeg", ".jpg", ".png")))[:count]
        prepare = torchvision.transforms.Compose([torchvision.transforms.Resize(256), torchvision.transforms.CenterCrop(224), torchvision.transforms.ToTensor(),
                                                  torchvision.transforms.Normalize([.485, .456, .406], [.229, .224, .225])])
        images = torch.stack([prepare(Image.open(path).convert("RGB")) for path in paths])
        mine = program(state, folder, count, "[grad_cam,guided_grad_cam]", os.path.join(temporary, "both"))
        wanted = [0, 4, 9, 16, 20, 32]
        first, second = [], []
        slow = statistics.median(obvious(state, images[:2], wanted, first)[1:])
        network = vgg16()
        network.load_state_dict(torch.load(state))
        fast = statistics.median(tuned(network, images, wanted, second)[1:])
        again = program(state, folder, count, "[grad_cam,guided_grad_cam]", os.path.join(temporary, "again"))
        cam_only = program(state, folder, count, "[grad_cam]", os.path.join(temporary, "cam"))
        print(f"{count} images, 34 configurations (two are the trained network), two methods, four metrics; seconds for each image and configuration; {THREADS} threads")
        first_run, mine = mine, (mine + again) / 2
        print(f"ours {mine:.4f} (mean of {first_run:.4f} before and {again:.4f} after)   Grad-CAM alone {cam_only:.4f}   obvious PyTorch {slow:.4f}   tuned PyTorch {fast:.4f}")
        print(f"peak memory of ours {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20:.2f} GiB")
        print(f"ratios: to the obvious {mine / slow:.3f}, to the tuned {mine / fast:.3f}; Grad-CAM alone to the obvious {cam_only / slow:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("kernels")
    one.add_argument("--rounds", type=int, default=5)
    two = commands.add_parser("experiment")
    two.add_argument("--images", required=True)
    two.add_argument("--count", type=int, default=8)
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    if arguments.command == "kernels":
        kernels(arguments.rounds)
    else:
        experiment(os.path.abspath(arguments.images), arguments.count)


if __name__ == "__main__":
    main()
