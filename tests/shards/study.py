"""A small study, whole and in shards, for the scripts that disturb it: how its parts are started, and whether two of them ended alike."""
import filecmp
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES, DRAWS, SHARDS, BATCH = 6, 2, 2, 2
STUDY = [f"images.count={IMAGES}", f"images.batch={BATCH}", f"randomization.draws={DRAWS}", "randomization.layers=[fc8,conv5_3]", "methods=[grad_cam,guided_backprop]",
         "metrics=[spearman]", "output.maps=png", "output.maps_for_images=2"]


def fail(text):
    print("failed:", text)
    sys.exit(1)


class Study:
    """A run folder, and how its parts are started."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)

    def command(self, *shard):
        return [self.program, "--config", "configs/ci.yaml", *(word for one in STUDY for word in ("--set", one)), "--out", str(self.folder), *shard]

    def shard(self, number):
        return self.command("--shard", f"{number}/{SHARDS}")

    def merge(self):
        return [self.program, "shards", "merge", str(self.folder)]

    def scores(self, number=None):
        return (self.folder if number is None else self.folder / "shards" / f"{number:04}-of-{SHARDS:04}") / "scores.csv"


def start(command):
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(command, expected=0):
    process = start(command)
    output = process.communicate()[0]
    if process.returncode != expected:
        fail(f"{' '.join(command)} ended with {process.returncode}, not {expected}:\n{output}")
    return output


def rows_of(path):
    """How many rows each unit has in a finished file."""
    rows = {}
    for line in path.read_bytes().split(b"\r\n")[1:-1]:
        unit = unit_of(line.split(b","))
        rows[unit] = rows.get(unit, 0) + 1
    return rows


def unit_of(cells):
    return cells[0], max(b"1", cells[8])


def units(path, rows):
    """Whole units of a file that may be torn, and the bytes that they take."""
    text = path.read_bytes() if path.exists() else b""
    lines = text.split(b"\r\n")[:-1]
    counted, end, seen = 0, 0, {}
    at = 0
    for number, line in enumerate(lines):
        at += len(line) + 2
        if number == 0:
            end = at
            continue
        unit = unit_of(line.split(b","))
        seen[unit] = seen.get(unit, 0) + 1
        if seen[unit] == rows[unit]:
            counted, end = counted + 1, at
    return counted, text[:end]


def goes_on(command, path, total, rows, what):
    """Starts a killed command again to its end: it keeps what was written, and scores the rest alone."""
    kept, before = units(path, rows)
    output = finish(command)
    if not path.read_bytes().startswith(before):
        fail(f"{what}: rows that were written have changed")
    scored = int(found.group(1)) if (found := re.search(r"Scored (\d+) images now", output)) else 0
    if scored != total - kept:
        fail(f"{what}: {kept} of {total} units were written, and {scored} were scored after the kill")


def same(whole, folder, what):
    for root, _, files in os.walk(whole):
        for name in files:
            path = pathlib.Path(root, name)
            other = folder / path.relative_to(whole)
            if name == "manifest.json":
                facts = [json.loads(one.read_text()) for one in (path, other)]
                for fact in facts:
                    del fact["sessions"]
                if facts[0] != facts[1]:
                    fail(f"{what}: the manifest differs")
            elif not other.exists() or not filecmp.cmp(path, other, shallow=False):
                fail(f"{what}: {path.relative_to(whole)} differs")
    left = [str(path) for path in folder.rglob("*.part") if "shards" not in path.parts]
    if left:
        fail(f"{what}: {left} are left over")
