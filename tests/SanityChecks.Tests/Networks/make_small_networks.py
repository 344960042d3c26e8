#!/usr/bin/python3
"""Writes small_networks.json: what PyTorch gives for narrow networks of every architecture on closed-form weights and images.

Debian packages python3-torch and python3-torchvision. For each network and image size: the logits of two images, and for the first image's
target the raw Grad-CAM of the last convolution's ReLU, the gradients of all biases, at every 23rd element those of all weights, and, at every 197th
element, the gradient, Guided Backprop and Deconvnet at the input. For the network with batch normalisation also, in training mode: logits,
gradients, and the running statistics after one batch.

With names of networks as arguments only those are measured; the others stay in the file as they are.
"""
import json
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torchvision
from torchvision.models.squeezenet import Fire
from torchvision.models.vgg import VGG, make_layers

WIDTH, HIDDEN, CLASSES, TARGET, STRIDE, WEIGHT_STRIDE = 6, 10, 5, 3, 197, 23
FIRST_SEEDS = {"vgg16_bn": 2, "vgg11_bn": 2, "resnet18": 3, "resnet50": 2, "resnet101": 2, "googlenet": 4, "inception_v3": 3}  # with 1, where the others begin, their maps are dead
SIZES = [(64, 64), (96, 80), (70, 61)]  # at the last, SqueezeNet has partial pooling windows
OTHER_SIZES = {"alexnet": [(64, 64), (96, 80), (99, 75)], "resnet34": [(64, 64)], "resnet101": [(64, 64)], "densenet121": [(64, 64)],
               "googlenet": [(64, 64), (75, 70)], "inception_v3": [(96, 107)], "efficientnet_b0": [(64, 64), (70, 61)], "mobilenet_v1": [(64, 64), (71, 62)],
               "lenet": [(28, 28)]}
CIFAR_SIZES = [(32, 32)]


def random(seed, axes, scale):
    """The same values as SmallNetworks.Values: a linear congruential generator, all steps at once."""
    count = int(np.prod(axes))
    powers = np.cumprod(np.full(count, 1664525, dtype=np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.concatenate(([1], powers[:-1])).astype(np.uint32), dtype=np.uint32)
    state = powers * np.uint32((seed * 747796405) & 0xFFFFFFFF) + sums * np.uint32(1013904223)
    return torch.from_numpy(((state >> 8).astype(np.float64) - (1 << 23)) / (1 << 23) * scale).float().reshape(tuple(axes))


def vgg(counts, batch_norm=False):
    configuration = [part for count in counts for part in [WIDTH] * count + ["M"]]
    network = VGG(make_layers(configuration, batch_norm), num_classes=CLASSES)
    network.classifier = nn.Sequential(
        nn.Linear(WIDTH * 49, HIDDEN), nn.ReLU(), nn.Dropout(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Dropout(), nn.Linear(HIDDEN, CLASSES))
    return network, "features", -2


def squeezenet():
    network = torchvision.models.squeezenet1_1(num_classes=CLASSES)
    for i, module in enumerate(network.features):
        if isinstance(module, Fire):
            network.features[i] = Fire(WIDTH if i == 3 else 2 * WIDTH, WIDTH, WIDTH, WIDTH)
        elif isinstance(module, nn.Conv2d):
            network.features[i] = nn.Conv2d(3, WIDTH, 3, stride=2)
    network.classifier[1] = nn.Conv2d(2 * WIDTH, CLASSES, 1)
    return network, "features", -1


def narrow(network, explained):
    """A network of torchvision with WIDTH channels behind every convolution, HIDDEN or CLASSES behind fully connected layers."""
    linear = [name for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    for name, module in list(network.named_modules()):
        parent, _, own = name.rpartition(".")
        if isinstance(module, nn.Conv2d):
            options = {key: getattr(module, key) for key in ("kernel_size", "stride", "padding", "dilation")}
            depthwise = module.groups > 1
            last = CLASSES if module.out_channels == 1000 else WIDTH
            other = nn.Conv2d(WIDTH, WIDTH, groups=WIDTH, bias=False, **options) if depthwise else nn.LazyConv2d(last, bias=module.bias is not None, **options)
        elif isinstance(module, nn.BatchNorm2d):
            other = nn.LazyBatchNorm2d(eps=module.eps)
        elif isinstance(module, nn.Linear):
            other = nn.LazyLinear(CLASSES if name == linear[-1] else HIDDEN)
        else:
            continue
        setattr(network.get_submodule(parent), own, other)
    network.eval()(torch.zeros(1, 3, 96, 96))
    return network, explained


def densenet():
    network, _ = narrow(torchvision.models.densenet121(), None)
    network.features.add_module("relu5", nn.ReLU())  # torchvision applies it as a function, where no hook reaches
    network.forward = lambda x: network.classifier(network.features(x).mean((2, 3)))
    return network, "features.relu5"


class CifarResNet(nn.Module):
    """He et al. 2016, section 4.2, with shortcuts of option A; names as in akamaster/pytorch_resnet_cifar10."""

    class Block(nn.Module):
        def __init__(self, inputs, width, stride):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
            self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
            self.stride, self.added, self.relu1, self.relu2 = stride, (width - inputs) // 2, nn.ReLU(), nn.ReLU()

        def forward(self, x):
            shortcut = nn.functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.added, self.added))
            return self.relu2(self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x))))) + shortcut)

    def __init__(self, depth, widths=(WIDTH, WIDTH, WIDTH), classes=CLASSES):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()
        inputs = widths[0]
        for stage, width in enumerate(widths, 1):
            blocks = []
            for i in range((depth - 2) // 6):
                blocks.append(self.Block(inputs, width, 2 if stage > 1 and i == 0 else 1))
                inputs = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.linear = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.relu(self.bn1(self.conv1(x))))))
        return self.linear(x.mean((2, 3)))


