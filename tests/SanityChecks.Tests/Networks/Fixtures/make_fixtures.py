"""Makes the weight files in this folder and expected.json, what PyTorch itself reads from them.

Run with Debian's python3 (python3-torch, 1.13). Every value is a multiple of 1/8 that bfloat16 holds exactly.
"""
import argparse
import collections
import datetime
import io
import json
import os
import pathlib
import pickle
import struct
import zipfile

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
expected = {}


def ramp(*shape, start=0):
    count = int(np.prod(shape))
    return ((torch.arange(count) + start - 7).float() / 8).reshape(shape)


def note(file, tensors):
    expected[file] = {
        name: {"shape": list(t.shape), "values": t.detach().float().flatten().tolist()}
        for name, t in tensors.items()
        if not name.endswith("num_batches_tracked")
    }


def save(name, obj, tensors=None, legacy=True, new=True):
    for suffix, zipped in (("legacy", False), ("zip", True)):
        if not (new if zipped else legacy):
            continue
        file = f"{name}-{suffix}.pth"
        path = os.path.join(HERE, file)
        torch.save(obj, path, _use_new_zipfile_serialization=zipped)
        if tensors is not None:
            note(file, tensors)
            if not isinstance(obj, Raw):
                read = torch.load(path)
                read = next((read[key] for key in ("state_dict", "model", "net", "model_state_dict", "model_state") if key in read), read)
                for key, value in tensors.items():
                    assert torch.equal(read[key], value), key


class Raw(dict):
    """Marks an object that torch.load of this version is not asked to read back."""


def plain(dtype):
    state = collections.OrderedDict()
    state["conv.weight"] = ramp(2, 1, 3, 3).to(dtype)
    state["conv.bias"] = ramp(2, start=20).to(dtype)
    state["bn.running_mean"] = ramp(2, start=5).to(dtype)
    state["bn.num_batches_tracked"] = torch.tensor(12)
    state["scale"] = torch.tensor(0.25).to(dtype)
    state["empty"] = torch.zeros(0, 3).to(dtype)
    return state


