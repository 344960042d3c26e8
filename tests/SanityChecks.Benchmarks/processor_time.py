"""Where a program's processor time goes: its stacks, sampled by Linux's perf, and the part of the work that each belongs to. measure_growth.py prints the table.

Each sample is given to the innermost method that one of the CATEGORIES names. A thread that helps with a product has no pass on its stack, and forward and backward passes
have their kernels in common: such a sample counts for the pass that another thread was in at that time. A garbage collection counts for whoever allocates.
"""

import bisect
import collections
import functools
import os
import re
import subprocess
import sys
import typing

# What a sample's time went to: the first category that names the innermost frame that any names. Frames are Namespace.Type::Method without "SanityChecks.", and
# "symbol library" of machine code without a method. Generic work such as Images.PngFile, LINQ or copying is named by none, so that the frames around it decide.
START = "process start, configuration, final table"
OTHER = "other"
CATEGORIES = [(name, re.compile(pattern)) for name, pattern in [
    ("compiling (JIT)", r"libclrjit\.so"),
    ("loading weights", r"^Networks\.(WeightFiles\.|TrainedNetwork)"),
    ("drawing and preparing images", r"^Images\.(Shapes|Sources)\.|^Images\.(Preprocessing|Normalization)\b|^Experiments\.Execution\.ExperimentRun::Fit"),
    ("drawing random weights", r"^Saliency\.Randomization\.|^Compute\.(RandomStream|NormalQuantile)\b"),
    ("transforming and packing filters", r"^Compute\.Cpu\.(WinogradFilters|PackedRows)\b"),
    ("forward passes", r"^Networks\.ForwardPass\b"),
    ("backward passes", r"^Networks\.BackwardPass\b"),
    ("maps from gradients, upsampling", r"^Saliency\.Attribution\.|^Experiments\.Execution\.BatchRun::(Explain|Logits|Targets)"),
    ("score: Spearman, both", r"^Saliency\.Similarity\.(Spearman|CenteredRanks)"),
    ("score: SSIM", r"^Saliency\.Similarity\.(Ssim|GaussianMoments)"),
    ("score: HOG", r"^Saliency\.Similarity\.Hog"),
    ("scores: what they share", r"^Saliency\.(Similarity\.|SaliencyMap)|^Experiments\.Execution\.BatchRun\b.*ScoreMap"),
    ("writing maps and grids", r"^Experiments\.Execution\.MapFolder|^Experiments\.Execution\.ExperimentRun::.*WriteGrids"),
    ("writing CSV, charts, manifest", r"^RunFiles\.|^Reporting\.|^MathNet\.|^Experiments\.Execution\.BatchRun::AddRows"),
]]
PASSES = {"forward passes", "backward passes", "maps from gradients, upsampling"}
ENGINE = re.compile(r"^Compute\.")

# Only where nothing above names a frame, for all that is left on the stack is how the thread came there.
THREADS = [(name, re.compile(pattern)) for name, pattern in [
    (OTHER, r"^(Saliency|Networks|Images|Experiments\.Execution\.(ExperimentRun|BatchRun))\b"),
    (START, r"^(Cli|Program|Experiments\.(Configuration|Execution\.Plan|Catalogue))\b|^System\.CommandLine\.|hostfxr|hostpolicy|ld-linux|^thread dotnet$"),
    ("compiling (JIT)", r"^thread \.NET Tiered"),
    ("collecting garbage, finalizing", r"^thread \.NET (BGC|Server GC|Finalizer|SynchManag|EventPipe|SigHandler)"),
    ("threads looking for work", r"^thread \.NET TP "),
]]


class Sample(typing.NamedTuple):
    time: float
    seconds: float        # of processor time that it stands for
    frames: typing.Tuple  # innermost first


@functools.lru_cache(maxsize=None)
def frame(symbol, library):
    """A frame's short name: a method's without its result and parameters."""
    if "::" not in symbol or not library.startswith("/tmp/perf-"):
        return f"{symbol} {library.rsplit('/', 1)[-1]}"
    type_name, method = symbol.split("::", 1)
    return f"{type_name.rsplit('] ', 1)[-1].removeprefix('SanityChecks.')}::{method.split('(', 1)[0]}"


def record(command, path):
    """Runs a command while its stacks are sampled."""
    # Stacks are found by frame pointers, which .NET keeps; 3 asks for the names of compiled methods alone, which perf looks for in /tmp.
    environment = {**os.environ, "DOTNET_PerfMapEnabled": "3", "DOTNET_EnableWriteXorExecute": "0"}
    said = subprocess.run(["perf", "record", "-e", "cpu-clock", "-F", "499", "-g", "-o", str(path), "--", *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if said.returncode != 0:
        sys.exit(f"perf record ended with {said.returncode}: {said.stderr.strip()}\n(A user other than root needs /proc/sys/kernel/perf_event_paranoid of at most 1.)")


def samples(path):
    """The samples of a recording, and the number of the process."""
    script = subprocess.Popen(["perf", "script", "-i", str(path), "-F", "comm,pid,tid,time,period,ip,sym,dso"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace")
    result, process = [], None
    for text in script.stdout:
        if head := re.match(r"(\S.*?)\s+(\d+)/(\d+)\s+([\d.]+):\s+(\d+)", text):
            thread, process, frames = head[1], head[2], []
            moment, seconds = float(head[4]), int(head[5]) / 1e9
        elif text.strip():
            symbol, library = text.strip().split(" ", 1)[1].rsplit(" (", 1)
            frames.append(frame(symbol, library.rstrip(")")))
        else:
            result.append(Sample(moment, seconds, (*frames, f"thread {thread}")))
    if script.wait() != 0 or not result:
        sys.exit("perf script could not read what perf record wrote.")
    return result, process


@functools.lru_cache(maxsize=None)
def named(name, threads=False):
    """The category that names a frame, or None."""
    return next((category for category, pattern in (THREADS if threads else CATEGORIES) if pattern.search(name)), None)


def pass_of(sample):
    """The pass that a sample's thread was in, or None; the packing of filters is in a pass, too."""
    return next((category for category in map(named, sample.frames) if category in PASSES), None)


class Attribution(typing.NamedTuple):
    """Seconds of processor time."""

    by_category: collections.Counter
    unnamed: collections.Counter  # of other, by the two innermost frames
    by_moment: float              # of helping threads, whose pass is known from the moment alone


def attributed(all_samples):
    passes = sorted((sample.time, category) for sample in all_samples if (category := pass_of(sample)))
    times = [time for time, _ in passes]

    def pass_at(time):
        after = bisect.bisect(times, time)
        return min(passes[max(0, after - 1):after + 1], key=lambda one: abs(one[0] - time))[1]

    seconds, unnamed, by_moment = collections.Counter(), collections.Counter(), 0.0
    for sample in all_samples:
        category = next(filter(None, map(named, sample.frames)), None)
        if category is None and passes and any(map(ENGINE.search, sample.frames)):
            category = pass_at(sample.time)
            by_moment += sample.seconds
        category = category or next(filter(None, (named(name, threads=True) for name in sample.frames)), OTHER)
        seconds[category] += sample.seconds
        if category == OTHER:
            unnamed[" < ".join(sample.frames[:2])] += sample.seconds
    return Attribution(seconds, unnamed, by_moment)


def categories():
    """All of them, in the order of a table."""
    return list(dict.fromkeys([START, *(name for name, _ in CATEGORIES), *(name for name, _ in THREADS if name != OTHER), OTHER]))
