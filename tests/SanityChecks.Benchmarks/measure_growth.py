#!/usr/bin/env python3
"""Measures how an experiment's seconds and memory grow with the work, and where its time goes.

    python3 measure_growth.py growth [--rounds 3] [--only SERIES ...] [--quick] [--out FOLDER]   seconds and peak memory of whole runs, one thing growing at a time
    python3 measure_growth.py draw [--out FOLDER]                                              the drawing and the table anew, from growth.csv
    python3 measure_growth.py where [--config FILE] [--quick] [--verbose]                      where the processor time of one run goes

`growth` runs configs/cascade.yaml as a user does, process start and files included (the maps of three images), with more and more images, methods, randomized layers,
channels and processor cores, all else equal. The points of a series are measured in turn, once a round, and the medians count. Writes growth.csv and growth.svg
(results/growth by default) and prints a table in Markdown. With --only the rows of other series stay as they are in growth.csv. The image size is no series: every
preprocessing makes 224 x 224. Weights of wider networks are random, since they take as long as trained ones, and need 0.4 GB of disk while they are measured. A round
takes about a quarter of an hour on two cores at 2.5 GHz.

`where` runs the experiment once plainly, and once while its stacks are sampled; processor_time.py says how a sample is given to a part of the work.

Needs the .NET SDK; Debian's python3-numpy for the wider networks, python3-matplotlib for the drawing; for `where` Debian's linux-perf, and as a user other than root
/proc/sys/kernel/perf_event_paranoid of at most 1. Linux only. Builds SanityChecks.csproj in Release.
"""

import argparse
import csv
import importlib.util
import json
import os
import pathlib
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import typing

import processor_time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CASCADE = REPOSITORY / "configs/cascade.yaml"
PROGRAM = REPOSITORY / "artifacts/bin/SanityChecks/release/SanityChecks.dll"

# VGG16's layers in the order of a cascade: the logits first.
LAYERS = ["fc8", "fc7", "fc6", "conv5_3", "conv5_2", "conv5_1", "conv4_3", "conv4_2", "conv4_1", "conv3_3", "conv3_2", "conv3_1", "conv2_2", "conv2_1", "conv1_2", "conv1_1"]

# The bundled network: channels of its first block, and outputs of fc6 and fc7.
BUNDLED_CHANNELS, BUNDLED_HIDDEN = 12, 256

# Runs a command and prints what it took. A process of its own, because a child's peak begins with that of the process that it was forked from, and this script grows.
MEASURE = """
import json, os, sys, time
start = time.perf_counter()
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        os.execvp(sys.argv[1], sys.argv[1:])
    except OSError:
        os._exit(127)
_, status, usage = os.wait4(child, 0)
print(json.dumps({"status": os.waitstatus_to_exitcode(status), "seconds": time.perf_counter() - start, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024}))
"""


class Series(typing.NamedTuple):
    """One thing that grows."""

    axis: str                                   # the thing, with its unit
    fixed: str                                  # what stays as it is
    points: typing.List[int]
    settings: typing.Callable                   # a point and a folder for files -> overrides of the configuration
    unit: str                                   # one of the thing, in a formula
    cores: typing.Callable = lambda point: None  # how many processor cores the run gets; None for all


class Run(typing.NamedTuple):
    """What a whole process took."""

    seconds: float
    cpu: float   # processor seconds
    peak: float  # MiB of resident memory


class Row(typing.NamedTuple):
    """A line of growth.csv."""

    series: str
    x: int
    seconds: float
    peak_mib: float
    rounds: int


def build():
    # Compilers that stay in memory for the next build would be measured beside the program.
    command = ["dotnet", "build", str(REPOSITORY / "SanityChecks.csproj"), "-c", "Release", "-v:q", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"]
    subprocess.run(command, check=True, stdout=sys.stderr)


def program(config, folder, settings):
    """The command that runs a configuration into a folder."""
    overrides = [argument for setting in settings for argument in ("--set", setting)]
    return ["dotnet", str(PROGRAM), "--config", str(config), "--out", str(folder), *overrides]


def measured(command, cores=None):
    """Runs a command, on some of the processor cores if a number is given."""
    def bind():
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])

    taken = json.loads(subprocess.run([sys.executable, "-S", "-c", MEASURE, *command], check=True, stdout=subprocess.PIPE, text=True, preexec_fn=bind).stdout)
    if taken["status"] != 0:
        sys.exit(f"{' '.join(command)} ended with {taken['status']}")
    return Run(taken["seconds"], taken["cpu"], taken["peak"])


