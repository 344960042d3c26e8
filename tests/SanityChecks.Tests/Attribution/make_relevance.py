#!/usr/bin/python3
"""Writes relevance.json: layer-wise relevance by the code of zennit, on the narrow networks and images of ../Networks/make_small_networks.py.

    python3 make_relevance.py FOLDER      # FOLDER holds the package zennit (made with version 0.5.1, of github.com/chr5tphr/zennit)

Debian packages python3-torch and python3-torchvision. In double precision; every 197th element of the maps of both images is written, and the largest magnitude of all. The epsilon rule with 0.05.
"""
import json
import os
import sys

import torch
import torch.nn.functional as functional
import torchvision

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402

TARGETS, SIZE, STRIDE = [3, 1], (64, 64), 197
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def main():
    sys.path.insert(0, sys.argv[1])
    from zennit.attribution import Gradient
    from zennit.canonizers import SequentialMergeBatchNorm
    from zennit.composites import EpsilonAlpha2Beta1, EpsilonGammaBox, EpsilonPlus, EpsilonPlusFlat, ExcitationBackprop, LayerMapComposite, layer_map_base
    from zennit.rules import Epsilon, ZPlus
    from zennit.torchvision import ResNetCanonizer
    from zennit.types import Linear

    def low(level):
        return ((level - torch.tensor(MEAN)) / torch.tensor(DEVIATION)).double().reshape(1, 3, 1, 1).expand(1, 3, *SIZE)

    composites = {
        "lrp_epsilon": lambda canonizers: LayerMapComposite(layer_map_base(1e-6) + [(Linear, Epsilon(0.05))], canonizers),
        "lrp_zplus": lambda canonizers: LayerMapComposite(layer_map_base(1e-6) + [(Linear, ZPlus())], canonizers),
        "lrp_epsilon_plus": lambda canonizers: EpsilonPlus(canonizers=canonizers),
        "lrp_epsilon_plus_flat": lambda canonizers: EpsilonPlusFlat(canonizers=canonizers),
        "lrp_alpha2_beta1": lambda canonizers: EpsilonAlpha2Beta1(canonizers=canonizers),
        "lrp_epsilon_gamma_box": lambda canonizers: EpsilonGammaBox(low(0), low(1), canonizers=canonizers),
        "excitation_backprop": lambda canonizers: ExcitationBackprop(canonizers=canonizers),
    }
    result = {}
    for name, make in (
            ("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("vgg16_bn", lambda: small.vgg([2, 2, 3, 3, 3], True)), ("squeezenet1_1", small.squeezenet),
            ("resnet18", lambda: small.narrow(torchvision.models.resnet18(), "layer4.1")), ("resnet50", lambda: small.narrow(torchvision.models.resnet50(), "layer4.2"))):
        network = small.fill(make()[0], small.FIRST_SEEDS.get(name, 1)).double().eval()
        x = small.random(11, (2, 3, *SIZE), 2).double()
        result[name] = {}
        canonizer = ResNetCanonizer() if name.startswith("resnet") else SequentialMergeBatchNorm()
        for method, composite in composites.items():
            if method == "lrp_alpha2_beta1" and name.startswith("resnet"):
                continue  # relevance grows at every addition, to 1e7 on resnet50: more than single precision can tell apart
            # Excitation Backprop is a walk that begins at the target with probability 1; the others hand the logit down.
            scale = (lambda logits: 1.0) if method == "excitation_backprop" else (lambda logits: logits)
            with Gradient(model=network, composite=composite([canonizer])) as attributor:
                _, relevance = attributor(x.clone(), lambda logits: functional.one_hot(torch.tensor(TARGETS), logits.shape[1]) * scale(logits))
            result[name][method] = {"largest": float(relevance.abs().max()), "values": relevance.flatten().detach().numpy()[::STRIDE].tolist()}
        print(name, {method: f"{one['largest']:.3g}" for method, one in result[name].items()})
    with open(os.path.join(HERE, "relevance.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
