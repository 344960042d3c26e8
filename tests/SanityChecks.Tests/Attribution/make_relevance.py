#!/usr/bin/python3
"""Writes relevance.json: layer-wise relevance by the code of zennit, on the narrow networks and images of ../Networks/make_small_networks.py.

    python3 make_relevance.py FOLDER      # FOLDER holds the package zennit (made with version 0.5.1, of github.com/chr5tphr/zennit)

Debian packages python3-torch and python3-torchvision. In double precision; every 197th element of the maps of both images is written.
"""
import json
import os
import sys

import torch
import torch.nn.functional as functional

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402

TARGETS, SIZE, STRIDE = [3, 1], (64, 64), 197


def main():
    sys.path.insert(0, sys.argv[1])
    from zennit.attribution import Gradient
    from zennit.composites import EpsilonPlus, EpsilonPlusFlat, LayerMapComposite, layer_map_base
    from zennit.rules import ZPlus
    from zennit.types import Convolution, Linear
    composites = {
        "lrp_zplus": lambda: LayerMapComposite(layer_map=layer_map_base(1e-6) + [(Convolution, ZPlus()), (torch.nn.Linear, ZPlus())]),
        "lrp_epsilon_plus": EpsilonPlus,
        "lrp_epsilon_plus_flat": EpsilonPlusFlat,
    }
    result = {}
    for name, make in (("vgg16", lambda: small.vgg([2, 2, 3, 3, 3])), ("squeezenet1_1", small.squeezenet)):
        network = small.fill(make()[0], small.FIRST_SEEDS.get(name, 1)).double().eval()
        x = small.random(11, (2, 3, *SIZE), 2).double()
        result[name] = {}
        for method, composite in composites.items():
            with Gradient(model=network, composite=composite()) as attributor:
                _, relevance = attributor(x.clone(), lambda logits: functional.one_hot(torch.tensor(TARGETS), logits.shape[1]) * logits)
            result[name][method] = relevance.flatten().detach().numpy()[::STRIDE].tolist()
        print(name, {method: f"{max(map(abs, values)):.3g}" for method, values in result[name].items()})
    with open(os.path.join(HERE, "relevance.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