class BasicConv(nn.Module):
    """torchvision's BasicConv2d with its ReLU as a module, so that hooks reach it."""

    def __init__(self, of):
        super().__init__()
        self.conv, self.bn, self.relu = of.conv, of.bn, nn.ReLU()

    def forward(self, x):
        return self.relu(self.bn(self.conv(x)))


def inception(network, explained):
    for name, module in list(network.named_modules()):
        if type(module).__name__ == "BasicConv2d":
            parent, _, own = name.rpartition(".")
            setattr(network.get_submodule(parent), own, BasicConv(module))
    return narrow(network, explained)


class MobileNetV1(nn.Module):
    """TensorFlow slim's network; names as in google/mobilenet_v1_1.0_224."""

    class Layer(nn.Module):
        def __init__(self, inputs, outputs, kernel, stride, depthwise):
            super().__init__()
            self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, groups=inputs if depthwise else 1, bias=False)
            self.normalization, self.activation = nn.BatchNorm2d(outputs, eps=0.001), nn.ReLU6()

        def forward(self, x):
            (kernel, _), (stride, _) = self.convolution.kernel_size, self.convolution.stride
            sides = []
            for length in (x.shape[3], x.shape[2]):
                total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
                sides += [total // 2, total - total // 2]
            return self.activation(self.normalization(self.convolution(nn.functional.pad(x, sides))))

    def __init__(self, width=lambda published: WIDTH, classes=CLASSES):
        super().__init__()
        self.mobilenet_v1 = nn.Module()
        self.mobilenet_v1.conv_stem = self.Layer(3, width(32), 3, 2, False)
        strides, layers, published = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1], [], 32
        for i, stride in enumerate(strides):
            inputs, published = width(published), published * (2 if i == 0 or stride == 2 else 1)
            layers += [self.Layer(inputs, inputs, 3, stride, True), self.Layer(inputs, width(published), 1, 1, False)]
        self.mobilenet_v1.layer = nn.Sequential(*layers)
        self.classifier = nn.Linear(width(published), classes)

    def forward(self, x):
        return self.classifier(self.mobilenet_v1.layer(self.mobilenet_v1.conv_stem(x)).mean((2, 3)))


class LeNet(nn.Module):
    def __init__(self, convolutions=(WIDTH, WIDTH), hidden=(HIDDEN, HIDDEN), classes=CLASSES):
        super().__init__()
        self.conv1, self.relu1 = nn.Conv2d(1, convolutions[0], 5, padding=2), nn.ReLU()
        self.conv2, self.relu2 = nn.Conv2d(*convolutions, 5), nn.ReLU()
        self.fc1, self.relu3, self.fc2, self.relu4 = nn.Linear(convolutions[1] * 25, hidden[0]), nn.ReLU(), nn.Linear(*hidden), nn.ReLU()
        self.fc3 = nn.Linear(hidden[1], classes)

    def forward(self, x):
        pool = nn.functional.max_pool2d
        x = pool(self.relu2(self.conv2(pool(self.relu1(self.conv1(x)), 2))), 2)
        return self.fc3(self.relu4(self.fc2(self.relu3(self.fc1(x.flatten(1))))))


def networks():
    models = torchvision.models
    for name, counts in (("vgg16", [2, 2, 3, 3, 3]), ("vgg19", [2, 2, 4, 4, 4]), ("vgg13", [2, 2, 2, 2, 2]), ("vgg11", [1, 1, 2, 2, 2])):
        for suffix in ("", "_bn"):
            network, features, module = vgg(counts, batch_norm=suffix != "")
            yield name + suffix, network, f"{features}.{len(network.features) + module}"
    network, features, _ = squeezenet()
    yield "squeezenet1_1", network, "features.12"
    yield "squeezenet1_0", *narrow(models.squeezenet1_0(), "features.12")
    yield "alexnet", *narrow(models.alexnet(), "features.11")
    for name, last in (("resnet18", 1), ("resnet34", 2), ("resnet50", 2), ("resnet101", 2)):
        yield name, *narrow(getattr(models, name)(), f"layer4.{last}")
    yield "mobilenet_v2", *narrow(models.mobilenet_v2(), "features.18.2")
    yield "densenet121", *densenet()
    yield "mobilenet_v1", MobileNetV1(), "mobilenet_v1.layer.25"
    options = {"aux_logits": False, "transform_input": True, "init_weights": False}
    yield "googlenet", *inception(models.googlenet(**options), "inception5b")
    yield "inception_v3", *inception(models.inception_v3(**options), "Mixed_7c")
    yield "efficientnet_b0", *narrow(models.efficientnet_b0(), "features.8.2")
    yield "lenet", LeNet(), "relu2"
    for depth in (20, 32, 44, 56):
        yield f"resnet{depth}", CifarResNet(depth), f"layer3.{(depth - 2) // 6 - 1}"


