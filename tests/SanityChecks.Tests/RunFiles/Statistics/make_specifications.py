#!/usr/bin/python3
"""Makes specifications.json with NumPy and SciPy (Debian: python3-scipy): curves of three specifications, what their choices decide, and how scores follow an answer.

Areas are numpy.trapz over the steps; a choice's share of the variance is eta squared of SciPy's one-way analysis of variance; correlations are SciPy's Pearson.
"""
import itertools
import json
import os

import numpy
from scipy import stats

STEPS, DRAWS, IMAGES = 4, 2, 5


def main():
    rng = numpy.random.default_rng(2)
    scores = numpy.round(rng.uniform(0, 1, (STEPS, DRAWS, IMAGES)), 4)
    null = numpy.round(rng.uniform(-0.1, 0.5, (STEPS, DRAWS, IMAGES)), 4)
    scores[0], null[0] = 1, null[0, 0]
    area, null_area = numpy.trapz(scores, axis=0) / (STEPS - 1), numpy.trapz(null, axis=0) / (STEPS - 1)
    level = null_area.mean()
    part = (area - null_area).mean() / (1 - level)

    options = [["spearman", "ssim"], ["signed", "abs", "positive"], ["top_down"], ["a", "b"], ["predicted", "label"]]
    rows = [{"options": list(choice), "part": round(float(rng.normal(len(choice[0]) / 10 + (choice[3] == "b"), 0.3)), 4)}
            for choice in itertools.product(*options)]
    parts, shares = numpy.array([row["part"] for row in rows]), {}
    for i, name in enumerate(["metric", "maps", "order", "initializer", "target"]):
        if len(options[i]) > 1:
            groups = [parts[[row["options"][i] == option for row in rows]] for option in options[i]]
            f, between, within = stats.f_oneway(*groups).statistic, len(groups) - 1, len(parts) - len(groups)
            shares[name] = f * between / (f * between + within)
    shares["together"] = 1 - sum(shares.values())

    answers = numpy.round(rng.uniform(0, 2, (STEPS, DRAWS, IMAGES)), 4)
    over_steps = [[stats.pearsonr(1 - scores[1:, d, i], answers[1:, d, i])[0] for i in range(IMAGES)] for d in range(DRAWS)]
    over_images = [numpy.mean([stats.pearsonr(1 - scores[s, d], answers[s, d])[0] for s in range(1, STEPS)]) for d in range(DRAWS)]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "specifications.json"), "w") as file:
        json.dump({
            "scores": scores.tolist(), "null": null.tolist(), "answers": answers.tolist(),
            "area": area.mean(), "null_area": level, "part": part, "part_of_steps_alone":
                (scores[1:].mean(0) - null[1:].mean(0)).mean() / (1 - null[1:].mean()),
            "rows": rows, "shares": shares,
            "over_steps": numpy.mean(over_steps), "over_images": numpy.mean(over_images),
        }, file)
        file.write("\n")


if __name__ == "__main__":
    main()
