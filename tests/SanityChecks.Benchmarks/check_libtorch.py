#!/usr/bin/env python3
"""Checks that the engine torch:cpu computes what ours computes: what .ci/torch runs, see there.

Two engines add in another order, so their activations differ in the last digits. Nearly every score then agrees to 1e-3. The others are not wrong: where two values of a pooling
window are equal to rounding, or one at a ReLU is zero to rounding, the last digit decides where a gradient goes, the maps differ in those pixels, and SSIM and HOG, which are
scaled by the map's extremes, may differ by some thousandths. That happens in maps of networks that are random down to the first convolutions. So each score further
apart than 1e-3 is printed; the check fails where one is further apart than 0.02, where more than one in a hundred are further apart than 1e-3, or where one engine has a score
and the other has none.
"""

import csv
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import debian_root

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = REPOSITORY / "artifacts/torch-cpu/bin/SanityChecks.Tests/debug"
CLOSE, TOLERABLE, SHARE = 1e-3, 0.02, 0.01
PLACE = ("image", "step", "layer", "draw", "method", "metric", "resolution", "reference")


class Unavailable(Exception):
    """What this machine lacks for the check."""


def build():
    """Builds the tests, and with them the program, with libtorch."""
    built = subprocess.run(["dotnet", "build", str(REPOSITORY / "tests/SanityChecks.Tests"), "-p:Torch=cpu", "-v:q", "--nologo"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if built.returncode != 0:
        if "NU1301" in built.stdout:
            raise Unavailable("libtorch cannot be restored, the package source does not answer")
        print(built.stdout)
        print("0 passed, 1 failed")
        sys.exit(1)


def prepare(folder):
    """The root folder with Debian 13, made in a folder or where SANITYCHECKS_DEBIAN_ROOT says; None where the system does without."""
    if not debian_root.is_needed():
        return None
    if os.geteuid() != 0:
        raise Unavailable("this system's libstdc++ is older than TorchSharp's, and a root folder with Debian 13 can be entered by root only")
    if subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise Unavailable("this system's libstdc++ is older than TorchSharp's, and here no mounts can be made (unshare --mount), which a root folder with Debian 13 takes")
    if not shutil.which("debootstrap"):
        install = "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install debootstrap"
        if not shutil.which("apt-get") or subprocess.run(["sh", "-c", install], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            raise Unavailable("this system's libstdc++ is older than TorchSharp's, and debootstrap is neither there nor to be installed")
    try:
        return debian_root.made(pathlib.Path(os.environ.get("SANITYCHECKS_DEBIAN_ROOT") or folder / "debian13").resolve())
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"debootstrap ended with {error.returncode}: no network, it seems") from error


def kernels():
    """What makes libtorch right. On AMD's family 26 its single precision is up to 53 away from its own double precision in a convolution (2 x 40 x 14 x 14 to 65, 5 x 5,
    libtorch 2.10.0 through TorchSharp alone), with oneDNN's kernels for AVX2 and AVX-512; with those for SSE 4.1 it is within 4e-5, as elsewhere with any."""
    try:
        processor = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return {}
    return {"ONEDNN_MAX_CPU_ISA": "SSE41"} if "AuthenticAMD" in processor and re.search(r"^cpu family\s*: 26$", processor, re.MULTILINE) else {}


def run(root, program, *arguments, environment=None):
    """Runs a program of the repository; its exit code and output."""
    ended = subprocess.run(
        debian_root.command(root, REPOSITORY, PROGRAMS / program, *arguments, environment={**kernels(), **(environment or {})}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ended.returncode, ended.stdout


def conformance(root):
    """The compute tests on the engine torch:cpu: how many passed and failed."""
    code, output = run(
        root, "SanityChecks.Tests.dll", "-namespace", "SanityChecks.Tests.Compute", "-noColor", "-noLogo", environment={"SANITYCHECKS_ENGINE": "torch:cpu", "SANITYCHECKS_SLOW": "1"})
    counted = re.search(r"Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)", output)
    print(output, flush=True)
    if not counted:
        return 0, 1
    total, errors, failed, skipped = map(int, counted.groups())
    passed, failed = total - failed - skipped, failed + errors
    return passed, max(failed, 1 if code != 0 or passed == 0 else 0)


def scores(root, folder, engine):
    """The scores of the bundled cascade, by their places."""
    arguments = ["--config", str(REPOSITORY / "configs/cascade.yaml"), "--set", "images.count=4", "--set", "output.maps=none", "--engine", engine]
    output = folder / engine.replace(":", "-")
    code, said = run(root, "SanityChecks.dll", *arguments, "--out", f"/{output.relative_to(root)}" if root else str(output))
    if code != 0:
        print(said)
        return None
    with open(output / "scores.csv", newline="", encoding="utf-8") as file:
        return {tuple(row[key] for key in PLACE): (float(row["value"]) if row["value"] else None, row["status"]) for row in csv.DictReader(file)}


def agree(ours, theirs):
    """Whether two engines' scores agree; prints those that do not to 1e-3."""
    if ours.keys() != theirs.keys():
        print("the two engines scored different maps")
        return False
    undefined = [place for place in ours if ours[place][1] != theirs[place][1]]
    apart = {place: abs(ours[place][0] - theirs[place][0]) for place in ours if place not in undefined and ours[place][0] is not None}
    far = {place: difference for place, difference in apart.items() if not difference <= CLOSE}
    for place in undefined:
        print(f"  {' '.join(place)}: {ours[place][1]} here, {theirs[place][1]} there")
    for place, difference in sorted(far.items(), key=lambda item: -item[1]):
        print(f"  {' '.join(place)}: {ours[place][0]:.4f} and {theirs[place][0]:.4f}, {difference:.1e} apart")
    allowed = int(SHARE * len(apart))
    print(f"cpu and torch:cpu, {len(apart)} scores: {len(far)} further apart than {CLOSE} ({allowed} may be), the furthest {max(apart.values()):.1e} (at most {TOLERABLE})")
    return not undefined and len(far) <= allowed and max(apart.values()) <= TOLERABLE


def cascade(root, folder):
    ours, theirs = (scores(root, folder, engine) for engine in ("cpu", "torch:cpu"))
    return ours is not None and theirs is not None and agree(ours, theirs)


def main():
    # An exit unwinds, and so removes the folder; the signal's default does not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sanitychecks-torch-"))
    output = None
    try:
        root = prepare(folder)
        build()
        passed, failed = conformance(root)

        # In the root folder what is written there is seen on both sides.
        output = pathlib.Path(tempfile.mkdtemp(prefix="sanitychecks-torch-", dir=root / "tmp" if root else folder))
        agrees = cascade(root, output)
        print(f"{passed + agrees} passed, {failed + (not agrees)} failed")
        return 0 if failed == 0 and agrees else 1
    except (Unavailable, debian_root.RootUnavailable) as reason:
        print(f"skipped: {reason}")
        print("0 passed, 0 failed")
        return 0
    finally:
        for made in filter(None, (output, folder)):
            shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