def fill(network, first=1):
    with torch.no_grad():
        tensors = [item for item in network.state_dict().items() if not item[0].endswith("num_batches_tracked")]
        for index, (name, tensor) in enumerate(tensors):
            matrix, scale_of_norm, variance = tensor.dim() > 1, name.endswith("weight"), name.endswith("running_var")
            scale = float(np.sqrt(6 / tensor[0].numel())) if matrix else 0.5 if variance else 0.6 if scale_of_norm else 0.2
            tensor.copy_(random(index + first, tensor.shape, scale) + (1 if not matrix and (variance or scale_of_norm) else 0))
    for module in network.modules():
        if isinstance(module, (nn.ReLU, nn.ReLU6, nn.SiLU)):
            module.inplace = False
    return network.eval()


def rule(kind):
    def hook(module, grad_input, grad_output):
        source = grad_input[0] if kind == "guided" else grad_output[0]
        return (source.clamp(min=0),)
    return hook


def input_gradient(network, image, kind):
    hooks = [m.register_full_backward_hook(rule(kind)) for m in network.modules() if isinstance(m, (nn.ReLU, nn.ReLU6))] if kind != "plain" else []
    x = image.clone().requires_grad_(True)
    network(x)[:, TARGET].sum().backward()
    for hook in hooks:
        hook.remove()
    return x.grad


def numbers(tensor):
    return [float(f"{v:.7g}") for v in tensor.detach().flatten().tolist()]


def measured(network, module, height, width):
    channels = next(network.parameters()).shape[1]
    images = random(1000 + height, (2, channels, height, width), 2.0)
    kept = {}

    def keep(_, __, output):
        output.retain_grad()
        kept["activation"] = output

    hook = network.get_submodule(module).register_forward_hook(keep)
    logits = network(images)
    network.zero_grad()
    logits[0, TARGET].backward()
    hook.remove()
    activation = kept["activation"]
    alpha = activation.grad.mean(dim=(2, 3), keepdim=True)
    cam = (alpha * activation).sum(1).clamp(min=0)[0]
    assert (cam > 0).any(), "a dead map tests nothing"
    biases = [tensor.grad for name, tensor in network.named_parameters() if name.endswith("bias")]
    weights = [tensor.grad.flatten() for name, tensor in network.named_parameters() if name.endswith("weight")]
    result = {"height": height, "width": width, "logits": numbers(logits), "cam_shape": list(cam.shape), "grad_cam": numbers(cam),
              "bias_gradients": numbers(torch.cat(biases)),
              "weight_gradients": numbers(torch.cat(weights)[::WEIGHT_STRIDE])}
    for name, kind in [("gradient", "plain"), ("guided_backprop", "guided"), ("deconvnet", "deconvnet")]:
        gradient = input_gradient(network, images[:1], kind)
        assert gradient.abs().max() > 0
        result[name] = numbers(gradient.flatten()[::STRIDE])
    return result


def trained(network, height, width):
    """One batch in training mode; leaves the running statistics changed."""
    network.train()
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    logits = network(random(1000 + height, (2, 3, height, width), 2.0))
    network.zero_grad()
    logits[0, TARGET].backward()
    gradients = torch.cat([tensor.grad.flatten() for tensor in network.parameters()])
    statistics = torch.cat([tensor.flatten() for name, tensor in network.state_dict().items() if "running" in name])
    network.eval()
    return {"logits": numbers(logits), "gradients": numbers(gradients[::WEIGHT_STRIDE]), "running": numbers(statistics)}


def main():
    torch.manual_seed(0)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "small_networks.json")
    result = json.load(open(path)) if sys.argv[1:] else {}
    for name, network, module in networks():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        fill(network, FIRST_SEEDS.get(name, 1))
        sizes = CIFAR_SIZES if isinstance(network, CifarResNet) else OTHER_SIZES.get(name, SIZES)
        result[name] = [measured(network, module, h, w) for h, w in sizes]
        if name == "vgg16_bn":
            result[name][0]["training"] = trained(network, *SIZES[0])
        for entry in result[name]:
            print(name, entry["height"], entry["logits"], max(entry["grad_cam"]), max(map(abs, entry["gradient"])), max(map(abs, entry["guided_backprop"])), max(map(abs, entry["deconvnet"])))

    with open(path, "w") as file:
        json.dump(result, file)
        file.write("\n")


if __name__ == "__main__":
    main()
