#!/usr/bin/env python3
"""Takes the ground away under a small study, as a whole and in shards, while it runs and while it is merged: its disk fills up, becomes read-only or is taken away, its folder is deleted, the clock
is set back. Each time the program must end with one line and exit code 1, nothing that was finished may be lost or torn, and the same command must go on to the bytes of the undisturbed run.

    python3 tests/shards/faults.py PROGRAM [--times 20] [--seed 1]

PROGRAM is a published program (dotnet publish SanityChecks.csproj -c Release -o FOLDER). Mounts take root on Linux, the clock Debian's package faketime; what cannot be tried is said.
"""
import argparse
import contextlib
import copy
import glob
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

from study import DRAWS, IMAGES, ROOT, SHARDS, Study, fail, finish, goes_on, rows_of, same

KINDS = ["run", "shard", "merge"]
ROOM = "64m"
PROGRESS = re.compile(r"^\d+/\d+ images, ")


class Trial:
    """The study in a folder of its own, made ready for one kind of command, and what must be true of it."""

    def __init__(self, bench, kind, folder):
        self.bench, self.kind, self.study = bench, kind, Study(bench.program, folder)
        self.number = None if kind == "run" else 1
        if kind == "merge":
            shutil.copytree(bench.finished, folder)

    @property
    def command(self):
        return {"run": self.study.command, "shard": lambda: self.study.shard(1), "merge": self.study.merge}[self.kind]()

    def start(self, environment=None):
        return subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def wait_until_begun(self):
        """Until a merge has found its run: of one that is not there it says that there is nothing to merge, with exit code 2."""
        while self.kind == "merge" and not (self.study.folder / "shards" / "merge.lock").exists():
            time.sleep(.01)

    def ended(self, process, words, what):
        """Waits for a command that was disturbed: True where it failed as it should, False where it was done before."""
        _, error = process.communicate(timeout=120)
        if process.returncode == 0:
            return False
        lines = [line for line in error.splitlines() if not PROGRESS.match(line)]
        if process.returncode != 1 or len(lines) != 1 or not re.search(words, lines[0]):
            fail(f"{what}: exit code {process.returncode}, not 1 with one line of '{words}':\n{error}")
        self.bench.lines.setdefault(self.kind, set()).add(re.sub(r"/\S*/", ".../", lines[0]))
        self.whole_files(what)
        return True

    def whole_files(self, what):
        """No file is torn, but scores.csv behind its last whole unit."""
        for path in self.study.folder.rglob("*"):
            text = path.read_bytes() if path.is_file() else b""
            torn = {".svg": not text.endswith(b"</svg>\n"), ".png": not text.endswith(b"IEND\xaeB`\x82"), ".html": not text.rstrip().endswith(b"</html>"),
                    ".csv": path.name != "scores.csv" and not text.endswith(b"\r\n")}.get(path.suffix, False)
            if path.suffix == ".json" and text:
                json.loads(text)
            if path.is_file() and (torn or (not text and path.suffix not in (".lock", ".part") and path.name != "scores.csv")):
                fail(f"{what}: {path} is torn")

    def completes(self, what):
        """The same command goes on, and the end is that of a run that nobody disturbed."""
        if self.kind == "merge":
            for number in range(1, SHARDS + 1):
                finish(self.study.shard(number))
            finish(self.study.merge())
        else:
            path = self.study.scores(self.number)
            goes_on(self.command, path, IMAGES * DRAWS // (SHARDS if self.kind == "shard" else 1), self.bench.rows, what)
            if self.kind == "shard":
                finish(self.study.shard(2))
                finish(self.study.merge())
        same(self.bench.whole, self.study.folder, what)
        shutil.rmtree(self.study.folder)


class Bench:
    """One undisturbed run, one finished set of shards, and how long each kind of command takes."""

    def __init__(self, program, work):
        self.program, self.work, self.lines = program, work, {}
        self.whole, self.finished = work / "whole", work / "finished"
        self.longest = {"run": self.timed(Study(program, self.whole).command())}
        study = Study(program, self.finished)
        self.longest["shard"] = max(self.timed(study.shard(number)) for number in range(1, SHARDS + 1))
        shutil.copytree(self.finished, work / "merged")
        self.longest["merge"] = self.timed(Study(program, work / "merged").merge())
        self.rows = rows_of(Study(program, self.whole).scores())

    @staticmethod
    def timed(command):
        begin = time.monotonic()
        finish(command)
        return time.monotonic() - begin

    def told(self, what, times):
        print(f"{times} times {what}:", flush=True)
        for kind, lines in self.lines.items():
            for line in sorted(lines):
                print(f"  {kind}: {line}", flush=True)
        self.lines = {}


@contextlib.contextmanager
def mounted(at, *options):
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", *options, at], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", at], check=False, stderr=subprocess.DEVNULL)  # it may have been taken away already


