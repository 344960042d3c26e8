using System.Collections.Frozen;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>The only globals of which something is made; there is no way from a name to code other than this list.</summary>
internal enum PickleGlobal
{
    /// <summary>collections.OrderedDict</summary>
    OrderedDict,

    /// <summary>collections.defaultdict, which trainers keep beside the weights.</summary>
    DefaultDict,

    /// <summary>dict, what a defaultdict makes; it is never called here.</summary>
    Dict,

    /// <summary>torch.Size, a tuple.</summary>
    Size,

    /// <summary>torch._utils._rebuild_tensor: a view of a storage, as PyTorch before 0.4 wrote it (torchvision's VGG files do).</summary>
    RebuildTensor,

    /// <summary>torch._utils._rebuild_tensor_v2: the same with requires_grad and hooks.</summary>
    RebuildTensorV2,

    /// <summary>torch._utils._rebuild_parameter: a tensor with requires_grad and hooks.</summary>
    RebuildParameter,

    /// <summary>torch.nn.parameter.Parameter: how PyTorch before 0.4 wrote a parameter.</summary>
    Parameter,

    /// <summary>torch.FloatStorage</summary>
    FloatStorage,

    /// <summary>torch.HalfStorage</summary>
    HalfStorage,

    /// <summary>torch.BFloat16Storage</summary>
    BFloat16Storage,

    /// <summary>torch.DoubleStorage</summary>
    DoubleStorage,

    /// <summary>torch.LongStorage</summary>
    LongStorage,

    /// <summary>torch.IntStorage</summary>
    IntStorage,

    /// <summary>torch.ShortStorage</summary>
    ShortStorage,

    /// <summary>torch.CharStorage</summary>
    CharStorage,

    /// <summary>torch.ByteStorage</summary>
    ByteStorage,

    /// <summary>torch.BoolStorage</summary>
    BoolStorage,
    ComplexFloatStorage,
    ComplexDoubleStorage,
}

/// <summary>Resolves the names in a pickle and applies the few functions among them.</summary>
internal static class PickleGlobals
{
    private const int LongestName = 100;

    // PyTorch's own limit is 64 axes; no weight has more than 5.
    private const int HighestRank = 16;

