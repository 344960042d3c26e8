#!/usr/bin/env python3
"""Draws WebP, BMP and GIF files beside itself, with the hashes of Pillow's pixels in expected.txt: name, width, height, sha256 of convert("RGB").

Made with Pillow 9.4 (Debian's python3-pil): python3 make_fixtures.py
"""

import hashlib
import io
import pathlib
import struct

from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent


def picture(width, height, mode="RGB"):
    """Ramps with some noise of a linear congruential generator on them."""
    state, pixels = 1, bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(4):
                state = (state * 1664525 + 1013904223) % 2**32
                pixels.append((x * (3 + c) + y * (7 - c) + (state >> 28)) % 256)
    return Image.frombytes("RGBA", (width, height), bytes(pixels)).convert(mode)


def save(name, image, **options):
    image.save(HERE / name, **options)


def bmp_16bit(width, height, masks):
    """A BMP of 16 bits a pixel, which Pillow reads but does not write."""
    image = picture(width, height)
    rows = bytearray()
    for y in reversed(range(height)):
        row = bytearray()
        for x in range(width):
            r, g, b = image.getpixel((x, y))
            value = (r >> 3) << 11 | (g >> 2) << 5 | b >> 3 if masks else (r >> 3) << 10 | (g >> 3) << 5 | b >> 3
            row += struct.pack("<H", value)
        rows += row + bytes(-len(row) % 4)
    extra = struct.pack("<III", 0xF800, 0x07E0, 0x001F) if masks else b""
    offset = 14 + 40 + len(extra)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 16, 3 if masks else 0, len(rows), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + info + extra + bytes(rows)


def main():
    for old in [*HERE.glob("*.webp"), *HERE.glob("*.bmp"), *HERE.glob("*.gif")]:
        old.unlink()
    save("lossy.webp", picture(37, 29), quality=80)
    save("lossy-odd-1x1.webp", picture(1, 1), quality=50)
    save("lossy-alpha.webp", picture(33, 18, "RGBA"), quality=80)
    save("lossless.webp", picture(37, 29), lossless=True)
    save("lossless-alpha.webp", picture(33, 18, "RGBA"), lossless=True, exact=True)
    save("rgb.bmp", picture(13, 11))
    save("gray.bmp", picture(13, 11, "L"))
    save("palette.bmp", picture(13, 11).quantize(17))
    save("one-bit.bmp", picture(13, 11, "1"))
    save("rgb-1x1.bmp", picture(1, 1))
    save("rgba.bmp", picture(13, 11, "RGBA"))
    (HERE / "555.bmp").write_bytes(bmp_16bit(13, 11, masks=False))
    (HERE / "565.bmp").write_bytes(bmp_16bit(13, 11, masks=True))
    rgb = (HERE / "rgb.bmp").read_bytes()
    rows = [rgb[54 + 40 * y:54 + 40 * (y + 1)] for y in range(11)]
    (HERE / "top-down.bmp").write_bytes(rgb[:22] + struct.pack("<i", -11) + rgb[26:54] + b"".join(reversed(rows)))
    save("animated.webp", picture(12, 9), save_all=True, append_images=[picture(12, 9).rotate(180)], duration=100, lossless=True)
    save("still.gif", picture(13, 11))
    with open(HERE / "expected.txt", "w") as expected:
        for file in sorted([*HERE.glob("*.webp"), *HERE.glob("*.bmp"), *HERE.glob("*.gif")]):
            image = Image.open(io.BytesIO(file.read_bytes())).convert("RGB")
            print(file.name, *image.size, hashlib.sha256(image.tobytes()).hexdigest(), file=expected)


if __name__ == "__main__":
    main()
