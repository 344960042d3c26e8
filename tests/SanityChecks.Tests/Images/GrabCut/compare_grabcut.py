#!/usr/bin/env python3
"""Our GrabCut beside OpenCV's on photographs, with the same seeds from the same maps (Debian: python3-opencv).

    python3 compare_grabcut.py PHOTOGRAPHS [--count 20] [--options "--architecture squeezenet1_1 --weights FILE"] [--keep FOLDER]

Runs `localize --grabcut --raw` of the built program, gives its inputs and seeds to cv2.grabCut with GC_INIT_WITH_MASK and 5 iterations,
and prints the intersection over union of the largest connected parts of both masks, and OpenCV's with another random seed."""
import argparse
import json
import shlex
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = ROOT / "artifacts/bin/SanityChecks/debug/SanityChecks.dll"


def largest(mask):
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA]) if count > 1 else mask


def cut(image, seeds, seed):
    mask = seeds.copy()
    cv2.setRNGSeed(seed)
    cv2.grabCut(image, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
    return largest((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD))


def iou(a, b):
    return (a & b).sum() / max(1, (a | b).sum())


parser = argparse.ArgumentParser()
parser.add_argument("photographs", type=Path)
parser.add_argument("--count", type=int, default=20)
parser.add_argument("--options", default="")
parser.add_argument("--keep", type=Path, help="a folder for the pictures, to look at")
given = parser.parse_args()
found = sorted(path for path in given.photographs.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
chosen = [str(path) for path in found[:: max(1, len(found) // given.count)][: given.count]]
with tempfile.TemporaryDirectory() as scratch:
    folder = given.keep or Path(scratch)
    command = ["dotnet", str(PROGRAM), "localize", *chosen, *shlex.split(given.options), "--grabcut", "--raw", "--json", "--out", str(folder)]
    located = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours, own = [], []
    for image in located:
        stem = str(folder / Path(image["image"]).stem) + ".grad_cam"
        if not Path(stem + ".mask.png").exists():
            print(f"{Path(image['image']).name}: the map marks nothing")
            continue
        pixels, seeds = cv2.imread(stem + ".input.png"), np.load(stem + ".seeds.npy").astype(np.uint8)
        theirs, again = cut(pixels, seeds, 1), cut(pixels, seeds, 2)
        mine = cv2.imread(stem + ".mask.png", cv2.IMREAD_GRAYSCALE) > 127
        ours.append(iou(mine, theirs))
        own.append(iou(theirs, again))
        print(f"{Path(image['image']).name}: ours and OpenCV's {ours[-1]:.4f}, OpenCV's with two random seeds {own[-1]:.4f}")
    print(f"{len(ours)} photographs: mean {np.mean(ours):.4f}, least {np.min(ours):.4f}; OpenCV beside itself {np.mean(own):.4f}, {np.min(own):.4f}")
