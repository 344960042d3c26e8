#!/usr/bin/env python3
"""Draws small pictures, writes them as JPEG files of every kind that the decoder reads, and records what Pillow decodes.

Needs Pillow and numpy (Debian: python3-pil python3-numpy) and cjpeg (libjpeg-turbo-progs). The expected hashes are those of Pillow 9.4
on libjpeg-turbo 2.1.5; later libjpeg-turbo versions may round differently. Run it in this folder: it rewrites *.jpg and fixtures.json.
"""
import glob
import hashlib
import io
import json
import os
import struct
import subprocess
import tempfile

import numpy as np
from PIL import Image

FILES = {}


def picture(width, height):
    """A shaded background, a disc and thin stripes: gradients and edges in every channel."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    rgb = np.stack([128 + 100 * np.sin(x / 9 + y / 17), 128 + 90 * np.cos(x / 13 - y / 7), (3 * x + 5 * y) % 256], -1)
    rgb[(x - width / 2) ** 2 + (y - height / 2) ** 2 < min(width, height) ** 2 / 9] = [250, 30, 20]
    rgb[(x % 11 == 3) & (y > height / 2)] = [10, 220, 240]
    return np.clip(rgb, 0, 255).astype(np.uint8)


def cjpeg(size, *options, gray=False, scans=None):
    pixels = picture(*size)[..., 1] if gray else picture(*size)
    header = b"%s\n%d %d\n255\n" % (b"P5" if gray else b"P6", *size)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as script:
        if scans:
            script.write(scans)
            script.flush()
            options += ("-scans", script.name)
        result = subprocess.run(["cjpeg", "-optimize", *options], input=header + pixels.tobytes(), capture_output=True, check=True)
    return result.stdout


def pillow(size, mode, **options):
    pixels = picture(*size)
    if mode == "CMYK":
        pixels = np.concatenate([pixels, pixels[::-1, :, :1] // 2 + 100], -1)
    buffer = io.BytesIO()
    Image.fromarray(pixels, mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def segments(file):
    """(marker, contents) up to the first scan, then (None, the rest)."""
    at = 2
    while file[at + 1] != 0xDA:
        length = struct.unpack(">H", file[at + 2 : at + 4])[0]
        yield file[at + 1], file[at + 4 : at + 2 + length]
        at += 2 + length
    yield None, file[at:]


def assemble(parts):
    file = b"\xff\xd8"
    for marker, contents in parts:
        file += contents if marker is None else struct.pack(">BBH", 0xFF, marker, len(contents) + 2) + contents
    return file


def without(file, *markers):
    return assemble(part for part in segments(file) if part[0] not in markers)


def inserted(file, marker, extra):
    """Puts bytes before a marker's segment."""
    at = file.index(bytes([0xFF, marker]))
    return file[:at] + extra + file[at:]


def adobe(file, transform):
    at = file.index(b"Adobe") + 11
    return file[:at] + bytes([transform]) + file[at + 1 :]


def coarse(file, value):
    """Sixteen-bit divisors so large that the inverse DCT overflows."""
    def replace(contents):
        return b"".join(bytes([contents[i] | 16]) + struct.pack(">64H", *[value] * 64) for i in range(0, len(contents), 65))
    return assemble((m, replace(c)) if m == 0xDB else (m, c) for m, c in segments(file))


