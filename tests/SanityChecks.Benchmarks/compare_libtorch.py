#!/usr/bin/env python3
"""Measures the engine against libtorch on one machine, in turn, and prints medians and their ratios.

    python3 compare_libtorch.py vgg16 [--rounds 5] [--batch 1 4 8]   VGG16 forward and with the guided gradient of the image, random weights: they take as long
    python3 compare_libtorch.py tests                                the compute tests with the engine torch:cpu among the others

Builds with -p:Torch=cpu (libtorch: 600 MB from NuGet, once). TorchSharp needs the libstdc++ of GCC 13. Where the system's is older, as on Debian 12, both engines
run inside a root folder with Debian 13 (270 MB), which is made once and kept: see debian_root.py.

libtorch runs by src/SanityChecks.Compute.Torch, operation by operation without its tape, and both engines by the same benchmark program. The C library is told to
keep freed memory: left to itself it gives each large activation back to the system, whose clearing of the pages can make libtorch three times slower from a batch of four
on.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys

import debian_root

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "sanitychecks"
ENGINES = {"cpu": "ours", "torch:cpu": "libtorch"}
KEEPING_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}
MEASURED = {"forward": "forward", "forward_input_gradient": "forward + input gradient"}


def build(project, configuration):
    """Builds a project on this system, since the root folder has no NuGet; the program."""
    subprocess.run(["dotnet", "build", str(REPOSITORY / "tests" / project), "-c", configuration, "-p:Torch=cpu", "-v:q", "--nologo"], check=True, stdout=sys.stderr)
    return REPOSITORY / "artifacts/torch-cpu/bin" / project / configuration.lower() / f"{project}.dll"


def processor():
    names = re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{names[0] if names else 'unnamed processor'}, {os.cpu_count()} cores"


def vgg16(root, batches, rounds, repeats):
    program = build("SanityChecks.Benchmarks", "Release")

    def measured(engine, batch):
        arguments = ["vgg16", "--batch", str(batch), "--engine", engine, "--repeats", str(repeats), "--json"]
        command = debian_root.command(root, REPOSITORY, program, *arguments, environment=KEEPING_MEMORY)
        result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        print(f"batch {batch}, {ENGINES[engine]}: " + ", ".join(f"{name} {result[key]:.4f}" for key, name in MEASURED.items()), file=sys.stderr, flush=True)
        return result

    for batch in batches:
        results = {engine: [] for engine in ENGINES}
        for round in range(rounds):
            # Each goes first in every other round.
            for engine in list(ENGINES)[::1 if round % 2 == 0 else -1]:
                results[engine].append(measured(engine, batch))
        if batch == batches[0]:
            print(f"{processor()}; {'in a root folder with Debian 13' if root else 'on the system itself'}; VGG16, 224 x 224; medians of {rounds} round(s) in turn; seconds for an image")
            print("; ".join(f"{name}: {results[engine][0]['instructions']}" for engine, name in ENGINES.items()))
        for key, name in MEASURED.items():
            mine, theirs = (statistics.median(result[key] for result in results[engine]) for engine in ENGINES)
            ratios = [ours[key] / libtorch[key] for ours, libtorch in zip(*results.values())]
            print(f"batch {batch}  {name:24}  ours {mine:.4f}   libtorch {theirs:.4f}   ratio {mine / theirs:.3f} (rounds {min(ratios):.3f} to {max(ratios):.3f})", flush=True)


def tests(root):
    program = build("SanityChecks.Tests", "Debug")
    return subprocess.run(debian_root.command(root, REPOSITORY, program, "-namespace", "SanityChecks.Tests.Compute", "-noColor")).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, help="folder with Debian 13, made if it is not there; default: none where the system's libstdc++ is new enough, else one in the user's cache")
    parser.add_argument("--mirror", help="where debootstrap fetches Debian from; default: debootstrap's own")
    commands = parser.add_subparsers(dest="command", required=True)
    measure = commands.add_parser("vgg16")
    measure.add_argument("--batch", type=int, nargs="+", default=[1, 4, 8])
    measure.add_argument("--rounds", type=int, default=5)
    measure.add_argument("--repeats", type=int, default=5, help="measurements in each round, of which the median counts")
    commands.add_parser("tests")
    arguments = parser.parse_args()

    # An exit unwinds, and so ends the process that is being measured; the signal's default does not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    root = debian_root.made((arguments.root or CACHE / "debian13").resolve(), arguments.mirror) if arguments.root or debian_root.is_needed() else None
    if arguments.command == "tests":
        sys.exit(tests(root))
    vgg16(root, arguments.batch, arguments.rounds, arguments.repeats)


if __name__ == "__main__":
    try:
        main()
    except debian_root.RootUnavailable as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} ended with {error.returncode}")
    except KeyboardInterrupt:
        sys.exit(130)
