#!/usr/bin/python3
"""Writes faithfulness.json: deletion, insertion, pixel flipping and ROAD by their sources, of given maps on the narrow networks and images of ../Networks/make_small_networks.py.

    python3 make_faithfulness.py RISE ROAD CAM QUANTUS    # checkouts of github.com/eclique/RISE (made with commit d91ea00), tleemann/road_evaluation (e6b9987),
                                                          # jacobgil/pytorch-grad-cam (084273b) and understandable-machine-intelligence-lab/Quantus (85bc29d1)

Debian packages python3-torch, python3-torchvision, python3-scipy, python3-opencv and python3-skimage. Networks compute in double precision; no two values of a map are equal, so that every source ranks the pixels alike.
rise: the authors' curves for the class that is predicted, 64 pixels a step, and their area. road: (LeRF - MoRF) / 2 by pytorch-grad-cam without noise, at percentiles where its thresholds remove as many pixels as
rounding does. imputed: the equations of ROAD's authors, solved by SciPy in double precision; of the large image every 97th removed pixel. pixel_flipping: Quantus' curves on a gray network, whose
pixels are its features, and the trapezoid divided by the number of steps.
"""
import contextlib
import functools
import importlib
import io
import json
import os
import sys
import types

import numpy as np
import torch
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Networks"))
import make_small_networks as small  # noqa: E402

SIZE, STEP, PERCENTILES = (64, 64), 64, [10, 30, 50, 60, 70, 80, 90]
GRAY_STEP, GRAY_BASELINE = 28, -0.5


def bare(name, *path):
    """A package without what its own file imports."""
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = list(path)


def map_of(seed, count, size):
    maps = small.random(seed, (count, *size), 1).double().numpy()
    assert all(len(np.unique(one)) == one.size for one in maps)
    return maps


