#!/usr/bin/python3
"""Prints the tables of behaviour.md from the scores of a run of configs/families.yaml or configs/squeezenet/families.yaml.

    python3 behaviour.py RUN_FOLDER LAYER [LAYER ...]

A cell is the mean over images and draws, and the 95 % interval over draws: Student's t of the draws' means, since the images of a draw share one random network.
"""
import csv
import math
import os
import statistics
import sys
from collections import defaultdict

# Student's t at 97.5 %, by degrees of freedom.
QUANTILES = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def cell(by_draw):
    means = [statistics.fmean(values) for values in by_draw.values() if values]
    every = [value for values in by_draw.values() for value in values]
    if len(means) < 2:
        return "undefined" if not every else f"{statistics.fmean(every):.2f}"
    mean, half = statistics.fmean(means), QUANTILES[len(means) - 1] * statistics.stdev(means) / math.sqrt(len(means))
    if half == 0 and mean == 1:
        return "1"
    return f"{mean:.2f} ± {half:.2f}"


def main():
    folder, layers = sys.argv[1], sys.argv[2:]
    scores = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(list))))
    missing = defaultdict(int)
    with open(os.path.join(folder, "scores.csv")) as file:
        for row in csv.DictReader(file):
            if row["layer"] in layers and row["reference"] == "original":
                if row["status"] == "ok":
                    scores[row["metric"]][row["method"]][row["layer"]][row["draw"]].append(float(row["value"]))
                elif row["metric"] == "spearman":
                    missing[row["method"]] += 1
    for metric, methods in scores.items():
        print(f"\n{metric}\n\n| method | {' | '.join(layers)} | undefined |\n|--|{'--:|' * (len(layers) + 1)}")
        for method, by_layer in methods.items():
            print(f"| {method} | {' | '.join(cell(by_layer[layer]) for layer in layers)} | {missing[method] or ''} |")


if __name__ == "__main__":
    main()
