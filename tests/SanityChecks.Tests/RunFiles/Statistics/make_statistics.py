#!/usr/bin/python3
"""Makes statistics.json: variance components and intervals of small tables of scores, with NumPy and SciPy (Debian: python3-scipy).

The components of a full table come from the mean squares of its analysis of variance as textbooks have them; the spread of its resamples from 400,000 of them.
"""
import json
import os

import numpy
from scipy import stats


def full_table(rng, draws, images, scales):
    of_draw, of_image, rest = scales
    x = 0.2 + of_draw * rng.standard_normal((draws, 1)) + of_image * rng.standard_normal((1, images)) + rest * rng.standard_normal((draws, images))
    return numpy.round(x, 6)


def components(x):
    draws, images = x.shape
    grand, of_draw, of_image = x.mean(), x.mean(1, keepdims=True), x.mean(0, keepdims=True)
    ms_draw = images * ((of_draw - grand) ** 2).sum() / (draws - 1)
    ms_image = draws * ((of_image - grand) ** 2).sum() / (images - 1)
    ms_rest = ((x - of_draw - of_image + grand) ** 2).sum() / ((draws - 1) * (images - 1))
    var_draw, var_image = max(0, (ms_draw - ms_rest) / images), max(0, (ms_image - ms_rest) / draws)
    variance = max(ms_draw + ms_image - ms_rest, ms_draw, ms_image) / (draws * images)
    share = var_draw / draws / (var_draw / draws + var_image / images)
    quantile = share * stats.t.ppf(0.975, draws - 1) + (1 - share) * stats.t.ppf(0.975, images - 1)
    return {"sd_draw": var_draw ** 0.5, "sd_image": var_image ** 0.5, "half_width": quantile * variance ** 0.5}


def resampled(rng, x):
    draws, images = x.shape
    means = []
    for _ in range(400):
        d = rng.multinomial(draws, numpy.full(draws, 1 / draws), size=1000)
        i = rng.multinomial(images, numpy.full(images, 1 / images), size=1000)
        means.append(numpy.einsum("rd,di,ri->r", d, x, i) / (draws * images))
    means = numpy.concatenate(means)
    return {"sd": means.std(), "low": numpy.quantile(means, 0.025), "high": numpy.quantile(means, 0.975)}


def main():
    rng = numpy.random.default_rng(1)
    cases = []
    for draws, images, scales in [(5, 7, (0.2, 0.3, 0.1)), (3, 20, (0.1, 0.2, 0.2)), (8, 4, (0.3, 0.1, 0.05))]:
        x = full_table(rng, draws, images, scales)
        cases.append({"values": x.tolist(), "mean": x.mean(), **components(x), "resampled": resampled(rng, x)})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "statistics.json"), "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