def methods():
    """The names of all methods, which the program lists where one is wrong."""
    said = subprocess.run(program(CASCADE, "unused", ["methods=[?]"]) + ["--dry-run"], capture_output=True, text=True).stderr
    names = re.search(r"allowed: (.*)", said)
    if not names:
        sys.exit(f"The program does not list its methods any more where methods=[?] is given; it says: {said}")
    return names[1].split(", ")


def vgg16(channels):
    """The shapes of a VGG16's weights with so many channels in the first block; fc6 and fc7 are to them as in the bundled network."""
    hidden, inputs, module = round(channels * BUNDLED_HIDDEN / BUNDLED_CHANNELS), 3, 0
    shapes = {}
    for convolutions, width in zip([2, 2, 3, 3, 3], [channels, 2 * channels, 4 * channels, 8 * channels, 8 * channels]):
        for _ in range(convolutions):
            shapes[f"features.{module}"] = (width, inputs, 3, 3)
            inputs, module = width, module + 2
        module += 1
    return {**shapes, "classifier.0": (hidden, inputs * 49), "classifier.3": (hidden, hidden), "classifier.6": (12, hidden)}


def write_random_vgg16(path, channels):
    """A safetensors file: the length of a JSON header in eight bytes, the header, and the values of all tensors one after another."""
    import numpy as np
    shapes = vgg16(channels)
    header, end = {}, 0
    for name, shape in shapes.items():
        for tensor, extent in ((f"{name}.weight", shape), (f"{name}.bias", shape[:1])):
            size = 4 * int(np.prod(extent))
            header[tensor] = {"dtype": "F32", "shape": extent, "data_offsets": [end, end + size]}
            end += size
    text = json.dumps(header).encode()
    random = np.random.default_rng(channels)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for shape in shapes.values():
            # He's initialisation keeps activations of one magnitude from layer to layer, so that no map dies.
            deviation = np.float32(np.sqrt(2 / np.prod(shape[1:])))
            (random.standard_normal(shape, dtype="<f4") * deviation).tofile(file)
            np.zeros(shape[0], "<f4").tofile(file)


def width_settings(channels, folder):
    path = folder / f"vgg16-{channels}.safetensors"
    if not path.exists():
        write_random_vgg16(path, channels)
    return ["images.count=4", f"model.weights={path}"]


def all_series(method_names):
    cores = len(os.sched_getaffinity(0))
    return {
        "images": Series("images", "3 methods, 16 layers", [10, 20, 50, 100, 200, 500], lambda count, _: [f"images.count={count}"], "image"),
        "methods": Series(
            f"methods, of the {len(method_names)} that there are", "20 images, 16 layers", sorted({*(n for n in (1, 2, 3, 5, 8, 12) if n < len(method_names)), len(method_names)}),
            lambda count, _: ["images.count=20", f"methods=[{','.join(method_names[:count])}]"], "method"),
        "layers": Series(
            "randomized layers, from the logits down", "20 images, 3 methods", [1, 2, 4, 8, 16],
            lambda count, _: ["images.count=20", f"randomization.layers=[{','.join(LAYERS[:count])}]"], "layer"),
        "width": Series("channels of the first block\n(bundled network: 12, VGG16: 64)", "4 images, 3 methods, 16 layers", [12, 24, 48, 64], width_settings, "channel"),
        "cores": Series(
            "processor cores", "20 images, 3 methods, 16 layers", sorted({*(2 ** n for n in range(cores.bit_length())), cores}), lambda _, __: ["images.count=20"], "core",
            lambda count: count),
    }


def quick(series):
    """As few points as a line takes, with as few images."""
    small = {"images": [2, 4]}
    return {
        name: one._replace(
            points=small.get(name, one.points[:2]),
            settings=lambda point, folder, one=one, name=name: [*one.settings(point, folder), *([] if name in small else ["images.count=2"])],
            fixed=re.sub(r"\d+ images", "2 images", one.fixed))
        for name, one in series.items()
    }


def processor():
    names = re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{names[0] if names else 'unnamed processor'}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the start"


