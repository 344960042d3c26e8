"""Measures what methods cost against the peers' code on one machine, in turn: captum's SmoothGrad and Integrated Gradients, pytorch-grad-cam's Score-CAM.

    python3 compare_methods.py --captum FOLDER --cam FOLDER [--rounds 3] [--passes 50] [--only smooth_grad integrated_gradients score_cam]

The folders hold the packages captum and pytorch_grad_cam. VGG16 at full width with random weights, four images of 224 x 224. Needs Debian's python3-torch, python3-torchvision,
python3-opencv, python3-sklearn and libopenblas0-pthread, and a Release build of tests/SanityChecks.Benchmarks. The peers get batches of eight, beyond which PyTorch is no faster here.
Their time grows with the passes as ours does: fewer samples than 50 (--passes) give the same ratios sooner, and Score-CAM, which takes a pass for each channel, reads relu1_2 with its
64 channels (--all-channels: relu5_3 with 512).
Ours prints, besides, what all methods of one pass cost together against a pass forward and a pass back, and the most memory that the process has held.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import types

import torch
import torchvision

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BENCHMARKS = os.path.join(ROOT, "artifacts/bin/SanityChecks.Benchmarks/release/SanityChecks.Benchmarks.dll")
IMAGES, AT_ONCE = 4, 8


def ours(layer, *methods):
    command = ["dotnet", BENCHMARKS, "methods", *methods, "--batch", str(IMAGES), "--layer", layer, "--repeats", "1", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def theirs(captum, cam, passes, module):
    sys.path[:0] = [captum, cam]
    sys.modules.setdefault("tqdm", types.SimpleNamespace(tqdm=lambda items: items))
    sys.modules.setdefault("tqdm.auto", types.SimpleNamespace(tqdm=lambda items: items))
    augmentation = types.ModuleType("ttach")
    augmentation.Compose = augmentation.HorizontalFlip = augmentation.Multiply = lambda *_, **__: None
    sys.modules.setdefault("ttach", augmentation)
    from captum.attr import IntegratedGradients, NoiseTunnel, Saliency
    from pytorch_grad_cam import ScoreCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
    network = torchvision.models.vgg16().eval().requires_grad_(False)
    x = torch.rand(IMAGES, 3, 224, 224)
    cam = ScoreCAM(network, [network.features[module]])
    cam.batch_size = AT_ONCE
    return {
        "smooth_grad": lambda: NoiseTunnel(Saliency(network)).attribute(
            x, target=0, abs=False, nt_samples=passes, nt_samples_batch_size=AT_ONCE // IMAGES, stdevs=0.15),
        "integrated_gradients": lambda: IntegratedGradients(network).attribute(x, target=0, n_steps=passes, internal_batch_size=AT_ONCE),
        "score_cam": lambda: cam(x, [ClassifierOutputTarget(0)] * IMAGES),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captum", required=True)
    parser.add_argument("--cam", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passes", type=int, default=50)
    parser.add_argument("--only", nargs="+", default=["smooth_grad", "integrated_gradients", "score_cam"])
    parser.add_argument("--all-channels", action="store_true")
    options = parser.parse_args()
    layer, module = ("relu5_3", 29) if options.all_channels else ("relu1_2", 3)
    peers = theirs(options.captum, options.cam, options.passes, module)
    names = {"smooth_grad": f"smooth_grad:samples={options.passes}", "integrated_gradients": f"integrated_gradients:steps={options.passes}",
             "score_cam": "score_cam:score=softmax"}
    seconds, passes = {name: ([], []) for name in options.only}, []
    for turn in range(options.rounds):
        measured = ours(layer, *(names[name] for name in options.only))
        passes.append(measured)
        print(f"round {turn + 1}: ours {measured}", flush=True)
        for name in options.only:
            start = time.perf_counter()
            peers[name]()
            seconds[name][0].append(measured["seconds"][names[name]])
            seconds[name][1].append(time.perf_counter() - start)
            print(f"  {name}: ours {seconds[name][0][-1]:.2f} s, theirs {seconds[name][1][-1]:.2f} s", flush=True)
    for name, (mine, other) in seconds.items():
        print(f"{name}: {statistics.median(mine):.2f} s, theirs {statistics.median(other):.2f} s, ratio {statistics.median(a / b for a, b in zip(mine, other)):.3f}")
    shares = []
    for one in passes:
        forward, both = one["seconds"]["forward"], one["seconds"]["forward, backward"]
        shares.append(one["seconds"]["one-pass methods"] / (3 * forward + 3 * (both - forward)))
    print(f"one-pass methods together: {statistics.median(shares):.3f} of three passes forward and three back; memory {max(one['gigabytes'] for one in passes):.2f} GB")


if __name__ == "__main__":
    main()
