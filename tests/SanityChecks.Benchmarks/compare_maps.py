"""How far maps are from double precision: ours, and beside them those of PyTorch in single precision.

    python3 compare_maps.py --images FOLDER --squeezenet FILE.safetensors [--engine cpu] [--count 100] [--cache DIR]
    python3 compare_maps.py --flat [--squeezenet FILE.safetensors]

For each method and network it counts the pictures whose map is further than 1e-4, 1e-3, 1e-2 and 1e-1 of its largest magnitude from the one that PyTorch computes in
double precision from the same input and weights, and the pixels that are exactly 0 there and not here. A map jumps where a ReLU or a pooling window decides by a
rounding error: counts grow in proportion to the error of the sums.

With --flat it draws pictures with flat ground, gradients, checkerboards and stripes, on which many sums are equal, and prints the lowest Spearman correlations of the maps
with those of our engine `reference` (sums in double precision, results in single) and with PyTorch's in double precision; beside the latter those of `reference` and of
PyTorch in single precision.

Networks: the bundled VGG16, and SqueezeNet 1.1 where --squeezenet names its weights. Needs Debian's python3-torch, python3-torchvision, python3-scipy, libopenblas0-pthread
(sums in double precision are slow without it), and a build of SanityChecks.csproj. Pictures are preprocessed by torchvision; ours are equal to the byte.
"""

import argparse
import json
import os
import struct
import subprocess
import tempfile

import numpy as np
import torch
import torchvision
from PIL import Image, ImageDraw
from scipy.stats import spearmanr

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PROGRAM = os.path.join(ROOT, "artifacts/bin/SanityChecks/debug/SanityChecks.dll")
BUNDLED = os.path.join(ROOT, "src/SanityChecks.Networks/WeightFiles/Bundled/vgg16_shapes.safetensors")
METHODS = ["gradient", "guided_backprop", "deconvnet"]
FAR = [1e-4, 1e-3, 1e-2, 1e-1]
SIZE = 224


def safetensors(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    types = {"F32": "<f4", "F16": "<f2"}
    return {name: torch.tensor(np.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]]).astype("f4").reshape(entry["shape"]))
            for name, entry in header.items()}


def vgg16(weights):
    """torchvision's VGG16 with the widths of the weights."""
    network = torchvision.models.VGG(torch.nn.Sequential(), init_weights=False)
    layers, channels = [], 3
    for width in [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0]:
        if width == 0:
            layers.append(torch.nn.MaxPool2d(2, 2))
        else:
            outputs = weights[f"features.{len(layers)}.weight"].shape[0]
            layers += [torch.nn.Conv2d(channels, outputs, 3, padding=1), torch.nn.ReLU()]
            channels = outputs
    network.features = torch.nn.Sequential(*layers)
    for index in (0, 3, 6):
        outputs, inputs = weights[f"classifier.{index}.weight"].shape
        network.classifier[index] = torch.nn.Linear(inputs, outputs)
    return network


def load(architecture, path):
    weights = safetensors(path)
    network = vgg16(weights) if architecture == "vgg16" else torchvision.models.squeezenet1_1()
    network.load_state_dict(weights)
    for module in network.modules():
        if isinstance(module, torch.nn.ReLU):
            module.inplace = False
    return network.eval().requires_grad_(False)


class Rule(torch.autograd.Function):
    """A ReLU whose gradient passes where it is positive, for guided_backprop where the input is, too."""

    @staticmethod
    def forward(context, value, method):
        context.method = method
        context.save_for_backward(value)
        return value.clamp(min=0)

    @staticmethod
    def backward(context, gradient):
        value, = context.saved_tensors
        gradient = gradient.clamp(min=0)
        return gradient * (value > 0) if context.method == "guided_backprop" else gradient, None


def input_gradient(network, image, target, method):
    relus = [module for module in network.modules() if isinstance(module, torch.nn.ReLU)]
    if method != "gradient":
        for module in relus:
            module.forward = lambda value: Rule.apply(value, method)
    image = image.clone().requires_grad_(True)
    gradient, = torch.autograd.grad(network(image)[0, target], image)
    if method != "gradient":
        for module in relus:
            del module.forward
    return gradient[0].numpy()


