#!/usr/bin/python3
"""Writes npy_reference.json: small .npy files by NumPy, in base64, with the values that they hold.

Debian package: python3-numpy.
"""
import base64, io, json, os

import numpy as np
from numpy.lib import format


def file(array, version=(1, 0)):
    f = io.BytesIO()
    format.write_array(f, array, version=version)
    return base64.b64encode(f.getvalue()).decode()


def row(name, array, version=(1, 0), values=None):
    values = np.ascontiguousarray(array).ravel().astype("f8") if values is None else values
    return {"name": name, "shape": list(array.shape), "values": [float(v) for v in values], "npy": file(array, version)}


cube = np.arange(24).reshape(2, 3, 4) - 5
rows = [row(f"{kind}", cube.astype(kind)) for kind in ("<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "|i1")]
rows += [row(f"{kind}", abs(cube).astype(kind)) for kind in ("<u8", ">u8", "<u4", ">u4", "<u2", ">u2", "|u1")]
rows += [row("bool", (cube > 3))]
rows += [row(f"Fortran {kind}", np.asfortranarray(cube.astype(kind))) for kind in ("<f4", ">i2")]
rows += [row("Fortran 2-D", np.asfortranarray(cube[0].astype("<f8")))]
rows += [row(f"version {v}", cube.astype("<f4"), (v, 0)) for v in (1, 2, 3)]
rows += [row("scalar", np.float32(2.5).reshape(())), row("vector", np.arange(5, dtype="<f4")), row("empty", np.zeros((0, 7), "<f4"))]
rows += [row("one row", np.arange(9, dtype="<f4").reshape(1, 9)), row("five axes", np.arange(16, dtype="<f4").reshape(1, 2, 2, 2, 2))]
rows += [row("large axis", np.zeros((100000, 0), "<f4")), row("many axes", np.full((1,) * 32, 3, "<f4"))]
written = [r for r in rows if r["name"] in ("<f4", "scalar", "vector", "empty", "one row", "five axes", "large axis", "many axes")]
refused = {
    "complex": file(np.zeros(2, "<c8")), "text": file(np.array(["ab"])), "record": file(np.zeros(2, [("a", "<f4"), ("b", "<i4")])),
    "time": file(np.zeros(2, "<M8[s]")),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "npy_reference.json"), "w") as f:
    line = ",\n  ".join
    f.write('{"read": [\n  %s],\n "written": %s,\n "refused": %s}\n'
            % (line(map(json.dumps, rows)), json.dumps([r["name"] for r in written]), json.dumps(refused)))
