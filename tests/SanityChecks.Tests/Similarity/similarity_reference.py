#!/usr/bin/python3
"""Writes similarity_reference.json: scores of map pairs by SciPy and scikit-image.

Debian packages: python3-scipy python3-skimage. Usage: similarity_reference.py [FOLDER_WITH_DUMPED_MAPS]
Generated maps use integer arithmetic only, so that the tests can make the same bits (see GeneratedMap.cs). With the folder
of dumped maps, pairs of those are scored too; without it, the rows of such pairs already in the file are kept.
"""
import glob, itertools, json, os, sys, warnings

import numpy as np
import scipy, skimage
from scipy.stats import entropy, pearsonr, spearmanr
from skimage.feature import hog
from skimage.metrics import structural_similarity

HERE = os.path.dirname(os.path.abspath(__file__))


def generated(kind, h, w):
    i = np.arange(h * w, dtype=np.int64)
    r, c = i // w, i % w
    noise = lambda seed: (((i + 1) * 2654435761 + seed * 40503) % 4294967296 >> 8) - (1 << 23)
    blob = lambda y, x: np.maximum(0, (h + w) ** 2 // 4 - 4 * ((2 * r - y) ** 2 + (2 * c - x) ** 2))
    values = {
        "noise": lambda: noise(1),
        "other_noise": lambda: (noise(2) * 31) % 16777213 - (1 << 22),
        "ties": lambda: noise(3) % 7 - 3,
        "blob": lambda: blob(h, w),
        "moved_blob": lambda: blob(h // 2, 3 * w // 2),
        "noisy_blob": lambda: noise(5) % 101 - blob(h, w) % 977,
        "ramp": lambda: r - 2 * c,
        "signs": lambda: 1 - 2 * ((r + c) % 2),
        "constant": lambda: 0 * i - 3,
        "zeros": lambda: 0 * i,
        "one_pixel": lambda: (i == h * w // 2).astype(np.int64),
    }[kind]()
    assert np.abs(values).max() <= 1 << 24
    return values.astype("f4").reshape(h, w)


def unit(a):
    a = a.astype("f8") - a.min()
    return a / a.max() if a.max() > 0 else a


def number(value):
    return None if np.isnan(value) else float(value)


def top(a, k):
    """The k largest values that are certain, and the places among which the others are drawn."""
    order = np.sort(a.ravel())[::-1]
    above, equal = a.ravel() > order[k - 1], a.ravel() == order[k - 1]
    return above + equal * (k - above.sum()) / equal.sum()


def discrete_entropy(a):
    """Quantus, quantus/functions/complexity_func.py, in double precision."""
    return entropy(pk=np.histogram(a.astype("f8"), bins=100)[0])


def grayscale(a):
    """saliency.VisualizeImageGrayscale of a map without channels."""
    return np.clip((a - a.min()) / (np.percentile(a, 99) - a.min()), 0, 1)


SCALES = {
    "unit": unit, "none": lambda a: a.astype("f8"), "max": lambda a: a.astype("f8") / np.abs(a).max(),
    "second_moment": lambda a: a.astype("f8") / np.sqrt(np.mean(a.astype("f8") ** 2)), "percentile": lambda a: grayscale(a.astype("f8")),
}


def ssim_by(a, b, window="gaussian", size=7, data_range=1.0, covariance="population", dimensions=2, scale="unit"):
    a, b = (SCALES[scale](x) for x in (a, b))
    if dimensions == 1:
        a, b = a.ravel(), b.ravel()
    if data_range == "joint":
        data_range = max(a.max(), b.max()) - min(a.min(), b.min())
    by_window = {"gaussian_weights": True, "sigma": 1.5} if window == "gaussian" else {"win_size": size}
    return structural_similarity(a, b, data_range=data_range, use_sample_covariance=covariance == "sample", **by_window)


# With parameters: what SsimTests gives the metric, in the same words.
SSIMS = [
    {"data_range": 2, "covariance": "sample"}, {"window": "uniform"}, {"window": "uniform", "size": 11, "covariance": "sample"},
    {"dimensions": 1}, {"window": "uniform", "data_range": 2, "covariance": "sample", "scale": "percentile"},
    {"window": "uniform", "data_range": "joint", "covariance": "sample", "dimensions": 1, "scale": "second_moment"},
    {"window": "uniform", "data_range": "joint", "dimensions": 1, "scale": "none"}, {"data_range": "joint", "scale": "max"},
]
PARAMETER_PAIRS = [("noise", "other_noise"), ("blob", "moved_blob"), ("blob", "noisy_blob"), ("ties", "ramp"), ("ties", "signs"), ("ramp", "blob")]
PARAMETER_SIZES = [(15, 17), (48, 48), (50, 63), (64, 80)]


def with_parameters(a, b):
    rows = [{"metric": "ssim", "parameters": p, "value": number(ssim_by(a, b, **p))} for p in SSIMS]
    rows += [{"metric": "top_k", "parameters": {"k": k}, "value": float(top(a, n) @ top(b, n) / n)}
             for k, n in ((5, 5), (100, 100), (0.1, int(0.1 * a.size)))]
    if min(a.shape) >= 48:
        ha, hb = (hog(unit(x), orientations=9, pixels_per_cell=(16, 16), cells_per_block=(3, 3), block_norm="L2-Hys") for x in (a, b))
        rows.append({"metric": "hog", "parameters": {"correlation": "spearman"}, "value": number(spearmanr(ha.round(9), hb.round(9))[0])})
    return rows


def scores(a, b):
    ua, ub = unit(a), unit(b)
    varied = a.min() < a.max() and b.min() < b.max()
    result = {
        "spearman": number(spearmanr(a.ravel(), b.ravel())[0]),
        "spearman_abs": number(spearmanr(np.abs(a).ravel(), np.abs(b).ravel())[0]),
        "ssim": None, "hog": None,
        "pearson": number(pearsonr(a.ravel().astype("f8"), b.ravel().astype("f8"))[0]) if varied else None,
        "top_k": float(top(a, 1000) @ top(b, 1000) / 1000) if varied and a.size > 1000 else None,
        "entropy_rise": float((discrete_entropy(b) - discrete_entropy(a)) / discrete_entropy(a)) if varied else None,
    }
    if min(a.shape) >= 11:
        result["ssim"] = number(structural_similarity(
            ua, ub, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0))
    if min(a.shape) >= 48:
        ha, hb = (hog(u, orientations=9, pixels_per_cell=(16, 16), cells_per_block=(3, 3), block_norm="L2-Hys") for u in (ua, ub))
        result["hog"] = number(np.corrcoef(ha, hb)[0, 1])
    return result


PAIRS = [
    ("noise", "other_noise"), ("noise", "noisy_blob"), ("ties", "noise"), ("ties", "ramp"), ("blob", "moved_blob"),
    ("blob", "noisy_blob"), ("ramp", "blob"), ("noise", "noise"), ("blob", "one_pixel"), ("ties", "signs"),
    ("noise", "constant"), ("zeros", "blob"), ("constant", "zeros"),
]
SIZES = [(1, 1), (1, 7), (9, 1), (5, 5), (11, 11), (14, 14), (17, 31), (48, 48), (50, 63), (224, 224)]


def flat(path):
    m = np.load(path)
    return m.sum(0) if m.ndim == 3 else m


def main():
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    out = os.path.join(HERE, "similarity_reference.json")
    rows = [{"shape": [h, w], "original": a, "randomized": b, **scores(generated(a, h, w), generated(b, h, w))}
            for h, w in SIZES for a, b in PAIRS]
    parameters = [{"shape": [h, w], "original": a, "randomized": b, **row} for h, w in PARAMETER_SIZES for a, b in PARAMETER_PAIRS
                  for row in with_parameters(generated(a, h, w), generated(b, h, w))]
    if len(sys.argv) > 1:
        dumped = []
        for arch in ("squeezenet1_1", "vgg16_mini"):
            for method in ("grad_cam", "grad_cam_raw", "guided_backprop", "guided_grad_cam", "gradient", "deconvnet"):
                files = sorted(glob.glob(os.path.join(sys.argv[1], f"{arch}.*.{method}.npy")))
                dumped += list(itertools.pairwise(files))[:2]
        for x, y in (("guided_backprop", "guided_grad_cam"), ("guided_backprop", "gradient"), ("deconvnet", "guided_backprop"), ("grad_cam", "guided_grad_cam")):
            for path in sorted(glob.glob(os.path.join(sys.argv[1], f"*.{x}.npy")))[:6:2]:
                dumped.append((path, path.replace(f".{x}.", f".{y}.")))
        pairs = [{"original": os.path.basename(a), "randomized": os.path.basename(b), **scores(flat(a), flat(b))} for a, b in dumped]
    else:
        pairs = json.load(open(out))["dumped"]
    head = {"scipy": scipy.__version__, "scikit-image": skimage.__version__, "numpy": np.__version__}
    with open(out, "w") as f:
        line = ",\n  ".join
        f.write('{"made_by": %s,\n "generated": [\n  %s],\n "parameters": [\n  %s],\n "dumped": [\n  %s]}\n'
                % (json.dumps(head), line(map(json.dumps, rows)), line(map(json.dumps, parameters)), line(map(json.dumps, pairs))))
    print(len(rows), "generated pairs,", len(parameters), "with parameters,", len(pairs), "dumped pairs")


if __name__ == "__main__":
    main()
