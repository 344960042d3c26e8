#!/usr/bin/env python3
"""Kills a small study at random moments with -9, as a whole and in shards, while it runs and while it is merged, and starts it again each time: the end must be, byte for byte, the run that nobody
killed, and no start may repeat a batch that was written.

    python3 tests/shards/kills.py PROGRAM [--kills 100] [--seed 1]

PROGRAM is a published program (dotnet publish SanityChecks.csproj -c Release -o FOLDER). Half of the kills hit shards, a quarter the undivided run, a quarter the merge.
With root also: a disk that fills up, and one that is taken away, in the middle of a shard.
"""
import argparse
import filecmp
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

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
        cells = line.split(b",")
        unit = (cells[0], max(b"1", cells[8]))
        seen[unit] = seen.get(unit, 0) + 1
        if seen[unit] == rows[unit]:
            counted, end = counted + 1, at
    return counted, text[:end]


def kill_somewhere(command, kind, longest, chance):
    """Starts a command and kills it at a random moment of the time that such commands took last; whether it was still at work."""
    begin = time.monotonic()
    process = start(command)
    try:
        process.communicate(timeout=chance.uniform(0, longest[kind]))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    if process.returncode != 0:
        fail(f"{' '.join(command)} ended with {process.returncode} by itself")
    longest[kind] = time.monotonic() - begin
    return False


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


def disks(program, whole, work):
    """A disk that is full, then one that is taken away: what was finished stays, and the same command goes on."""
    disk = work / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150k", "tmpfs", disk], check=True)
    try:
        study = Study(program, disk / "run")
        output = finish(study.shard(1), 1)
        if "space" not in output:
            fail(f"a full disk is not said to be full: {output}")
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        for number in range(1, SHARDS + 1):
            finish(study.shard(number))
        finish(study.merge())
        same(whole, study.folder, "after a full disk")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
    print("a disk that was full: the same command went on")

    store = work / "store"
    store.mkdir()
    subprocess.run(["mount", "--bind", store, disk], check=True)
    try:
        study = Study(program, disk / "run")
        process = start(study.shard(1))
        while not study.scores(1).exists():
            time.sleep(.05)
        subprocess.run(["umount", "-l", disk], check=True)
        output = process.communicate()[0]
        if process.returncode == 0:
            fail("a shard whose disk was taken away ended well")
        subprocess.run(["mount", "--bind", store, disk], check=True)
        for number in range(1, SHARDS + 1):
            finish(study.shard(number))
        finish(study.merge())
        same(whole, study.folder, "after a disk was taken away")
    finally:
        subprocess.run(["umount", "-l", disk], check=False)
    print(f"a disk that was taken away: {output.splitlines()[-1]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    program = str(pathlib.Path(given.program).resolve())
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        whole = Study(program, work / "whole")
        begin = time.monotonic()
        finish(whole.command())
        longest = {"run": time.monotonic() - begin, "shard": .7 * (time.monotonic() - begin)}
        rows = {}
        for line in whole.scores().read_bytes().split(b"\r\n")[1:-1]:
            cells = line.split(b",")
            unit = (cells[0], max(b"1", cells[8]))
            rows[unit] = rows.get(unit, 0) + 1

        # One finished set of shards, which merges start from.
        finished = Study(program, work / "finished")
        for number in range(1, SHARDS + 1):
            finish(finished.shard(number))
        begin = time.monotonic()
        shutil.copytree(finished.folder, work / "once")
        finish(Study(program, work / "once").merge())
        longest["merge"] = time.monotonic() - begin
        same(whole.folder, work / "once", "a merge that nobody killed")

        done = {"run": 0, "shard": 0, "merge": 0}
        round_ = 0
        while sum(done.values()) < given.kills:
            kind = ["shard", "run", "shard", "merge"][round_ % 4]
            round_ += 1
            study = Study(program, work / f"round{round_}")
            what = f"round {round_}, {kind}"
            if kind == "run":
                while kill_somewhere(study.command(), kind, longest, chance):
                    done[kind] += 1
                    if chance.random() < .5:
                        break
                goes_on(study.command(), study.scores(), IMAGES * DRAWS, rows, what)
            elif kind == "shard":
                for number in range(1, SHARDS + 1):
                    while kill_somewhere(study.shard(number), kind, longest, chance):
                        done[kind] += 1
                        if chance.random() < .5:
                            break
                    goes_on(study.shard(number), study.scores(number), IMAGES * DRAWS // SHARDS, rows, what)
                finish(study.merge())
            else:
                shutil.copytree(finished.folder, study.folder)
                while kill_somewhere(study.merge(), kind, longest, chance):
                    done[kind] += 1
                    if chance.random() < .5:
                        break
                finish(study.merge())
            same(whole.folder, study.folder, what)
            shutil.rmtree(study.folder)
            print(f"{sum(done.values())} kills: {what} ended as if nothing had happened", flush=True)

        if os.geteuid() == 0 and sys.platform == "linux":
            disks(program, whole.folder, work)
        else:
            print("skipped: disks that fill up or go away need root")
    print(f"passed: {sum(done.values())} kills ({done['shard']} of shards, {done['run']} of whole runs, {done['merge']} of merges), always the same bytes")


if __name__ == "__main__":
    main()