def measure(name, series, rounds, folder):
    """The medians of a series, its points in turn."""
    runs = {point: [] for point in series.points}
    for turn in range(rounds):
        # Each direction in every other round, so that a machine that becomes slower meanwhile does not tilt the line.
        for point in series.points[::1 if turn % 2 == 0 else -1]:
            settings = series.settings(point, folder)
            with tempfile.TemporaryDirectory(dir=folder) as results:
                runs[point].append(measured(program(CASCADE, results, settings), series.cores(point)))
            took = runs[point][-1]
            print(f"round {turn + 1} of {rounds}: {name} {point}: {took.seconds:.2f} s, {took.cpu:.2f} s of processor time, {took.peak:.0f} MiB", file=sys.stderr, flush=True)
    return [
        Row(name, point, round(statistics.median(run.seconds for run in taken), 3), round(statistics.median(run.peak for run in taken), 1), rounds)
        for point, taken in runs.items()
    ]


def read(path):
    if not path.exists():
        return []
    with open(path, newline="") as file:
        return [Row(row["series"], int(row["x"]), float(row["seconds"]), float(row["peak_mib"]), int(row["rounds"])) for row in csv.DictReader(file)]


def write(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(rows)


def line(points, values):
    """The least-squares line: its value at 0 and its slope; None for two points, which any line meets."""
    if len(points) < 3:
        return None
    slope, start = statistics.linear_regression(points, values)
    return start, slope


def table(rows, series):
    """In Markdown, beside each value that of its series' line."""
    print("| what grows | all else equal | value | seconds | on the line | peak MiB | on the line |")
    print("|--|--|--:|--:|--:|--:|--:|")
    for name, one in series.items():
        mine = [row for row in rows if row.series == name]
        lines = [line([row.x for row in mine], values) for values in ([row.seconds for row in mine], [row.peak_mib for row in mine])]
        for row in mine:
            seconds, peak = (f"{fit[0] + fit[1] * row.x:.{digits}f}" if fit else "" for fit, digits in zip(lines, (1, 0)))
            print(f"| {' '.join(one.axis.split())} | {one.fixed} | {row.x} | {row.seconds:.1f} | {seconds} | {row.peak_mib:.0f} | {peak} |")


def draw(path, rows, series):
    """Small multiples: a column for each series, seconds above, peak memory below."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot, ticker
    pyplot.rcParams.update({
        "svg.hashsalt": "sanitychecks", "font.size": 12, "axes.titlesize": 13, "axes.spines.top": False, "axes.spines.right": False, "axes.labelcolor": "#333333",
    })
    shown = [name for name in series if any(row.series == name for row in rows)]
    figure, axes = pyplot.subplots(2, len(shown), figsize=(1.2 + 3.3 * len(shown), 7.6), squeeze=False, layout="constrained")
    most = max(row.rounds for row in rows)
    dots = f"medians of {most} runs" if most > 1 else "single runs"
    figure.suptitle(f"Seconds and memory of configs/cascade.yaml as one thing grows (dots: {dots}; lines: least squares)", fontsize=15)
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    for column, name in enumerate(shown):
        mine = [row for row in rows if row.series == name]
        points = [row.x for row in mine]
        axes[0][column].set_title(f"{name}\n", fontweight="bold")
        axes[0][column].text(0.5, 1.02, series[name].fixed, transform=axes[0][column].transAxes, ha="center", fontsize=11, color="#555555")
        axes[1][column].set_xlabel(series[name].axis)
        for axis, values, unit in ((axes[0][column], [row.seconds for row in mine], "s"), (axes[1][column], [row.peak_mib for row in mine], "MiB")):
            if fit := line(points, values):
                axis.plot([0, max(points)], [fit[0], fit[0] + fit[1] * max(points)], color="#999999", linewidth=1.5)
                formula = f"{fit[0]:.3g} {unit} {'+' if fit[1] >= 0 else '-'} {abs(fit[1]):.2g} {unit} per {series[name].unit}".replace("-", "\N{MINUS SIGN}")
                axis.text(0.03, 0.97, formula, transform=axis.transAxes, va="top", fontsize=11, color="#555555")
            axis.plot(points, values, "o", color="#1f5fa8", markersize=7, clip_on=False, zorder=3)
            # Room above the points for the formula.
            axis.set_xlim(0, max(points) * 1.05)
            axis.set_ylim(0, max(values) * 1.25)
            crowded = min((after - before for before, after in zip(points, points[1:])), default=0) < 0.05 * max(points)
            axis.xaxis.set_major_locator(ticker.MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]) if crowded else ticker.FixedLocator([0, *points]))
            axis.yaxis.set_major_locator(ticker.MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes[0][0].set_ylabel("seconds")
    axes[1][0].set_ylabel("peak memory (MiB)")
    figure.savefig(path, metadata={"Date": None, "Creator": "measure_growth.py"})


def growth(arguments):
    # Before a measurement that takes an hour, not after it.
    missing = [module for module in ("numpy", "matplotlib") if not importlib.util.find_spec(module)]
    if missing:
        sys.exit(f"This Python ({sys.executable}) has no {' and no '.join(missing)}: apt-get install python3-numpy python3-matplotlib, and run it with /usr/bin/python3")
    build()
    series = all_series(methods())
    out = arguments.out or REPOSITORY / ("results/growth-quick" if arguments.quick else "results/growth")
    chosen = [name for name in series if name in (arguments.only or series)]
    if arguments.quick:
        series = quick(series)
    out.mkdir(parents=True, exist_ok=True)
    machine = processor()
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        for name in chosen:
            rows = [row for row in read(out / "growth.csv") if row.series != name] + measure(name, series[name], 1 if arguments.quick else arguments.rounds, pathlib.Path(folder))
            write(out / "growth.csv", [row for other in series for row in rows if row.series == other])
    print(machine)
    show(out, series)


def show(out, series):
    rows = read(out / "growth.csv")
    if not rows:
        sys.exit(f"There is no {out / 'growth.csv'} with rows; the command growth writes it.")
    table(rows, series)
    draw(out / "growth.svg", rows, series)
    print(f"written: {out / 'growth.csv'}, {out / 'growth.svg'}", file=sys.stderr)


def where(arguments):
    if not shutil.which("perf"):
        sys.exit("Sampling takes perf: apt-get install linux-perf")
    build()
    settings = ["images.count=4"] if arguments.quick else []
    with tempfile.TemporaryDirectory(prefix="where-") as temporary:
        folder = pathlib.Path(temporary)
        plain = measured(program(arguments.config, folder / "plain", settings))
        processor_time.record(program(arguments.config, folder / "sampled", settings), folder / "perf.data")
        samples, process = processor_time.samples(folder / "perf.data")
    pathlib.Path(f"/tmp/perf-{process}.map").unlink(missing_ok=True)
    spent = processor_time.attributed(samples)
    total, wall, cores = sum(spent.by_category.values()), samples[-1].time - samples[0].time, len(os.sched_getaffinity(0))
    print(f"{processor()}; {arguments.config.name}{' with four images' if arguments.quick else ''}")
    for what, seconds, cpu in (("while sampled", wall, total), ("without sampling", plain.seconds, plain.cpu)):
        print(f"{what}: {seconds:.1f} s, {cpu:.1f} s of processor time, which is {100 * cpu / (seconds * cores):.0f} % of {cores} cores")
    print("\n| what | processor seconds | % |\n|--|--:|--:|")
    for category in processor_time.categories():
        print(f"| {category} | {spent.by_category[category]:.2f} | {100 * spent.by_category[category] / total:.1f} |")
    if arguments.verbose:
        print(f"\ngiven to a pass by the moment alone: {100 * spent.by_moment / total:.1f} %\nother, most first:{'' if spent.unnamed else ' nothing'}")
        for frames, seconds in spent.unnamed.most_common(20):
            print(f"{seconds:8.3f} s  {frames}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    grow = commands.add_parser("growth")
    grow.add_argument("--rounds", type=int, default=3)
    grow.add_argument("--only", nargs="+", metavar="SERIES", choices=["images", "methods", "layers", "width", "cores"], help="images, methods, layers, width, cores")
    grow.add_argument("--quick", action="store_true", help="two points of each series, two images, one round: whether it works")
    grow.add_argument("--out", type=pathlib.Path, help="folder; default: results/growth, with --quick results/growth-quick")
    again = commands.add_parser("draw")
    again.add_argument("--out", type=pathlib.Path, default=REPOSITORY / "results/growth")
    sampling = commands.add_parser("where")
    sampling.add_argument("--config", type=pathlib.Path, default=CASCADE)
    sampling.add_argument("--quick", action="store_true", help="four images: whether it works")
    sampling.add_argument("--verbose", action="store_true", help="also what was sampled in no category")
    arguments = parser.parse_args()
    if arguments.command == "growth":
        growth(arguments)
    elif arguments.command == "where":
        where(arguments)
    else:
        build()
        show(arguments.out, all_series(methods()))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} ended with {error.returncode}")
    except KeyboardInterrupt:
        sys.exit(130)
