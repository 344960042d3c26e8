#!/usr/bin/env python3
"""Kills a small study at random moments with -9, as a whole and in shards, while it runs and while it is merged, and starts it again each time: the end must be, byte for byte, the run that nobody
killed, and no start may repeat a batch that was written.

    python3 tests/shards/kills.py PROGRAM [--kills 100] [--seed 1]

PROGRAM is a published program (dotnet publish SanityChecks.csproj -c Release -o FOLDER). Half of the kills hit shards, a quarter the undivided run, a quarter the merge.
"""
import argparse
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

from study import DRAWS, IMAGES, SHARDS, Study, fail, finish, goes_on, rows_of, same, start


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
        rows = rows_of(whole.scores())

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
    print(f"passed: {sum(done.values())} kills ({done['shard']} of shards, {done['run']} of whole runs, {done['merge']} of merges), always the same bytes")


if __name__ == "__main__":
    main()
