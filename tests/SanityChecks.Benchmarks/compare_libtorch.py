#!/usr/bin/env python3
"""Measures the engine against libtorch on one machine, in turn, and prints medians and their ratios.

    python3 compare_libtorch.py vgg16 [--rounds 5] [--batch 1 4 8]   VGG16 forward and with the guided gradient of the image, random weights: they take as long
    python3 compare_libtorch.py tests                                the compute tests with the engine torch:cpu among the others

Builds with -p:Torch=cpu (libtorch: 600 MB from NuGet, once). TorchSharp needs the libstdc++ of GCC 13. Where the system's is older, as on Debian 12, both engines
run inside a root folder with Debian 13 (270 MB), which is made once and kept; that takes debootstrap and the rights of root. The root sees the .NET SDK and the
repository read-only, and /proc, /sys and /dev, through mounts that only the measured process has: they are gone when it ends, however it ends.

libtorch runs by src/SanityChecks.Compute.Torch, operation by operation without its tape, and both engines by the same benchmark program.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "sanitychecks"
ENGINES = {"cpu": "ours", "torch:cpu": "libtorch"}
MEASURED = {"forward": "forward", "forward_input_gradient": "forward + input gradient"}

# The first is libtorch's; the others are what .NET's packages for Debian depend on.
PACKAGES = "libgomp1,libicu76,libssl3t64,ca-certificates"

# The shell replaces itself by the program, so that the process that is ended on Ctrl+C is the one that computes, and its mounts go with it. The repository
# keeps its path, since tests know it from when they were compiled. Without /sys libtorch cannot count the processors.
IN_ROOT = """
set -e
root=$1 sdk=$2 repository=$3
shift 3
for folder in "$sdk" "$repository"; do
  mkdir -p "$root$folder"
  mount --bind -o ro "$folder" "$root$folder"
done
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env -i HOME=/tmp PATH=/usr/bin:/bin DOTNET_ROOT="$sdk" "$sdk/dotnet" "$@"
"""


def needs_root():
    """Whether the system's libstdc++ is older than GCC 13's."""
    listed = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True, env={**os.environ, "PATH": os.environ["PATH"] + ":/sbin:/usr/sbin"}).stdout
    paths = re.findall(r"libstdc\+\+\.so\.6 .*=> (\S+)", listed)
    return not any(b"GLIBCXX_3.4.32\0" in pathlib.Path(path).read_bytes() for path in paths)


def made(root, mirror):
    """The folder with Debian 13, made where it is not there yet."""
    if os.geteuid() != 0:
        sys.exit("This system's libstdc++ is older than TorchSharp's; a root folder with Debian 13 can be made and entered by root only.")
    if not (root / "etc/debian_version").exists():
        if not shutil.which("debootstrap"):
            sys.exit("This system's libstdc++ is older than TorchSharp's, and a root folder with Debian 13 takes debootstrap: apt-get install debootstrap")
        # Under another name until it is whole, and with mounts of its own, so that what an interruption leaves can be deleted.
        partial = root.with_name(root.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        command = ["unshare", "--mount", "debootstrap", "--variant=minbase", f"--include={PACKAGES}", "trixie", str(partial), *([mirror] if mirror else [])]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        partial.rename(root)
    return root


def build(project, configuration):
    """Builds a project on this system, since the root folder has no NuGet; the program."""
    subprocess.run(["dotnet", "build", str(REPOSITORY / "tests" / project), "-c", configuration, "-p:Torch=cpu", "-v:q", "--nologo"], check=True, stdout=sys.stderr)
    return REPOSITORY / "artifacts/torch-cpu/bin" / project / configuration.lower() / f"{project}.dll"


def command(root, program, *arguments):
    """What runs a program of the repository, in the root folder if there is one."""
    dotnet = pathlib.Path(shutil.which("dotnet")).resolve()
    inside = ["unshare", "--mount", "sh", "-c", IN_ROOT, "sh", str(root), str(dotnet.parent), str(REPOSITORY)] if root else [str(dotnet)]
    return [*inside, str(program), *arguments]


def processor():
    names = re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{names[0] if names else 'unnamed processor'}, {os.cpu_count()} cores"


def vgg16(root, batches, rounds, repeats):
    program = build("SanityChecks.Benchmarks", "Release")

    def measured(engine, batch):
        arguments = ["vgg16", "--batch", str(batch), "--engine", engine, "--repeats", str(repeats), "--json"]
        return json.loads(subprocess.run(command(root, program, *arguments), check=True, stdout=subprocess.PIPE, text=True).stdout)

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
    return subprocess.run(command(root, program, "-namespace", "SanityChecks.Tests.Compute", "-noColor")).returncode


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
    root = made((arguments.root or CACHE / "debian13").resolve(), arguments.mirror) if arguments.root or needs_root() else None
    if arguments.command == "tests":
        sys.exit(tests(root))
    vgg16(root, arguments.batch, arguments.rounds, arguments.repeats)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} ended with {error.returncode}")
    except KeyboardInterrupt:
        sys.exit(130)
