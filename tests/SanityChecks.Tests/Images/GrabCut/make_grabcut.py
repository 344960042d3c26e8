#!/usr/bin/env python3
"""OpenCV's GrabCut of drawn scenes (Debian: python3-opencv), as numbers for GrabCutTests.

    dotnet run -- shapes --count 12 --size 96 --out FOLDER
    python3 make_grabcut.py FOLDER > grabcut.json

The seeds are made of the object's box: its middle third is foreground, the rest of it probably so, all around it background."""
import csv
import json
import sys
from pathlib import Path

import cv2
import numpy as np

CHOSEN = [0, 1, 3, 6, 8, 10]


def seeds(shape, left, top, width, height):
    y, x = np.mgrid[:shape[0], :shape[1]]
    in_box = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
    in_middle = (3 * (x - left) >= width) & (3 * (x - left) < 2 * width) & (3 * (y - top) >= height) & (3 * (y - top) < 2 * height)
    return np.where(in_middle, cv2.GC_FGD, np.where(in_box, cv2.GC_PR_FGD, cv2.GC_BGD)).astype(np.uint8)


folder = Path(sys.argv[1])
scenes = []
for index, row in enumerate(csv.DictReader(open(folder / "objects.csv"))):
    if index not in CHOSEN:
        continue
    image = cv2.imread(str(folder / row["image"]))
    truth = cv2.imread(str(folder / row["mask"]), cv2.IMREAD_GRAYSCALE) > 127
    mask = seeds(truth.shape, *(int(row[key]) for key in ("left", "top", "width", "height")))
    cv2.setRNGSeed(1)
    cv2.grabCut(image, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
    found = (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)
    scenes.append({
        "index": index, "class": row["class"], "truth_iou": (found & truth).sum() / (found | truth).sum(),
        "rows": [line.tobytes().hex() for line in np.packbits(found, axis=1)],
    })
print(json.dumps(scenes, separators=(",", ":")).replace('{"index', '\n{"index'))