def prepared(path):
    resize = torchvision.transforms.Compose([torchvision.transforms.Resize(256), torchvision.transforms.CenterCrop(SIZE)])
    normalize = torchvision.transforms.Compose([torchvision.transforms.ToTensor(), torchvision.transforms.Normalize([.485, .456, .406], [.229, .224, .225])])
    return normalize(resize(Image.open(path).convert("RGB")))[None]


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def theirs(architecture, weights, paths, cache):
    """Maps of PyTorch in double and in single precision, {(stem, method): (double, single)}; files of the cache are used again."""
    os.makedirs(cache, exist_ok=True)
    single, maps = None, {}
    for path in paths:
        file = os.path.join(cache, f"{architecture}.{stem(path)}.npz")
        if not os.path.exists(file):
            if single is None:
                single, double = load(architecture, weights), load(architecture, weights).double()
            image = prepared(path)
            target = int(double(image.double()).argmax())
            arrays = {f"{method}.double": input_gradient(double, image.double(), target, method) for method in METHODS}
            arrays |= {f"{method}.single": input_gradient(single, image, target, method) for method in METHODS}
            np.savez_compressed(file, **arrays)
        with np.load(file) as arrays:
            maps |= {(stem(path), method): (arrays[f"{method}.double"], arrays[f"{method}.single"]) for method in METHODS}
    return maps


def ours(architecture, weights, paths, engine, folder):
    """{(stem, method): map}"""
    weights = "shapes" if weights == BUNDLED else weights
    subprocess.run(["dotnet", PROGRAM, "explain", *paths, "--architecture", architecture, "--weights", weights, "--methods", ",".join(METHODS), "--raw", "--engine", engine,
                    "--out", folder], check=True, stdout=subprocess.DEVNULL)
    return {(stem(path), method): np.load(os.path.join(folder, f"{stem(path)}.{method}.npy")) for path in paths for method in METHODS}


def count(label, method, pairs):
    distances = np.array([np.abs(exact - other.reshape(exact.shape)).max() / np.abs(exact).max() for exact, other in pairs])
    zeros = sum(int(((exact == 0) & (other.reshape(exact.shape) != 0)).sum()) for exact, other in pairs)
    print(f"{label:34} {method:16} {len(pairs):6} " + " ".join(f"{int((distances > far).sum()):7}" for far in FAR) + f"   {np.median(distances):.1e}  {distances.max():.1e} {zeros:10}", flush=True)


def photographs(networks, paths, engine, cache):
    print(f"PyTorch {torch.__version__}; maps further from double precision than a part of their largest magnitude")
    print(f"{'':34} {'method':16} images " + " ".join(f"{far:7.0e}" for far in FAR) + "    median    largest  not zero")
    for architecture, weights in networks:
        with tempfile.TemporaryDirectory() as folder:
            mine = ours(architecture, weights, paths, engine, folder)
        other = theirs(architecture, weights, paths, cache)
        for method in METHODS:
            pairs = [(other[key], mine[key]) for key in other if key[1] == method]
            count(f"{architecture}, ours ({engine})", method, [(double, map) for (double, _), map in pairs])
            count(f"{architecture}, PyTorch single", method, [(double, single) for (double, single), _ in pairs])