def safetensors(file, dtype, code, raw):
    tensors = plain(dtype)
    header, data = {"__metadata__": {"made_by": "make_fixtures.py"}}, b""
    for name, t in tensors.items():
        counter = name.endswith("num_batches_tracked")
        block = struct.pack("<q", int(t)) if counter else raw(t)
        header[name] = {"dtype": "I64" if counter else code, "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(block)]}
        data += block
    text = json.dumps(header).encode()
    with open(os.path.join(HERE, file), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
    note(file, tensors)


class Call:
    """Pickles as a call of a function, or of what is named like one, with a state to set."""

    def __init__(self, function, arguments, state=None):
        self.parts = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.parts


def old_style():
    """As PyTorch before 0.4 wrote its files: _rebuild_tensor, Parameter as a class with a state, OrderedDict from a list of pairs."""
    weight, mean = ramp(3, 2), ramp(2, start=3)
    tensor = lambda t: Call(torch._utils._rebuild_tensor, (t.storage(), t.storage_offset(), tuple(t.size()), tuple(t.stride())))
    parameter = Call(torch.nn.parameter.Parameter, (tensor(weight),), (True, False, collections.OrderedDict()))
    pairs = [["fc.weight", parameter], ["bn.running_mean", tensor(mean)]]
    torch.save(Call(collections.OrderedDict, (pairs,)), os.path.join(HERE, "old-legacy.pth"), _use_new_zipfile_serialization=False)
    note("old-legacy.pth", {"fc.weight": weight, "bn.running_mean": mean})


def wrappers(state):
    """Checkpoints as trainers write them: the state dict under a key of theirs, beside what else they keep."""
    extras = {
        "epoch": 3, "best_prec1": 91.5, "rng_state": torch.arange(16, dtype=torch.uint8), "mask": torch.tensor([True, False]),
        "int_step": torch.tensor(7, dtype=torch.int32), "short": torch.tensor([1], dtype=torch.int16), "char": torch.tensor([1], dtype=torch.int8),
        "history": collections.defaultdict(dict, {"loss": {"train": 0.5}}), "optimizer_state_dict": {"state": {}, "param_groups": [{"lr": 0.1, "betas": (0.9, 0.999)}]},
    }
    for key in ("model", "net", "model_state_dict", "model_state"):
        save(f"under-{key}", {**extras, key: state}, state, legacy=key == "net", new=key != "net")
    moments = {"state": {0: {"step": 4, "exp_avg": ramp(2), "exp_avg_sq": ramp(2)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}
    save("under-any", {"epoch": 3, "optim": moments, "loss": {"class_weights": ramp(3)}, "class_weights": ramp(2), "trained": {"generator": state}}, legacy=False)
    note("under-any-zip.pth", state)
    save("under-list", [3, state], legacy=False)
    note("under-list-zip.pth", state)
    save("refused-several", {"epoch": 3, "netG": state, "netD": {f"main.{name}": tensor for name, tensor in state.items()}}, legacy=False)
    among = [("epoch", 7), ("name", "tiny"), ("best", None), ("step", torch.tensor(3)), ("mask", torch.tensor([True, False])), ("index", torch.arange(4)),
             ("fourier", torch.ones(2, dtype=torch.complex64)), ("fourier_long", torch.ones(2, dtype=torch.complex128)), ("options", argparse.Namespace(lr=0.1))]
    save("among", collections.OrderedDict([*state.items(), *among]), state)
    averaged = collections.OrderedDict([("n_averaged", torch.tensor(4))] + [(f"module.{name}", tensor) for name, tensor in state.items()])
    save("averaged", averaged, {name: tensor for name, tensor in averaged.items() if name != "n_averaged"}, legacy=False)


def main():
    torch.manual_seed(0)
    for label, dtype in (("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16), ("f64", torch.float64)):
        save(label, plain(dtype), plain(dtype))
    safetensors("f32.safetensors", torch.float32, "F32", lambda t: t.numpy().astype("<f4").tobytes())
    safetensors("f16.safetensors", torch.float16, "F16", lambda t: t.numpy().astype("<f2").tobytes())
    safetensors("bf16.safetensors", torch.bfloat16, "BF16", lambda t: t.float().numpy().view("<u4").__rshift__(16).astype("<u2").tobytes())

    safetensors("f64.safetensors", torch.float64, "F64", lambda t: t.numpy().astype("<f8").tobytes())

    base = ramp(4, 3, 2)
    views = {
        "whole": base, "tied": base, "transposed": base.permute(2, 0, 1), "slice": base[1:3], "column": base[:, 1, :],
        "strided": base[::2, :, 1:], "one": base[3, 2, 1],
    }
    save("views", views, views)

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(ramp(2, 2)).square().sum().backward()
    optimizer.step()
    with torch.no_grad():
        for i, p in enumerate(model.parameters()):
            p.copy_(ramp(*p.shape, start=i))
    wrapped = collections.OrderedDict((f"module.{k}", v) for k, v in model.state_dict().items())
    wrapped._metadata = model.state_dict()._metadata
    save("checkpoint", {"epoch": 3, "arch": "tiny", "best": 0.5, "state_dict": wrapped, "optimizer": optimizer.state_dict()}, wrapped, legacy=False)
    save("parameters", dict(model.named_parameters()), dict(model.named_parameters()))
    wrappers(model.state_dict())
    old_style()

    with zipfile.ZipFile(os.path.join(HERE, "f32-zip.pth")) as source, \
            zipfile.ZipFile(os.path.join(HERE, "deflated-zip.pth"), "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)
    note("deflated-zip.pth", plain(torch.float32))

    # What trainers keep beside the weights.
    beside = {
        "state_dict": {"weight": ramp(2)}, "best_acc": np.float64(0.5), "args": argparse.Namespace(lr=0.1, tags=["a"]), "history": collections.defaultdict(list, {"loss": [1.0]}),
        "array": np.arange(3), "device": torch.device("cpu"), "path": pathlib.PurePosixPath("a/b"), "when": datetime.datetime(2020, 1, 2), "seen": collections.Counter("ab"),
        "queue": collections.deque([1, 2]), "dtype": torch.float32, "kinds": {1, 2}, "size": torch.Size([2, 3]),
    }
    save("beside", beside, beside["state_dict"])

    # Refused files. os.system pickles under the name of the module that defines it: posix.
    save("refused-system", {"weight": ramp(2), "payload": Call(os.system, ("true",))})
    save("refused-module", torch.nn.Linear(2, 2), legacy=False)
    save("refused-integers", {"weight": torch.arange(3)}, legacy=False)
    save("refused-empty", {"epoch": 3, "generator": {"seed": 4}}, new=False)
    script = os.path.join(HERE, "refused-script-zip.pth")
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), script)
    with zipfile.ZipFile(script) as source:
        kept = [(entry.filename, source.read(entry)) for entry in source.infolist() if not entry.filename.endswith(".debug_pkl")]  # which names this machine's folders
    with zipfile.ZipFile(script, "w") as target:
        for name, content in kept:
            target.writestr(zipfile.ZipInfo(name), content)
    np.savez(os.path.join(HERE, "refused.npz"), weight=ramp(2).numpy())
    torch.onnx.export(torch.nn.Linear(2, 2), ramp(1, 2), os.path.join(HERE, "refused.onnx"))
    with open(os.path.join(HERE, "expected.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")


main()