def size(folder):
    return sum(4096 * -(-path.stat().st_size // 4096) + 4096 for path in folder.rglob("*"))


def full(bench, times, chance):
    """A disk too small by a random amount, or one that somebody else fills at a random moment."""
    disk, done, tries = bench.work / "disk", 0, 0
    while done < times:
        kind, by_size = KINDS[tries % 3], tries % 2 == 0
        tries += 1
        what = f"full disk {tries}, {kind}"
        room = (size(bench.finished) if kind == "merge" else 0) + chance.randrange(8192, size(bench.whole))
        with mounted(disk, "-t", "tmpfs", "-o", f"size={room if by_size else ROOM}", "tmpfs"):
            try:
                trial = Trial(bench, kind, disk / "run")
            except OSError:
                continue
            process = trial.start()
            if not by_size:
                time.sleep(chance.uniform(0, bench.longest[kind]))
                with contextlib.suppress(OSError), open(disk / "ballast", "wb", buffering=0) as ballast:
                    while True:
                        ballast.write(bytes(1 << 16))
            if trial.ended(process, "[Nn]o space left", what):
                done += 1
            (disk / "ballast").unlink(missing_ok=True)
            subprocess.run(["mount", "-o", f"remount,size={ROOM}", disk], check=True)
            if process.returncode != 0:
                trial.completes(what)
    bench.told("a full disk", done)


def read_only(bench, chance):
    """A disk that may only be read: from the start, after half of the work, and from the middle on for what is opened then."""
    store, disk, done = bench.work / "store", bench.work / "disk", 0
    store.mkdir()
    for kind in KINDS:
        for when in ("start", "half", "middle"):
            what = f"read-only from the {when}, {kind}"
            trial = Trial(bench, kind, store / "run")
            if when == "half":
                process = trial.start()
                time.sleep(bench.longest[kind] / 2)
                process.kill()
                process.communicate()
            with mounted(disk, "--bind", store):
                seen = copy.copy(trial)
                seen.study = Study(bench.program, disk / "run")
                if when == "middle":
                    process = seen.start()
                    time.sleep(chance.uniform(.3, .8) * bench.longest[kind])
                with mounted(disk, "--bind", "-o", "ro", store):
                    process = seen.start() if when != "middle" else process
                    done += seen.ended(process, "[Rr]ead-only|nothing can be written|is not the file any more|is denied", what)
            if process.returncode != 0:
                trial.completes(what)
            shutil.rmtree(trial.study.folder, ignore_errors=True)  # of one that was done before
    bench.told("a disk that may only be read", done)


def taken_away(bench, chance):
    store, disk, done = bench.work / "kept", bench.work / "disk", 0
    store.mkdir()
    for kind in KINDS:
        what = f"disk taken away, {kind}"
        with mounted(disk, "--bind", store):
            trial = Trial(bench, kind, disk / "run")
            process = trial.start()
            trial.wait_until_begun()
            time.sleep(chance.uniform(.1, .6) * bench.longest[kind])
            subprocess.run(["umount", "-l", disk], check=True)
            failed = trial.ended(process, ".", what)
            done += failed
        with mounted(disk, "--bind", store):
            if failed:
                trial.completes(what)
            shutil.rmtree(trial.study.folder, ignore_errors=True)
    bench.told("a disk that was taken away", done)


def deleted(bench, times, chance):
    """The run folder is deleted at a random moment."""
    done = tries = 0
    while done < times:
        kind = KINDS[tries % 3]
        tries += 1
        what = f"deleted folder {tries}, {kind}"
        trial = Trial(bench, kind, bench.work / f"deleted{tries}")
        process = trial.start()
        trial.wait_until_begun()
        time.sleep(chance.uniform(0, bench.longest[kind]))
        was_there = trial.study.folder.exists() and process.poll() is None
        begin, gone = time.monotonic(), bench.work / "gone"
        if was_there:
            # Renamed first: the program may be writing into it while it is deleted.
            trial.study.folder.rename(gone)
            shutil.rmtree(gone)
        failed = trial.ended(process, ".", what)
        begun_again = not failed and (trial.study.folder / "config.yaml").exists()
        if was_there and not failed and not begun_again and time.monotonic() - begin > .5:
            fail(f"{what}: ended well {time.monotonic() - begin:.1f} s after its folder was deleted")
        done += failed
        if failed or begun_again:
            if kind == "merge":
                shutil.rmtree(trial.study.folder, ignore_errors=True)
            trial.completes(what)
        shutil.rmtree(trial.study.folder, ignore_errors=True)
    bench.told("a deleted folder", done)


def clock(bench, library, chance):
    """The clock is a day back from the middle of a command on, which is then killed and goes on: no byte depends on what time it is."""
    setting = bench.work / "clock"
    environment = {**os.environ, "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(setting), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                   "DOTNET_EnableDiagnostics": "0"}
    for kind in KINDS:
        for killed in (False, True):
            what = f"clock set back, {kind}{', killed' if killed else ''}"
            trial = Trial(bench, kind, bench.work / "clocked")
            setting.write_text("+0")
            process = trial.start(environment)
            time.sleep(chance.uniform(.2, .8) * bench.longest[kind])
            setting.write_text("-1d")
            if killed:
                time.sleep(.2)
                process.kill()
                process.communicate()
                process = trial.start(environment)
            _, error = process.communicate()
            if process.returncode != 0:
                fail(f"{what}: exit code {process.returncode}:\n{error}")
            if kind == "shard":
                finish(trial.study.shard(2))
                finish(trial.study.merge())
            same(bench.whole, trial.study.folder, what)
            shutil.rmtree(trial.study.folder)
    print(f"{2 * len(KINDS)} times a clock that was set back by a day, half of them with a kill behind it: the same bytes", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=20, help="how often a disk fills up; a folder is deleted half as often")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(str(pathlib.Path(given.program).resolve()), pathlib.Path(name))
        deleted(bench, max(3, given.times // 2), chance)
        if os.geteuid() == 0 and sys.platform == "linux" and subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode == 0:
            full(bench, given.times, chance)
            read_only(bench, chance)
            taken_away(bench, chance)
        else:
            print("skipped: disks that fill up, are read-only or go away take root, which may mount")
        if libraries := glob.glob("/usr/lib/*/faketime/libfaketime.so.1"):
            clock(bench, libraries[0], chance)
        else:
            print("skipped: a clock that is set back takes Debian's package faketime")
    print("passed: one line and exit code 1 each time, then the same bytes")


if __name__ == "__main__":
    main()
