#!/usr/bin/python3
"""Writes Fixtures/*.onnx: the narrow networks of make_small_networks.py as PyTorch exports them, and small graphs as other programs write them.

Debian packages python3-torch, python3-torchvision and python3-onnx. What PyTorch gives for the networks is in small_networks.json; what the other
graphs give is asked of ONNX Runtime by the tests.
"""
import io
import json
import os
import sys
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import convert_model_to_external_data

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(FOLDER))
import make_small_networks as small  # noqa: E402

FIXTURES = os.path.join(FOLDER, "Fixtures")
PRESERVE = torch.onnx.TrainingMode.PRESERVE
DYNAMIC = {"image": {0: "batch"}}

# name of the file: network, side of the images, arguments of the export
EXPORTS = {
    "resnet18-opset9": ("resnet18", 64, dict(opset_version=9)),
    "resnet18-dynamic": ("resnet18", 64, dict(opset_version=16, training=PRESERVE, dynamic_axes=DYNAMIC)),
    "squeezenet1_1-opset17": ("squeezenet1_1", 64, dict(opset_version=17, dynamic_axes={"image": {0: "batch", 2: "height", 3: "width"}})),
    "mobilenet_v2-opset13": ("mobilenet_v2", 64, dict(opset_version=13, do_constant_folding=False, dynamic_axes=DYNAMIC)),
    "resnet20-opset13": ("resnet20", 32, dict(opset_version=13, training=PRESERVE, dynamic_axes=DYNAMIC)),
    "resnet50-opset11": ("resnet50", 64, dict(opset_version=11)),
    "efficientnet_b0-opset14": ("efficientnet_b0", 64, dict(opset_version=14)),
    "googlenet-opset10": ("googlenet", 64, dict(opset_version=10, dynamic_axes=DYNAMIC)),
}


def exported(network, side, **arguments):
    stream = io.BytesIO()
    torch.onnx.export(network, torch.zeros(1, 3, side, side), stream, input_names=["image"], output_names=["logits"], **arguments)
    return onnx.load_from_string(stream.getvalue())


def save(model, name):
    onnx.checker.check_model(model)
    path = os.path.join(FIXTURES, name + ".onnx")
    onnx.save(model, path)
    print(name, os.path.getsize(path), [node.name for node in model.graph.node][:3])


def with_external_data(model):
    convert_model_to_external_data(model, location="resnet18-external.data", size_threshold=200, convert_attribute=False)
    path = os.path.join(FIXTURES, "resnet18-external.onnx")
    data = os.path.join(FIXTURES, "resnet18-external.data")
    if os.path.exists(data):
        os.remove(data)  # tensors would be written behind those that are there
    onnx.save(model, path)
    print("resnet18-external", os.path.getsize(path))


def in_half_precision(model):
    """Every tensor, the image and the logits as 16-bit floats."""
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name))
    for value in list(model.graph.input) + list(model.graph.output):
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
    del model.graph.value_info[:]
    return model


def values(seed, *axes, scale=1.0):
    return small.random(seed, axes, scale).numpy()


def graph(name, nodes, tensors, image, logits, opset):
    model = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("image", TensorProto.FLOAT, image)],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, logits)],
        [numpy_helper.from_array(np.ascontiguousarray(value), key) for key, value in tensors.items()])
    return helper.make_model(model, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)


