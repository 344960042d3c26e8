#!/usr/bin/python3
"""Small PNG files of every colour type, bit depth and interlacing, and the sha256 of what Pillow makes of them.

Debian package: python3-pil (9.4). Run in this folder; writes *.png and expected.txt (name, width, height, sha256 of the RGB bytes).
The encoder below is written out since Pillow writes neither interlaced files, nor 16-bit colour, nor chosen filters.
"""
import hashlib, io, random, struct, zlib

from PIL import Image

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
NAMES = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgb-alpha"}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(samples, bits):
    if bits == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    text = "".join(format(s, "0%db" % bits) for s in samples)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, stride, rng):
    out, above = b"", None
    for row in rows:
        above = above or bytes(len(row))
        kind = rng.randrange(5)
        line = bytearray()
        for i, value in enumerate(row):
            a = row[i - stride] if i >= stride else 0
            b = above[i]
            c = above[i - stride] if i >= stride else 0
            line.append((value - (0, a, b, (a + b) // 2, paeth(a, b, c))[kind]) & 255)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def encode(color, bits, width, height, interlaced, pixels, before=b"", pieces=1, seed=0):
    """pixels[y][x] = tuple of samples."""
    rng = random.Random(seed)
    stride = max(1, CHANNELS[color] * bits // 8)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows = [pack([s for x in range(x0, width, dx) for s in pixels[y][x]], bits) for y in range(y0, height, dy)]
        if x0 < width:
            data += filtered(rows, stride, rng)
    data = zlib.compress(data, 9)
    cuts = [len(data) * i // pieces for i in range(pieces + 1)]
    body = b"".join(chunk(b"IDAT", data[a:b]) for a, b in zip(cuts, cuts[1:]))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, int(interlaced)))
    return b"\x89PNG\r\n\x1a\n" + header + before + body + chunk(b"IEND", b"")


def noise(color, bits, width, height, seed, limit=None):
    """A slope with noise, so that every filter has something to predict."""
    rng = random.Random(seed)
    top = (limit or 1 << bits) - 1
    value = lambda x, y, c: min(top, max(0, int(top * (x + 2 * y + c) / (width + 2 * height + 3)) + rng.randint(-top // 3, top // 3)))
    return [[tuple(value(x, y, c) for c in range(CHANNELS[color])) for x in range(width)] for y in range(height)]


def palette(entries, seed):
    return chunk(b"PLTE", random.Random(seed).randbytes(3 * entries))


def expected(data, color, bits, pixels):
    image = Image.open(io.BytesIO(data))
    rgb = image.convert("RGB").tobytes()
    if color == 0 and bits == 16:  # Pillow clips at 255; the decoder keeps the high byte
        rgb = bytes(v[0] >> 8 for row in pixels for v in row for _ in range(3))
    return image.size, hashlib.sha256(rgb).hexdigest()


def main():
    lines = []

    def add(name, data, color=None, bits=None, pixels=None):
        with open(name, "wb") as f:
            f.write(data)
        (w, h), digest = expected(data, color, bits, pixels)
        lines.append(f"{name} {w} {h} {digest}\n")

    seed = 0
    for color, depths in DEPTHS.items():
        for bits in depths:
            for width, height in ((1, 1), (3, 5), (13, 11), (9, 2)):
                for interlaced in (False, True):
                    seed += 1
                    entries = min(1 << bits, 200)
                    pixels = noise(color, bits, width, height, seed, entries if color == 3 else None)
                    before = palette(entries, seed) if color == 3 else b""
                    data = encode(color, bits, width, height, interlaced, pixels, before, 1, seed)
                    add(f"{NAMES[color]}-{bits}-{width}x{height}{'-adam7' if interlaced else ''}.png", data, color, bits, pixels)

    pixels = noise(2, 8, 13, 11, 1)
    text = chunk(b"tEXt", b"Title\0slope") + chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"prIv", b"?")
    add("chunks-between.png", encode(2, 8, 13, 11, False, pixels, text), 2, 8, pixels)
    add("data-in-7-pieces.png", encode(2, 8, 13, 11, True, pixels, b"", 7), 2, 8, pixels)
    add("data-with-empty-pieces.png", encode(2, 8, 2, 1, False, [[(1, 2, 3), (4, 5, 6)]], b"", 60), 2, 8, pixels)
    add("rgb-transparent-colour.png", encode(2, 8, 13, 11, False, pixels, chunk(b"tRNS", struct.pack(">3H", *pixels[0][0]))), 2, 8, pixels)
    add("rgb-suggested-palette.png", encode(2, 8, 13, 11, False, pixels, palette(4, 1)), 2, 8, pixels)
    pixels = noise(3, 8, 13, 11, 2)
    add("palette-transparent.png", encode(3, 8, 13, 11, False, pixels, palette(256, 2) + chunk(b"tRNS", bytes(range(0, 250, 5)))), 3, 8, pixels)
    add("palette-too-short.png", encode(3, 8, 13, 11, False, pixels, palette(5, 2)), 3, 8, pixels)
    pixels = noise(0, 8, 13, 11, 3)
    add("grey-transparent.png", encode(0, 8, 13, 11, False, pixels, chunk(b"tRNS", b"\0\x40")), 0, 8, pixels)
    data = encode(0, 8, 13, 11, False, pixels)
    add("no-end-chunk.png", data[:-12], 0, 8, pixels)

    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        rng = random.Random(mode)
        image = Image.frombytes("RGBA", (17, 19), rng.randbytes(17 * 19 * 4))
        image = (image.convert("RGB") if mode in "1LP" else image).convert(mode)
        out = io.BytesIO()
        image.save(out, "png", optimize=mode == "RGB")
        add(f"pillow-{mode}.png", out.getvalue())

    with open("expected.txt", "w") as f:
        f.writelines(lines)


if __name__ == "__main__":
    main()
