#!/usr/bin/env python3
"""Reference numbers for the measures of localization: NumPy, SciPy and scikit-image (Debian: python3-numpy python3-scipy python3-skimage).

    python3 make_localization.py > localization.json

Maps are sums of bumps rounded to few decimals, so that JSON holds them exactly and values repeat; objects are disks and
rectangles. Regions come from scikit-image's labels, distances from SciPy's Euclidean distance transform."""
import json

import numpy as np
from scipy import ndimage
from skimage import measure

rng = np.random.default_rng(5)


def bumps(height, width, count, decimals, low):
    y, x = np.mgrid[:height, :width]
    total = np.zeros((height, width))
    for _ in range(count):
        cy, cx, size = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(1.5, 5)
        total += rng.uniform(low, 1) * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * size**2))
    return np.round(total, decimals)


def disk(height, width, cy, cx, radius):
    y, x = np.mgrid[:height, :width]
    return (y - cy) ** 2 + (x - cx) ** 2 <= radius**2


def box_of(mask):
    rows, columns = ndimage.find_objects(mask.astype(int))[0]
    return [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start]


def region(flat, threshold):
    labels = measure.label(flat > threshold * flat.max(), connectivity=2)
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])


def box_iou(a, b):
    grid = np.zeros((2, 200, 200), bool)
    for canvas, (left, top, width, height) in zip(grid, (a, b)):
        canvas[top:top + height, left:left + width] = True
    return (grid[0] & grid[1]).sum() / (grid[0] | grid[1]).sum()


def rank(relevance, inside):
    size = inside.sum()
    ordered = np.sort(relevance.ravel())[::-1]
    last = ordered[size - 1]
    above, tied = relevance > last, relevance == last
    return ((above & inside).sum() + (size - above.sum()) * (tied & inside).sum() / tied.sum()) / size


def scores(values, objects, tolerance, threshold):
    """By the map, and by chance."""
    flat = values if values.ndim == 2 else values.sum(axis=0)
    channels = values[None] if values.ndim == 2 else values
    mask = np.any(objects, axis=0)
    boxes = [box_of(one) for one in objects]
    boxed = np.zeros_like(mask)
    for left, top, width, height in boxes:
        boxed[top:top + height, left:left + width] = True
    whole = [0, 0, mask.shape[1], mask.shape[0]]
    found = region(flat, threshold)
    near = ndimage.distance_transform_edt(~mask) <= tolerance
    near_box = ndimage.distance_transform_edt(~boxed) <= tolerance
    largest = flat == flat.max()
    best = max(box_iou(box_of(found), box) for box in boxes)
    best_whole = max(box_iou(whole, box) for box in boxes)
    positive, shifted = np.maximum(flat, 0), flat - flat.min()
    pooled = {"max_norm": np.abs(channels).max(axis=0), "l2_norm_squared": (channels**2).sum(axis=0), "positive_sum": positive}
    result = {
        "box_iou": [best, best_whole],
        "box_hit": [float(best >= 0.5), float(best_whole >= 0.5)],
        "mask_iou": [(found & mask).sum() / (found | mask).sum(), mask.mean()],
        "pointing_game": [(largest & near).sum() / largest.sum(), near.mean()],
        "pointing_game object=box": [(largest & near_box).sum() / largest.sum(), near_box.mean()],
        "energy_pointing_game": [positive[mask].sum() / positive.sum(), mask.mean()],
        "energy_pointing_game object=box": [positive[boxed].sum() / positive.sum(), boxed.mean()],
        "energy_pointing_game values=min_max": [shifted[mask].sum() / shifted.sum(), mask.mean()],
    }
    for pooling, relevance in pooled.items():
        result[f"relevance_mass pooling={pooling}"] = [relevance[mask].sum() / relevance.sum(), mask.mean()]
        result[f"relevance_rank pooling={pooling}"] = [rank(relevance, mask), mask.mean()]
    return {name: [float(value) for value in pair] for name, pair in result.items()}


def case(name, values, objects, tolerance=2, threshold=0.15):
    return {
        "name": name, "shape": list(values.shape), "values": [float(value) for value in values.ravel()],
        "objects": ["".join("01"[inside] for inside in one.astype(int).ravel()) for one in objects],
        "tolerance": tolerance, "threshold": threshold,
        "region": "".join("01"[inside] for inside in region(values if values.ndim == 2 else values.sum(axis=0), threshold).astype(int).ravel()),
        "scores": scores(values, objects, tolerance, threshold),
    }


rectangle = np.zeros((14, 18), bool)
rectangle[3:9, 10:17] = True
y, x = np.mgrid[:18, :24]
focused = np.round(np.exp(-((y - 8) ** 2 + (x - 9) ** 2) / 18), 1)
focused[1, 22] = focused.max()
print(json.dumps([
    case("focused, two largest values", focused, [disk(18, 24, 8, 9, 5)], threshold=0.3),
    case("smooth", bumps(20, 24, 4, 3, 0.2), [disk(20, 24, 9, 11, 6)]),
    case("both signs", bumps(20, 24, 9, 3, -1), [disk(20, 24, 12, 7, 5.5)]),
    case("ties", bumps(14, 18, 6, 1, -0.5), [rectangle], tolerance=3, threshold=0.4),
    case("two objects", bumps(16, 30, 7, 2, 0), [disk(16, 30, 8, 6, 4), disk(16, 30, 6, 22, 5)], tolerance=1),
    case("three channels", np.stack([bumps(15, 15, 5, 2, -1) for _ in range(3)]), [disk(15, 15, 7, 6, 4)], threshold=0.171),
    case("one column", bumps(12, 1, 2, 2, -0.4), [np.arange(12)[:, None] // 4 == 1], tolerance=0),
], separators=(",", ":")).replace('{"name', '\n{"name'))
