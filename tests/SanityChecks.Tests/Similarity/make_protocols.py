#!/usr/bin/python3
"""Writes protocols.json: scores of map pairs by each published system's own definition, by SciPy, scikit-image and NumPy.

Debian packages: python3-scipy python3-skimage. Maps have three channels, each one of similarity_reference.py's. What each function repeats is
named in experiments/Configuration/Protocol.cs with its repository and commit.
"""
import json, os

import numpy as np
from scipy.stats import spearmanr
from skimage.feature import hog
from skimage.metrics import structural_similarity

from similarity_reference import discrete_entropy, generated

HERE = os.path.dirname(os.path.abspath(__file__))
PAIRS = [
    (["noise", "blob", "ties"], ["other_noise", "moved_blob", "ramp"]), (["noisy_blob", "noise", "noise"], ["noisy_blob", "other_noise", "ramp"]),
    (["blob", "signs", "ramp"], ["blob", "ties", "moved_blob"]),
]
SIZE = (64, 80)


def unit(a):
    return (a - a.min()) / (a.max() - a.min())


def grayscale(a):
    """saliency 0.0.4, VisualizeImageGrayscale with the channels first."""
    a = np.abs(a).sum(0)
    return np.clip((a - a.min()) / (np.percentile(a, 99) - a.min()), 0, 1)


def seed_repository(a, b):
    a, b = a.sum(0), b.sum(0)
    h = [hog(unit(x), orientations=9, pixels_per_cell=(16, 16), cells_per_block=(3, 3), block_norm="L2-Hys") for x in (a, b)]
    return {"spearman": spearmanr(a.ravel(), b.ravel())[0], "spearman_abs": spearmanr(np.abs(a).ravel(), np.abs(b).ravel())[0],
            "ssim": structural_similarity(unit(a), unit(b), gaussian_weights=True, use_sample_covariance=False, data_range=1.0),
            "hog": np.corrcoef(*h)[0, 1]}


def paper(a, b):
    """For a map without channels, as the sum over channels is one."""
    a, b = a.sum(0), b.sum(0)
    h = [hog(unit(x), pixels_per_cell=(16, 16)).round(9) for x in (a, b)]
    return {"spearman_abs": spearmanr(np.abs(a).ravel() / np.abs(a).max(), np.abs(b).ravel() / np.abs(b).max())[0],
            "spearman": spearmanr(a.ravel() / np.abs(a).max(), b.ravel() / np.abs(b).max())[0],
            "ssim": structural_similarity(unit(a), unit(b), gaussian_weights=True, data_range=2), "hog": spearmanr(*h)[0]}


def quantus(a, b):
    a, b = (np.abs(x / np.abs(x).max()).ravel() for x in (a, b))
    return {"spearman": spearmanr(a, b)[0]}


def quantus_revisited(a, b):
    scaled = [(x / np.sqrt((x ** 2).sum() / x.size)).ravel() for x in (a, b)]
    joint = abs(np.concatenate(scaled).max() - np.concatenate(scaled).min())
    entropies = [discrete_entropy(x.ravel()) for x in (a, b)]
    return {"ssim": structural_similarity(*scaled, data_range=joint), "entropy_rise": (entropies[1] - entropies[0]) / entropies[0]}


def xplique(a, b):
    return {"spearman": spearmanr(a.mean(0).ravel(), b.mean(0).ravel())[0]}


def arun(a, b):
    # Its scikit-image takes 2 for the range of floating-point values.
    return {"ssim": structural_similarity(grayscale(a), grayscale(b), data_range=2)}


def main():
    maps = lambda kinds: np.array([generated(kind, *SIZE) for kind in kinds]).astype("f8")
    result = {of.__name__: [{"original": a, "randomized": b, "scores": {key: float(value) for key, value in of(maps(a), maps(b)).items()}}
                            for a, b in PAIRS]
              for of in (seed_repository, paper, quantus, quantus_revisited, xplique, arun)}
    with open(os.path.join(HERE, "protocols.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