def as_tensorflow_has_it():
    """Channels last outside, first inside, the number of images in a reshape, 1001 classes' softmax: what tf2onnx makes of a Keras network."""
    node = helper.make_node
    return graph("tensorflow", [
        node("Transpose", ["image"], ["t0"], "net/conv1/Conv2D__6", perm=[0, 3, 1, 2]),
        node("Conv", ["t0", "w1", "b1"], ["t1"], "net/block1_conv/Conv2D", auto_pad="SAME_LOWER", kernel_shape=[3, 3], strides=[1, 1]),
        node("Clip", ["t1", "zero", "six"], ["t2"], "net/block1_relu/Relu6"),
        node("MaxPool", ["t2"], ["t3"], "net/block1_pool/MaxPool", auto_pad="VALID", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["t3", "w2"], ["t4"], "net/block2_conv/Conv2D", group=6, pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
        node("Add", ["t4", "b2"], ["t5"], "net/block2_conv/BiasAdd"),
        node("Relu", ["t5"], ["t6"], "net/block2_relu/Relu"),
        node("Transpose", ["t6"], ["t7"], "net/pool/Mean__9", perm=[0, 2, 3, 1]),
        node("ReduceMean", ["t7"], ["t8"], "net/pool/Mean", axes=[1, 2], keepdims=0),
        node("Shape", ["image"], ["s0"], "net/reshape/Shape"),
        node("Cast", ["s0"], ["s1"], "net/reshape/Cast", to=TensorProto.INT64),
        node("Slice", ["s1", "i0", "i1"], ["s2"], "net/reshape/strided_slice"),
        node("Concat", ["s2", "minus"], ["s3"], "net/reshape/Concat", axis=0),
        node("Reshape", ["t8", "s3"], ["t9"], "net/reshape/Reshape"),
        node("MatMul", ["t9", "w3"], ["t10"], "net/predictions/MatMul"),
        node("Add", ["t10", "b3"], ["t11"], "net/predictions/BiasAdd"),
        node("Softmax", ["t11"], ["logits"], "net/predictions/Softmax"),
    ], {
        "w1": values(1, 6, 3, 3, 3, scale=.4), "b1": values(2, 6, scale=.2), "w2": values(3, 6, 1, 3, 3, scale=.8),
        "b2": values(4, 1, 6, 1, 1, scale=.2), "w3": values(5, 6, 5), "b3": values(6, 5), "zero": np.float32(0), "six": np.float32(6),
        "i0": np.array([0], np.int64), "i1": np.array([1], np.int64), "minus": np.array([-1], np.int64),
    }, ["batch", 32, 32, 3], ["batch", 5], 13)


def as_cntk_has_it():
    """Version 8: axes of 1 around the rows, a matrix behind a reshape that names one image, padding that no window reaches."""
    node = helper.make_node
    return graph("cntk", [
        node("Conv", ["image", "Parameter1"], ["c1"], "Convolution1", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 0, 0], auto_pad="NOTSET", dilations=[1, 1], group=1),
        node("BatchNormalization", ["c1", "s", "b", "m", "v"], ["n1"], "BatchNormalization2", epsilon=1e-5),
        node("Relu", ["n1"], ["r1"], "ReLU3"),
        node("MaxPool", ["r1"], ["p1"], "Pooling4", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 0, 0], auto_pad="NOTSET"),
        node("AveragePool", ["p1"], ["p2"], "Pooling5", kernel_shape=[8, 8], strides=[1, 1], pads=[0, 0, 0, 0], count_include_pad=0),
        node("Reshape", ["p2", "one_row"], ["f1"], "Reshape6"),
        node("Gemm", ["f1", "Parameter7", "Parameter8"], ["g1"], "Times7"),
        node("Dropout", ["g1"], ["d1"], "Dropout8", ratio=0.5),
        node("Reshape", ["d1", "row"], ["logits"], "Reshape9"),
    ], {
        "Parameter1": values(1, 6, 3, 3, 3, scale=.4), "s": 1 + values(2, 6, scale=.5), "b": values(3, 6, scale=.2), "m": values(4, 6, scale=.2),
        "v": 1 + values(5, 6, scale=.5), "Parameter7": values(6, 6, 5), "Parameter8": values(7, 5), "one_row": np.array([1, 6], np.int64),
        "row": np.array([-1, 5], np.int64),
    }, [1, 3, 32, 32], [1, 5], 8)


def with_scales():
    """What prepares the image, channels last, before the first layer, and a learned scale and shift behind it, on channels and on rows."""
    node = helper.make_node
    return graph("scales", [
        node("Sub", ["image", "mean"], ["p0"], "prepare/Sub"),
        node("Div", ["p0", "deviation"], ["p1"], "prepare/Div"),
        node("Transpose", ["p1"], ["t0"], "prepare/Transpose", perm=[0, 3, 1, 2]),
        node("Conv", ["t0", "w1"], ["c1"], "conv", pads=[0, 1, 2, 1], strides=[2, 1], dilations=[1, 2]),
        node("Mul", ["c1", "gamma"], ["s1"], "scale"),
        node("Add", ["s1", "beta"], ["s2"], "shift"),
        node("Mul", ["half", "s2"], ["s3"], "half"),
        node("LeakyRelu", ["s3"], ["r1"], "leaky", alpha=0.1),
        node("GlobalAveragePool", ["r1"], ["g1"], "gate_pool"),
        node("Conv", ["g1", "w2", "b2"], ["g2"], "gate_conv"),
        node("Sigmoid", ["g2"], ["g3"], "gate_sigmoid"),
        node("Mul", ["g3", "r1"], ["m1"], "gated"),
        node("MaxPool", ["m1"], ["p2"], "pool", kernel_shape=[2, 3], strides=[1, 2], pads=[0, 1, 1, 0]),
        node("ReduceMean", ["p2"], ["p3"], "mean", axes=[2, 3], keepdims=0),
        node("Sub", ["p3", "row"], ["p4"], "rows"),
        node("Gemm", ["p4", "w3", "b3"], ["logits"], "fc", transB=1, beta=2.0),
    ], {
        "mean": values(1, 3), "deviation": 2 + values(2, 3), "w1": values(3, 4, 3, 3, 3, scale=.4), "gamma": 1 + values(4, 1, 4, 1, 1, scale=.5),
        "beta": values(5, 4, 1, 1), "half": np.float32(.5), "w2": values(6, 4, 4, 1, 1), "b2": values(7, 4), "row": values(8, 4), "w3": values(9, 5, 4),
        "b3": values(10, 5),
    }, ["n", 20, 24, 3], ["n", 5], 12)