    private static readonly Dictionary<string, PickleGlobal> ByName = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = PickleGlobal.OrderedDict,
        ["collections.defaultdict"] = PickleGlobal.DefaultDict,
        ["builtins.dict"] = PickleGlobal.Dict,
        ["__builtin__.dict"] = PickleGlobal.Dict,
        ["torch.Size"] = PickleGlobal.Size,
        ["torch._utils._rebuild_tensor"] = PickleGlobal.RebuildTensor,
        ["torch._utils._rebuild_tensor_v2"] = PickleGlobal.RebuildTensorV2,
        ["torch._utils._rebuild_parameter"] = PickleGlobal.RebuildParameter,
        ["torch.nn.parameter.Parameter"] = PickleGlobal.Parameter,
        ["torch.FloatStorage"] = PickleGlobal.FloatStorage,
        ["torch.HalfStorage"] = PickleGlobal.HalfStorage,
        ["torch.BFloat16Storage"] = PickleGlobal.BFloat16Storage,
        ["torch.DoubleStorage"] = PickleGlobal.DoubleStorage,
        ["torch.LongStorage"] = PickleGlobal.LongStorage,
        ["torch.IntStorage"] = PickleGlobal.IntStorage,
        ["torch.ShortStorage"] = PickleGlobal.ShortStorage,
        ["torch.CharStorage"] = PickleGlobal.CharStorage,
        ["torch.ByteStorage"] = PickleGlobal.ByteStorage,
        ["torch.BoolStorage"] = PickleGlobal.BoolStorage,
        ["torch.ComplexFloatStorage"] = PickleGlobal.ComplexFloatStorage,
        ["torch.ComplexDoubleStorage"] = PickleGlobal.ComplexDoubleStorage,
    };

    // What trainers keep beside the weights: best scores, options, paths, dates, devices. A name here is a name and nothing else, and its
    // objects are left out.
    private static readonly FrozenSet<string> Inert = FrozenSet.Create(
        StringComparer.Ordinal,
        "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
        "numpy._core.multiarray._reconstruct", "numpy.dtype", "numpy.ndarray",
        "_codecs.encode", "argparse.Namespace", "collections.Counter", "collections.deque", "datetime.datetime", "datetime.date",
        "datetime.timedelta",
        "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
        "types.SimpleNamespace", "builtins.set", "__builtin__.set", "builtins.list", "__builtin__.list",
        "builtins.int", "__builtin__.int", "builtins.float", "__builtin__.float",
        "torch.device", "torch.float32", "torch.float16", "torch.bfloat16", "torch.float64");

    // Options of configuration libraries and of Lightning, whose classes are many.
    private static readonly string[] InertPackages =
        ["omegaconf.", "yacs.", "easydict.", "addict.", "ml_collections.", "lightning.", "lightning_fabric.", "lightning_utilities.",
            "pytorch_lightning."];

    /// <summary>The global of that name: a <see cref="PickleGlobal"/>, or an <see cref="InertGlobal"/> for what checkpoints hold beside the
    /// weights.</summary>
    /// <exception cref="WeightFileException">It is neither.</exception>
    public static object Resolve(string module, string name, string path, long at)
    {
        string full = $"{module}.{name}";
        if (ByName.TryGetValue(full, out PickleGlobal global))
        {
            return global;
        }

        if (Inert.Contains(full) || InertPackages.Any(package => full.StartsWith(package, StringComparison.Ordinal)))
        {
            return new InertGlobal(full);
        }

        string shown = string.Concat(full.Take(LongestName).Select(letter => char.IsControl(letter) ? '?' : letter));
        throw new WeightFileException(
            path, $"refused: the pickle asks for '{shown}', and only tensors are read from a pickle; {Cure(module)}", at);
    }

    private const string WholeModel =
        "this is a whole pickled model: save the model's state_dict() alone, torch.save(model.state_dict(), FILE)";

    // A class of __main__ is of the script that wrote the file, as models of one's own are. Where the name tells nothing the advice must
    // not be to load the file in Python: that would run what was refused here.
    private static string Cure(string module) => (module + ".").Split('.')[0] switch
    {
        "__main__" => WholeModel,
        "torch" or "torchvision" or "timm" when module.Contains(".nn.", StringComparison.Ordinal)
            || !module.StartsWith("torch.", StringComparison.Ordinal) =>
            WholeModel,
        _ => "where the model was trained, save its state_dict() alone, torch.save(model.state_dict(), FILE)",
    };

    /// <summary>The element type of a storage class, or null when the global is none.</summary>
    public static DType? StorageType(PickleGlobal global) => global switch
    {
        PickleGlobal.FloatStorage => DType.F32,
        PickleGlobal.HalfStorage => DType.F16,
        PickleGlobal.BFloat16Storage => DType.BF16,
        PickleGlobal.DoubleStorage => DType.F64,
        PickleGlobal.LongStorage => DType.I64,
        PickleGlobal.IntStorage => DType.I32,
        PickleGlobal.ShortStorage => DType.I16,
        PickleGlobal.CharStorage => DType.I8,
        PickleGlobal.ByteStorage => DType.U8,
        PickleGlobal.BoolStorage => DType.Bool,
        PickleGlobal.ComplexFloatStorage => DType.C64,
        PickleGlobal.ComplexDoubleStorage => DType.C128,
        _ => null,
    };

    /// <summary>What the call gives: an empty or filled dict, a tuple, or a tensor that is not read yet.</summary>
    /// <exception cref="WeightFileException">The arguments are not those that PyTorch writes, or a tensor exceeds its storage.</exception>
    public static object Call(PickleGlobal function, object?[] arguments, string path, long at) => (function, arguments) switch
    {
        (PickleGlobal.OrderedDict, []) => new PickleDict(),
        (PickleGlobal.DefaultDict, [] or [PickleGlobal.Dict or InertGlobal]) => new PickleDict(),
        (PickleGlobal.OrderedDict, [List<object?> pairs]) => FromPairs(pairs) ?? throw BadArguments(function, path, at),
        (PickleGlobal.Size, [object?[] sizes]) => sizes,
        (PickleGlobal.RebuildTensor, [StorageReference storage, long offset, object?[] sizes, object?[] strides]) =>
            View(storage, offset, sizes, strides, path, at),
        (PickleGlobal.RebuildTensorV2, [StorageReference storage, long offset, object?[] sizes, object?[] strides, bool, ..]) =>
            View(storage, offset, sizes, strides, path, at),
        (PickleGlobal.RebuildParameter, [TensorReference data, ..]) => data,
        (PickleGlobal.Parameter, [TensorReference data, ..]) => data,
        _ => throw BadArguments(function, path, at),
    };

    // Python 2 pickled an OrderedDict as its class called with a list of two-element lists.
    private static PickleDict? FromPairs(List<object?> pairs)
    {
        var dict = new PickleDict();
        foreach (object? pair in pairs)
        {
            switch (pair)
            {
                case List<object?> { Count: 2 } list:
                    dict.Items.Add(new(list[0], list[1]));
                    break;
                case object?[] { Length: 2 } tuple:
                    dict.Items.Add(new(tuple[0], tuple[1]));
                    break;
                default:
                    return null;
            }
        }

        return dict;
    }

    private static TensorReference View(StorageReference storage, long offset, object?[] sizes, object?[] strides, string path, long at)
    {
        if (sizes.Length != strides.Length || sizes.Length > HighestRank || !sizes.All(size => size is >= 0L and <= int.MaxValue)
            || !strides.All(stride => stride is >= 0L))
        {
            throw new WeightFileException(path, "the pickle describes a tensor of impossible sizes or strides", at);
        }

        try
        {
            long count = 1;
            long last = offset;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                long size = (long)sizes[axis]!;
                count = checked(count * size);
                last = checked(last + ((size - 1) * (long)strides[axis]!));
            }

            // An expanded view (stride 0) has more elements than its storage; a few bytes could then demand any amount of memory.
            if (offset < 0 || count > storage.ViewCount || (count > 0 && last >= storage.ViewCount))
            {
                throw new WeightFileException(path, $"the pickle describes a tensor of {count} elements that does not lie within its storage '{storage.Key}' of {storage.ViewCount}", at);
            }
        }
        catch (OverflowException error)
        {
            throw new WeightFileException(path, "the pickle describes a tensor of impossible sizes or strides", at, error);
        }

        return new TensorReference(
            storage, offset, [.. sizes.Select(size => (int)(long)size!)], [.. strides.Select(stride => (long)stride!)]);
    }

    private static WeightFileException BadArguments(PickleGlobal function, string path, long at) =>
        new(path, $"the pickle calls '{ByName.First(entry => entry.Value == function).Key}' with arguments that PyTorch does not write",
            at);
}