def main():
    for sampling in ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "3x2", "2x2,2x1,1x2", "1x1,2x2,1x1", "1x4,1x2,1x1"]:
        name = sampling.replace(",", "_")
        FILES[f"sampling_{name}"] = cjpeg((33, 19), "-sample", sampling, "-quality", "60")
        FILES[f"sampling_{name}_progressive"] = cjpeg((33, 19), "-sample", sampling, "-quality", "85", "-progressive")
    for i, size in enumerate([(1, 1), (2, 3), (3, 2), (5, 4), (7, 5), (4, 17), (15, 17), (16, 16), (17, 33), (65, 31), (1, 40), (40, 1)]):
        sampling = ["2x2", "2x1", "1x2"][i % 3]
        FILES["size_%dx%d" % size] = cjpeg(size, "-sample", sampling, *(["-progressive"] if i % 2 else []))
    for sampling in ["2x2", "2x1"]:
        FILES[f"two_chroma_columns_{sampling}"] = cjpeg((4, 9), "-sample", sampling)
    FILES["quality_1"] = cjpeg((40, 24), "-quality", "1")
    FILES["quality_100"] = cjpeg((24, 16), "-quality", "100")
    FILES["restart_each_mcu"] = cjpeg((40, 40), "-restart", "1B")
    FILES["restart_each_row"] = cjpeg((40, 40), "-restart", "1", "-sample", "2x1")
    FILES["restart_progressive"] = cjpeg((40, 40), "-restart", "5B", "-progressive")
    FILES["gray"] = cjpeg((21, 13), gray=True)
    FILES["gray_progressive_2x2"] = cjpeg((21, 13), "-progressive", "-sample", "2x2", gray=True)
    FILES["rgb_component_names"] = without(cjpeg((20, 12), "-rgb"), 0xEE)
    FILES["rgb_adobe"] = cjpeg((20, 12), "-rgb")
    small = cjpeg((20, 12))
    adobe_segment = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
    FILES["adobe_0_numbered_names"] = inserted(without(small, 0xE0), 0xC0, adobe_segment)
    FILES["adobe_1_rgb_names"] = adobe(FILES["rgb_adobe"], 1)
    FILES["jfif_and_adobe_0"] = inserted(small, 0xC0, adobe_segment)

    cmyk = pillow((20, 13), "CMYK", quality=85, optimize=True)
    FILES["cmyk_adobe"] = adobe(cmyk, 0)
    FILES["ycck_adobe"] = adobe(cmyk, 2)
    FILES["cmyk_no_adobe"] = without(cmyk, 0xEE)
    FILES["ycck_adobe_progressive"] = adobe(pillow((20, 13), "CMYK", progressive=True), 2)

    dc_only = "0,1,2: 0-0, 0, 0;\n"
    FILES["scans_apart"] = cjpeg((35, 21), scans="0;\n1;\n2;\n")
    FILES["scans_pair_and_one"] = cjpeg((35, 21), scans="0 1;\n2;\n")
    FILES["scans_many_bits"] = cjpeg((35, 21), "-quality", "95", scans=(
        "0: 0-0, 0, 2;\n1,2: 0-0, 0, 1;\n0: 1-2, 0, 3;\n0: 3-63, 0, 3;\n2: 1-63, 0, 1;\n1: 1-63, 0, 0;\n0: 1-63, 3, 2;\n"
        "0: 0-0, 2, 1;\n0: 1-63, 2, 1;\n0: 0-0, 1, 0;\n1,2: 0-0, 1, 0;\n0: 1-63, 1, 0;\n2: 1-63, 1, 0;\n"))
    FILES["incomplete_dc_only"] = cjpeg((75, 53), scans=dc_only)
    FILES["incomplete_dc_only_narrow"] = cjpeg((20, 53), scans=dc_only)
    FILES["incomplete_low_band"] = cjpeg((35, 21), "-sample", "1x2", scans=dc_only + "0: 1-2, 0, 1;\n1: 1-5, 0, 0;\n")
    FILES["incomplete_bits"] = cjpeg((35, 21), "-quality", "95", scans="0,1,2: 0-0, 0, 1;\n0: 1-63, 0, 3;\n1: 1-63, 0, 2;\n")

    plain = cjpeg((33, 21), "-quality", "70")
    FILES["fill_bytes"] = inserted(plain, 0xC0, b"\xff\xff\xff")
    FILES["junk_between_segments"] = inserted(plain, 0xC0, b"junk\x00")
    FILES["unknown_segments"] = inserted(plain, 0xC0, b"\xff\xe7\x00\x07hello\xff\xfe\x00\x04ab\xff\xe9\x00\x00")
    FILES["bytes_left_over"] = plain[:-2] + b"\x00\x12\xff\x00\x34" + plain[-2:]
    FILES["trailing_bytes"] = plain + b"after the end \xff\xd8"
    FILES["no_application_segments"] = without(plain, 0xE0)
    FILES["extended_sequential"] = plain.replace(b"\xff\xc0", b"\xff\xc1")
    FILES["no_huffman_tables"] = without(pillow((33, 21), "RGB"), 0xC4)
    FILES["overflow_3000"] = coarse(plain, 3000)
    FILES["overflow_65535"] = coarse(plain, 65535)

    for old in glob.glob("*.jpg"):
        os.remove(old)
    expected = {}
    for name, file in FILES.items():
        with open(f"{name}.jpg", "wb") as stream:
            stream.write(file)
        image = Image.open(io.BytesIO(file)).convert("RGB")
        expected[name] = {"width": image.width, "height": image.height, "sha256": hashlib.sha256(image.tobytes()).hexdigest()}
    with open("fixtures.json", "w") as stream:
        json.dump(expected, stream, indent=1)
        stream.write("\n")
    print(len(FILES), "files,", sum(map(len, FILES.values())), "bytes")


if __name__ == "__main__":
    main()