def with_tied_layers():
    """Two convolutions and two matrices that share initializers, one through an Identity as PyTorch writes it; nodes without names; no bias."""
    node = helper.make_node
    return graph("tied", [
        node("Identity", ["w"], ["same"]),
        node("Conv", ["image", "w0"], ["c0"], pads=[1, 1, 1, 1]),
        node("Conv", ["c0", "w", "b"], ["c1"], pads=[1, 1, 1, 1]),
        node("Relu", ["c1"], ["r1"]),
        node("Conv", ["r1", "same", "b"], ["c2"], pads=[1, 1, 1, 1]),
        node("Add", ["c2", "c1"], ["a2"]),
        node("GlobalAveragePool", ["a2"], ["p"]),
        node("Flatten", ["p"], ["f"]),
        node("MatMul", ["f", "m"], ["m1"]),
        node("Relu", ["m1"], ["m2"]),
        node("Gemm", ["m2", "m"], ["logits"], alpha=0.5),
    ], {"w0": values(1, 4, 3, 3, 3, scale=.5), "w": values(2, 4, 4, 3, 3, scale=.4), "b": values(3, 4, scale=.1), "m": values(4, 4, 4)},
        ["n", 3, 16, 16], ["n", 4], 15)


class Answers(torch.nn.Module):
    """An image and a question about it: three answers of four words each, [N, 3, 4], and how sure they are."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = torch.nn.Conv2d(3, 6, 3, stride=2), torch.nn.Conv2d(6, 8, 3)
        self.ask, self.join, self.sure = torch.nn.Linear(5, 8), torch.nn.Linear(16, 12), torch.nn.Linear(8, 2)

    def seen(self, image):
        return torch.relu(self.conv2(torch.relu(self.conv1(image))))

    def told(self, seen, question):
        mean = seen.mean((2, 3))
        asked = torch.tanh(self.ask(question))
        return self.join(torch.cat((mean * torch.sigmoid(asked), asked), 1)).reshape(-1, 3, 4), self.sure(mean)

    def forward(self, image, question):
        return self.told(self.seen(image), question)


def with_a_question():
    """Writes the network, a question, and what PyTorch gives for word 2 of answer 1: outputs, Grad-CAM of the second convolution's ReLU, gradient."""
    network, question = small.fill(Answers()), small.random(77, (1, 5), 1.0)
    stream = io.BytesIO()
    torch.onnx.export(network, (torch.zeros(1, 3, 24, 20), question), stream, input_names=["image", "question"], output_names=["answers", "sureness"],
                      opset_version=13, dynamic_axes={"image": {0: "batch"}, "question": {0: "batch"}, "answers": {0: "batch"}, "sureness": {0: "batch"}})
    folder = os.path.join(FIXTURES, "Question")
    os.makedirs(folder, exist_ok=True)
    save(onnx.load_from_string(stream.getvalue()), "Question/question")
    torch.save({"question": question}, os.path.join(folder, "question.pth"))
    image = small.random(7, (1, 3, 24, 20), 2.0).requires_grad_(True)
    seen = network.seen(image)
    seen.retain_grad()
    answers, sureness = network.told(seen, question)
    answers[0, 1, 2].backward()
    cam = (seen.grad.mean((2, 3), keepdim=True) * seen).sum(1).clamp(min=0)
    assert (cam > 0).any()
    with open(os.path.join(folder, "question.json"), "w") as file:
        json.dump({"answers": small.numbers(answers), "sureness": small.numbers(sureness), "grad_cam": small.numbers(cam),
                   "gradient": small.numbers(image.grad.flatten()[::17])}, file)
        file.write("\n")


def main():
    warnings.filterwarnings("ignore")
    torch.manual_seed(0)
    os.makedirs(FIXTURES, exist_ok=True)
    with_a_question()
    if sys.argv[1:] == ["question"]:
        return
    networks = {name: network for name, network, _ in small.networks()}
    for name, (network, side, arguments) in EXPORTS.items():
        save(exported(small.fill(networks[network], small.FIRST_SEEDS.get(network, 1)), side, **arguments), name)
    save(exported(small.fill(networks["vgg11_bn"], 2), 224, opset_version=14, training=PRESERVE, dynamic_axes=DYNAMIC), "vgg11_bn-opset14")
    whole = exported(small.fill(networks["resnet18"], 3), 64, opset_version=9)
    with_external_data(whole)
    save(in_half_precision(exported(small.fill(networks["resnet18"], 3), 64, opset_version=12)), "resnet18-float16")
    save(as_tensorflow_has_it(), "tensorflow")
    save(as_cntk_has_it(), "cntk")
    save(with_tied_layers(), "tied")
    save(with_scales(), "scales")


if __name__ == "__main__":
    main()
