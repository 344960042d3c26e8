#!/usr/bin/python3
"""Writes score_reference.json: pairs of maps in the kinds of .npy files that tools write, with their scores by SciPy and scikit-image.

Debian packages: python3-scipy python3-skimage. The files are compressed with zlib, in base64.
"""
import base64, io, json, os, sys, zlib

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Similarity"))
from similarity_reference import scores  # noqa: E402

H, W = 48, 50
random = np.random.default_rng(7)
y, x = np.mgrid[:H, :W]
blob = np.exp(-((y - 20) ** 2 + (x - 30) ** 2) / 150)
# Two maps of whole steps, so that a file of a few kilobytes holds them in any kind.
a, b = (np.round(31 * (blob + random.uniform(0, 0.6, (H, W)))) for _ in range(2))
planes = [np.stack([m, np.roll(m, 3, 0) - 5, np.roll(m, 5, 1) - 9], -1) for m in (a, b)]


def file(array):
    f = io.BytesIO()
    np.save(f, array)
    return base64.b64encode(zlib.compress(f.getvalue(), 9)).decode()


def row(stored, flat=lambda m: m.astype("f8")):
    return {"npy": [file(m) for m in stored], **scores(*(flat(m) for m in stored))}


rows = {
    "confidence": row([1 - 1e-9 * m for m in (a, b)]),  # an occlusion map of a sure network: equal in single precision
    "tiny": row([1e-50 * (m - 20) for m in (a, b)]),
    "large": row([1e40 * (m - 20) for m in (a, b)]),
    "half": row([(m / 16).astype("<f2") for m in (a, b)]),
    "fortran": row([np.asfortranarray((m - 20).astype("<f4")) for m in (a, b)]),
    "bytes": row([m.astype("u1") for m in (a, b)]),
    "big_endian": row([(m / 7 - 2).astype(">f8") for m in (a, b)]),
    "bool": row([m > 25 for m in (a, b)]),
    "integers": row([(m + 2 ** 40).astype("<i8") for m in (a, b)]),
    "channels_last": row([m.astype("<f4") for m in planes], lambda m: m.astype("f8").sum(-1)),
    "fortran_channels_last": row([np.asfortranarray(m * 1e-3) for m in planes], lambda m: m.sum(-1)),
}
with open(os.path.join(HERE, "score_reference.json"), "w") as f:
    f.write("{" + ",\n ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in rows.items()) + "}\n")
for name, scored in rows.items():
    print(name, {k: v for k, v in scored.items() if k != "npy"})
