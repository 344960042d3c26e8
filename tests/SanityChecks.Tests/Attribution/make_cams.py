#!/usr/bin/python3
"""Writes cams.json: class activation maps by the code of pytorch-grad-cam, on the narrow networks and images of ../Networks/make_small_networks.py.

    python3 make_cams.py FOLDER SCORE_CAM    # FOLDER holds the package pytorch_grad_cam (made with commit 084273b of github.com/jacobgil/pytorch-grad-cam),
                                             # SCORE_CAM the package cam of Score-CAM's authors (commit d312f14 of github.com/haofanwang/Score-CAM)

Debian packages python3-torch, python3-torchvision, python3-opencv and python3-sklearn. Each class of the package gets activations and gradients in double precision and gives its map
before the positive part is taken, which is then enlarged by PyTorch; every 31st element of the maps of both images is written. Its Grad-CAM with the gradient's sign turned stands for
the counterfactual explanation, and the mean over channels for the mean activation. The sign of a singular vector is arbitrary: maps by them are written with the sign of their largest magnitude positive.
Score-CAM three times: score_cam/softmax by pytorch-grad-cam with masks enlarged as everybody else does (it aligns corners), score_cam/probability by the authors' program, which brings the map from 0 to 1,
and score_cam/increase by what the paper's equation 8 says, written here.
"""
import json
import os
import sys
import types

import numpy as np
import torch
import torch.nn.functional as functional

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402

TARGETS, SIZE, MAP_STRIDE = [3, 1], (64, 64), 31


def peers(folder):
    sys.path.insert(0, folder)
    augmentation = types.ModuleType("ttach")  # imported by the package, and not used here
    augmentation.Compose = augmentation.HorizontalFlip = augmentation.Multiply = lambda *_, **__: None
    sys.modules.setdefault("ttach", augmentation)
    import pytorch_grad_cam as package
    return package, {
        "grad_cam": package.GradCAM, "grad_cam_pp": package.GradCAMPlusPlus, "xgrad_cam": package.XGradCAM, "hires_cam": package.HiResCAM,
        "grad_cam_elementwise": package.GradCAMElementWise, "layer_cam": package.LayerCAM, "eigen_cam": package.EigenCAM, "eigen_grad_cam": package.EigenGradCAM,
    }


def explained(network, features, layer, x):
    kept = {}

    def keep(_, __, output):
        output.retain_grad()
        kept["layer"] = output
        return output.clone()  # what follows may work in place
    handle = getattr(network, features)[layer].register_forward_hook(keep)
    logits = network(x)
    sum(logits[n, target] for n, target in enumerate(TARGETS)).backward()
    handle.remove()
    return kept["layer"].detach().numpy(), kept["layer"].grad.numpy()


def perturbed(package, score_cam, network, layer, x, activations):
    """Maps by methods that run the network once for each channel."""
    from pytorch_grad_cam.ablation_layer import AblationLayer
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
    targets = [ClassifierOutputTarget(target) for target in TARGETS]
    torch.nn.UpsamplingBilinear2d = lambda size: lambda plane: functional.interpolate(plane, tuple(size), mode="bilinear", align_corners=False)
    soft = bare(package.ScoreCAM)
    soft.model, soft.device = network, "cpu"
    maps = {"score_cam/softmax": soft.get_cam_image(x, layer, targets, activations, None, False)}
    ablation = bare(package.AblationCAM)
    ablation.model, ablation.ablation_layer, ablation.batch_size, ablation.ratio_channels_to_ablate = network, AblationLayer(), 32, 1.0
    maps["ablation_cam"] = ablation.get_cam_image(x, layer, targets, activations, None, False)

    torch.Tensor.cuda = lambda tensor: tensor
    authors = []
    for n, target in enumerate(TARGETS):
        one = score_cam.__new__(score_cam)
        one.model_arch, one.activations = network, {"value": torch.from_numpy(activations[n:n + 1])}
        authors.append(one.forward(x[n:n + 1], target)[0, 0].numpy())
    maps["score_cam/probability"] = np.stack(authors)

    def logits(images):
        with torch.no_grad():
            return torch.stack([network(images)[n, target] for n, target in enumerate(TARGETS)])
    nothing, total = logits(torch.zeros_like(x)), torch.zeros(len(TARGETS), *activations.shape[2:], dtype=torch.float64)
    for channel in torch.from_numpy(activations).unbind(1):
        mask = functional.interpolate(channel[:, None], SIZE, mode="bilinear", align_corners=False)
        low, high = mask.amin((1, 2, 3), keepdim=True), mask.amax((1, 2, 3), keepdim=True)
        weight = logits(x * torch.where(high > low, (mask - low) / (high - low), torch.zeros_like(mask))) - nothing
        total += weight[:, None, None] * channel
    maps["score_cam/increase"] = total.numpy()
    return maps


def bare(of):
    """An object that is given activations and gradients, and has no network to take them from."""
    cam = of.__new__(of)
    cam.activations_and_grads = types.SimpleNamespace(release=lambda: None)
    return cam


def positive(image):
    return image * np.sign(image.flat[np.abs(image).argmax()])


def main():
    package, classes = peers(sys.argv[1])
    sys.path.insert(0, sys.argv[2])
    import importlib.resources
    sys.modules.setdefault("importlib_resources", importlib.resources)  # the backport's name for what Python has
    from cam.scorecam import ScoreCAM
    result = {}
    for name, make in (("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("vgg16_bn", lambda: small.vgg([2, 2, 3, 3, 3], True)), ("squeezenet1_1", small.squeezenet)):
        made = make()
        network = small.fill(made[0], small.FIRST_SEEDS.get(name, 1)).double()
        x = small.random(11, (2, 3, *SIZE), 2).double()
        activations, gradients = explained(network, made[1], made[2], x)
        maps = {}
        for method, of in classes.items():
            maps[method] = bare(of).get_cam_image(None, None, TARGETS, activations, gradients, False)
            if method.startswith("eigen"):
                maps[method] = np.stack([positive(image) for image in maps[method]])
        maps["counterfactual_grad_cam"] = bare(classes["grad_cam"]).get_cam_image(None, None, TARGETS, activations, -gradients, False)
        maps["mean_activation"] = activations.mean(1)
        maps.update(perturbed(package, ScoreCAM, network.eval(), getattr(network, made[1])[made[2]], x, activations))
        result[name] = {}
        for method, image in maps.items():
            large = functional.interpolate(torch.from_numpy(np.maximum(image, 0)).double()[:, None], SIZE, mode="bilinear", align_corners=False)
            result[name][method] = large.flatten().numpy()[::MAP_STRIDE].tolist()
        print(name, activations.shape, {method: f"{max(values):.3g}" for method, values in result[name].items()})
    with open(os.path.join(HERE, "cams.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