def drawn():
    """{name: picture}"""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    noise = np.kron(np.random.default_rng(1).integers(0, 256, (28, 28, 3)), np.ones((8, 8, 1)))
    inside = (((y - 100) / 70) ** 2 + ((x - 120) / 55) ** 2 < 1)[..., None]
    pictures = {f"object on {name}": np.where(inside, noise, color) for name, color in (("white", 255), ("black", 0), ("gray", [124, 116, 104]), ("red", [200, 30, 90]))}
    pictures |= {f"constant {value}": np.full((SIZE, SIZE), value) for value in (0, 128, 255)}
    pictures |= {"letterbox": np.where(((y >= 40) & (y < 180))[..., None], noise, 0), "pillarbox": np.where(((x >= 40) & (x < 170))[..., None], noise, 255)}
    pictures |= {"gradient across": x * 255 / 223, "gradient down": y * 255 / 223, "gradient diagonal": (x + y) * 255 / 446, "gradient other diagonal": (x - y + 223) * 255 / 446,
                 "gradient slow": 100 + x * 20 / 223, "gradient colors": np.stack([x * 255 / 223, y * 255 / 223, (x + y) * 255 / 446], -1)}
    pictures |= {f"checkerboard {size}": 255 * ((x // size + y // size) % 2) for size in (1, 2, 3, 7, 8, 16, 32, 56)}
    pictures |= {f"stripes {size}": 255 * (y // size % 2) for size in (2, 5, 8)} | {f"diagonal stripes {size}": 255 * ((x + y) // size % 2) for size in (2, 5, 8)}
    pictures |= {"steep stripes": 255 * ((2 * x + y) // 6 % 2), "one dot": np.where((x == 112) & (y == 112), 0, 255), "tiles": np.tile(noise[:56, :56], (4, 4, 1))}
    clip = Image.new("RGB", (SIZE, SIZE), "white")
    draw = ImageDraw.Draw(clip)
    draw.ellipse((50, 60, 150, 180), fill="red", outline="blue", width=4)
    draw.polygon([(160, 30), (200, 90), (130, 100)], fill="green")
    pictures["clip art"] = np.array(clip)
    return {name: np.stack([picture] * 3, -1) if picture.ndim == 2 else picture for name, picture in pictures.items()}


def flat(networks, engine):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, picture in drawn().items():
            paths.append(os.path.join(folder, name.replace(" ", "_") + ".png"))
            Image.fromarray(np.clip(np.round(picture), 0, 255).astype("u1")).save(paths[-1])
        for architecture, weights in networks:
            mine = ours(architecture, weights, paths, engine, os.path.join(folder, "ours"))
            reference = ours(architecture, weights, paths, "reference", os.path.join(folder, "reference"))
            other = theirs(architecture, weights, paths, os.path.join(folder, "theirs"))
            double, single = ({key: pair[part] for key, pair in other.items()} for part in (0, 1))
            for what, maps, exact in [(f"{engine} against reference", mine, reference), (f"{engine} against double precision", mine, double),
                                      ("reference against double precision", reference, double), ("PyTorch single against double precision", single, double)]:
                correlations(f"{architecture}, {what}", maps, exact)


def correlations(label, maps, exact):
    values = {}
    for key in exact:
        a, b = (one[key].reshape(-1, SIZE, SIZE).sum(0).ravel() for one in (exact, maps))
        values[key] = 1.0 if np.array_equal(a, b) else spearmanr(a, b)[0]
    below = sorted((value, *key) for key, value in values.items() if not value >= .9999)
    print(f"{label}: {len(values)} maps, lowest Spearman {min(values.values()):.6f}, below .9999: {len(below)}", flush=True)
    for value, name, method in below:
        print(f"  {name:24} {method:16} {value:.5f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", help="folder of photographs, searched through")
    parser.add_argument("--squeezenet", help="weights of SqueezeNet 1.1")
    parser.add_argument("--engine", default="cpu")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--cache", help="folder that keeps PyTorch's maps for the next time")
    parser.add_argument("--flat", action="store_true", help="drawn pictures against our engine reference and double precision")
    arguments = parser.parse_args()
    if not arguments.flat and not arguments.images:
        parser.error("either --images or --flat")
    networks = [("vgg16", BUNDLED)] + ([("squeezenet1_1", os.path.abspath(arguments.squeezenet))] if arguments.squeezenet else [])
    if arguments.flat:
        flat(networks, arguments.engine)
        return
    paths = sorted(os.path.join(where, name) for where, _, names in os.walk(os.path.abspath(arguments.images)) for name in names if name.lower().endswith((".jpeg", ".jpg", ".png")))
    with tempfile.TemporaryDirectory() as temporary:
        photographs(networks, paths[:arguments.count], arguments.engine, arguments.cache or temporary)


if __name__ == "__main__":
    main()