def rise(folder, network, x, maps):
    utilities = types.ModuleType("utils")  # imported for these names alone
    utilities.np, utilities.torch = np, torch
    sys.modules["utils"] = utilities
    sys.path.insert(0, folder)
    import evaluation
    evaluation.HW = SIZE[0] * SIZE[1]
    torch.Tensor.cuda = lambda tensor: tensor
    kernel = evaluation.gkern(11, 5)

    def model(images):
        with torch.no_grad():
            return network(images).softmax(1)

    def blur(images):
        return torch.nn.functional.conv2d(images, kernel.double(), padding=11 // 2)
    result = {"targets": model(x).argmax(1).tolist(), "step": STEP}
    for name, mode, substrate in (("deletion", "del", torch.zeros_like), ("insertion", "ins", blur)):
        metric = evaluation.CausalMetric(model, mode, STEP, substrate)
        curves = [metric.single_run(x[n:n + 1].clone(), maps[n]) for n in range(len(x))]
        result[name] = [evaluation.auc(curve) for curve in curves]
    return result


def road(folder, network, x, maps, targets):
    for name in ("", ".metrics", ".utils"):
        bare("pytorch_grad_cam" + name, os.path.join(folder, "pytorch_grad_cam", *name.split(".")[1:]))
    from pytorch_grad_cam.metrics import road as peer
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputSoftmaxTarget
    kept = torch.randn_like
    torch.randn_like = torch.zeros_like
    count = SIZE[0] * SIZE[1]
    for percentile in PERCENTILES:
        assert (maps[0] >= np.percentile(maps[0], 100 - percentile)).sum() == round(percentile * count / 100)
    combined = peer.ROADCombined(percentiles=[100 - percentile for percentile in PERCENTILES])
    scores = combined(x.float(), maps, [ClassifierOutputSoftmaxTarget(target) for target in targets], lambda images: network(images.double()))
    torch.randn_like = kept
    return scores.tolist()


def imputed(folder):
    for name in ("road", "road.gisp", "road.gisp.models", "road.gisp.models.gsmv"):
        bare(name)
    sys.modules["road.gisp.models.gsmv"].GNet_ResNet = None
    module = importlib.util.spec_from_file_location("imputations", os.path.join(folder, "road", "imputations.py"))
    peer = importlib.util.module_from_spec(module)
    module.loader.exec_module(peer)
    result = []
    for height, width, part, stride, channels in ((13, 17, .5, 1, 3), (13, 17, .95, 1, 1), (1, 40, .7, 1, 3), (24, 1, .5, 1, 1), (224, 224, .9, 97, 3)):
        image = small.random(5, (channels, height, width), 2).double().numpy()
        ranks = small.random(6, (height, width), 1).numpy()
        if height == 224:  # one hole, the largest distance from anything known
            ranks = -np.hypot(np.arange(height)[:, None] - 100, np.arange(width)[None] - 120)
        order = np.argsort(-ranks.reshape(-1), kind="stable")
        removed = np.sort(order[:round(part * order.size)])
        mask = np.ones(height * width)
        mask[removed] = 0
        system, right = peer.NoisyLinearImputer.setup_sparse_system(mask.reshape(height, width), image, peer.neighbors_weights)
        values = spsolve(csc_matrix(system), right).reshape(len(removed), channels)
        result.append({"shape": [channels, height, width], "stride": stride, "hole": height == 224, "part": part, "values": values[::stride].round(9).reshape(-1).tolist()})
    return result


def pixel_flipping(folder, network, x, maps, targets):
    for name in ("", ".metrics", ".metrics.faithfulness", ".functions", ".helpers", ".helpers.model"):
        bare("quantus" + name, os.path.join(folder, "quantus", *name.split(".")[1:]))
    sys.modules.setdefault("sklearn", types.ModuleType("sklearn"))
    utilities = types.ModuleType("sklearn.utils")
    utilities.gen_batches = None
    sys.modules["sklearn.utils"] = utilities
    from quantus.functions.perturb_func import batch_baseline_replacement_by_indices
    from quantus.metrics.faithfulness.pixel_flipping import PixelFlipping
    result = {"step": GRAY_STEP, "baseline": GRAY_BASELINE, "targets": targets}
    for name, softmax in (("probability", True), ("logit", False)):
        def predict(images, softmax=softmax):
            with torch.no_grad():
                logits = network(torch.from_numpy(images))
                return (logits.softmax(1) if softmax else logits).numpy()
        metric = PixelFlipping.__new__(PixelFlipping)
        metric.features_in_step, metric.return_auc_per_sample = GRAY_STEP, True
        metric.perturb_func = functools.partial(batch_baseline_replacement_by_indices, perturb_baseline=GRAY_BASELINE)
        model = types.SimpleNamespace(predict=predict, shape_input=lambda images, *_, **__: images)
        areas = metric.evaluate_batch(model, x.numpy(), np.array(targets), maps[:, None])
        result[name] = [area / (28 * 28 // GRAY_STEP - 1) for area in areas]
    return result


def main():
    rise_folder, road_folder, cam_folder, quantus_folder = sys.argv[1:]
    network = small.fill(small.vgg([2, 2, 3, 3, 3])[0]).double()
    x, maps = small.random(11, (2, 3, *SIZE), 2).double(), map_of(22, 2, SIZE)
    result = {"imputed": imputed(road_folder)}
    with contextlib.redirect_stdout(io.StringIO()):
        result["rise"] = rise(rise_folder, network, x, maps)
    result["road"] = {"percentiles": PERCENTILES, "scores": road(cam_folder, network, x, maps, result["rise"]["targets"])}
    gray = small.fill(small.LeNet()).double()
    result["pixel_flipping"] = pixel_flipping(quantus_folder, gray, small.random(12, (2, 1, 28, 28), 2).double(), map_of(22, 2, (28, 28)), [3, 1])
    with open(os.path.join(HERE, "faithfulness.json"), "w") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
