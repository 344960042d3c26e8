using SanityChecks.Compute;

namespace SanityChecks.Saliency.Models.WeightFiles;

/// <summary>Finds a model's tensors in what a pickle described, and reads them.</summary>
internal static class StateDict
{
    private const int DeepestNesting = 4;
    private const int ShownKeys = 8;

    // Copies of overlapping views may exceed the file's data so many times; real state dicts tie a weight or two.
    private const int LargestExpansion = 16;

    // The keys that published checkpoints use: most trainers, PyTorch's own tutorial, torchvision's references, CIFAR's usual training script, DeepSpeed.
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights", "params", "module"];

    /// <summary>Whether a tensor of that name is BatchNorm's count of batches or an averaged model's count of models, integers that no inference uses.</summary>
    public static bool IsCounter(string name) => name.EndsWith("num_batches_tracked", StringComparison.Ordinal) || name == "n_averaged";

    /// <summary>Reads every tensor of a state dict.</summary>
    /// <param name="root">What the pickle described.</param>
    /// <param name="storages">Every storage named in it.</param>
    /// <param name="read">All elements of a storage as 32-bit floats.</param>
    /// <param name="path">The file, for messages.</param>
    /// <returns>
    /// The tensors in the dict's order. Names that stand for the same view share one tensor; a tensor that is its whole storage takes
    /// over the array without a copy.
    /// </returns>
    /// <exception cref="WeightFileException">There is no state dict, or it holds something else than floating-point tensors.</exception>
    public static Weights Read(object? root, IReadOnlyDictionary<string, StorageReference> storages, Func<StorageReference, float[]> read, string path)
    {
        List<KeyValuePair<string, TensorReference>> references = References(Unwrap(root, path), path);
        CheckExpansion(references, storages, path);
        var tensors = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (IGrouping<string, KeyValuePair<string, TensorReference>> group in references.GroupBy(reference => reference.Value.Storage.Key))
        {
            StorageReference storage = storages[group.Key];
            if (!Elements.IsFloat(storage.Type))
            {
                throw new WeightFileException(path, $"the tensor '{group.First().Key}' has the type {storage.Type}; weights are F32, F16, BF16 or F64");
            }

            if (storage.Count > Array.MaxLength)
            {
                throw new WeightFileException(path, $"the storage of '{group.First().Key}' has {storage.Count} elements, more than {Array.MaxLength}");
            }

            float[] values = read(storage);
            var made = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
            foreach ((string name, TensorReference reference) in group)
            {
                if (!made.TryGetValue(reference.Region, out HostTensor? tensor))
                {
                    made.Add(reference.Region, tensor = View(values, reference));
                }

                tensors.Add(name, tensor);
            }
        }

        return new Weights(references.Select(reference => KeyValuePair.Create(reference.Key, tensors[reference.Key])));
    }

    private static PickleDict Unwrap(object? root, string path)
    {
        object? current = root;
        for (int depth = 0; depth < DeepestNesting; depth++)
        {
            if (current is not PickleDict dict)
            {
                break;
            }

            object? inner = Wrappers.Select(dict.Find).FirstOrDefault(value => value is PickleDict);
            if (inner is null)
            {
                return dict;
            }

            current = inner;
        }

        throw new WeightFileException(path, current is PickleDict
            ? $"state dicts lie within state dicts more than {DeepestNesting} deep"
            : $"the file holds {Describe(current)} where a state dict was expected");
    }

    private static List<KeyValuePair<string, TensorReference>> References(PickleDict dict, string path)
    {
        if (!dict.Items.Exists(item => item.Value is TensorReference))
        {
            string keys = string.Join(", ", dict.Items.Take(ShownKeys).Select(item => item.Key as string ?? Describe(item.Key)));
            throw new WeightFileException(path, $"the file's dict holds no tensors, nor a state dict under one of '{string.Join("', '", Wrappers)}'; its keys: {(keys == "" ? "none" : keys)}; save the model's state_dict() alone");
        }

        var order = new List<string>();
        var tensors = new Dictionary<string, TensorReference>(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dict.Items)
        {
            if (key is not string name)
            {
                throw new WeightFileException(path, $"the state dict has a key that is not a name but {Describe(key)}");
            }

            if (value is TensorReference counted && !Elements.IsFloat(counted.Storage.Type) && IsCounter(name))
            {
                continue;
            }

            if (value is not TensorReference tensor)
            {
                // Modules may put any object of theirs under this name; it is never a weight.
                if (name.EndsWith("_extra_state", StringComparison.Ordinal))
                {
                    continue;
                }

                throw new WeightFileException(path, $"the state dict's '{name}' is not a tensor but {Describe(value)}");
            }

            if (!tensors.ContainsKey(name))
            {
                order.Add(name);
            }

            tensors[name] = tensor;
        }

        return order.ConvertAll(name => KeyValuePair.Create(name, tensors[name]));
    }

    private static void CheckExpansion(List<KeyValuePair<string, TensorReference>> references, IReadOnlyDictionary<string, StorageReference> storages, string path)
    {
        Int128 stored = 0;
        foreach (StorageReference storage in storages.Values)
        {
            stored += storage.Count;
        }

        Int128 viewed = 0;
        foreach ((_, TensorReference reference) in references)
        {
            viewed += reference.Count;
        }

        if (viewed > stored * LargestExpansion)
        {
            throw new WeightFileException(path, $"the state dict describes {viewed} elements over storages of {stored}");
        }
    }

    private static HostTensor View(float[] storage, TensorReference reference)
    {
        var shape = new Shape(reference.Sizes);
        if (reference.Count == 0)
        {
            return new HostTensor(shape, []);
        }

        int first = (int)(reference.Storage.ViewOffset + reference.Offset);
        int count = (int)shape.Count;
        if (IsContiguous(reference))
        {
            return new HostTensor(shape, first == 0 && count == storage.Length ? storage : storage.AsSpan(first, count).ToArray());
        }

        float[] values = GC.AllocateUninitializedArray<float>(count);
        int rank = reference.Sizes.Length;
        int[] index = new int[rank];
        long from = first;
        for (int to = 0; to < count; to++)
        {
            values[to] = storage[from];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += reference.Strides[axis];
                if (++index[axis] < reference.Sizes[axis])
                {
                    break;
                }

                from -= reference.Strides[axis] * index[axis];
                index[axis] = 0;
            }
        }

        return new HostTensor(shape, values);
    }

    private static bool IsContiguous(TensorReference reference)
    {
        long expected = 1;
        for (int axis = reference.Sizes.Length - 1; axis >= 0; axis--)
        {
            // The stride of an axis of one element is never used.
            if (reference.Sizes[axis] != 1 && reference.Strides[axis] != expected)
            {
                return false;
            }

            expected *= reference.Sizes[axis];
        }

        return true;
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        string => "a text",
        List<object?> => "a list",
        object?[] => "a tuple",
        PickleDict => "a dict",
        TensorReference => "a single tensor",
        StorageReference => "a bare storage",
        PickleGlobal or InertGlobal => "a class",
        InertValue inert => $"an object of the class {inert.Type}",
        _ => "a number",
    };
}
