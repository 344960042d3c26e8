using SanityChecks.Compute;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>Reads the tensors of a model that a pickle described.</summary>
internal static class StateDict
{
    // Copies of overlapping views may exceed the file's data so many times; real state dicts tie a weight or two.
    private const int LargestExpansion = 16;

    /// <summary>Refuses integers under a weight's name, which a quantized network has; other integers, such as BatchNorm's count of
    /// batches, are passed over.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">The file's word for its type.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="WeightFileException">The name ends like a weight's or a bias's.</exception>
    public static void RequireNoWeight(string name, string type, string path)
    {
        if (name.EndsWith("weight", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal))
        {
            throw new WeightFileException(path, $"the tensor '{name}' has the type {type}; weights are F32, F16, BF16 or F64");
        }
    }

    /// <summary>Reads every floating-point tensor of a state dict.</summary>
    /// <param name="root">What the pickle described.</param>
    /// <param name="storages">Every storage named in it.</param>
    /// <param name="read">All elements of a storage as 32-bit floats.</param>
    /// <param name="path">The file, for messages.</param>
    /// <returns>
    /// The tensors in the dict's order. Names that stand for the same view share one tensor; a tensor that is its whole storage takes
    /// over the array without a copy. With them the place of the state dict, as <see cref="StateDictSearch.Find"/> gives it.
    /// </returns>
    /// <exception cref="WeightFileException">There is no state dict, or a weight in it is not of floating point.</exception>
    public static (Weights Weights, string Place) Read(
        object? root, IReadOnlyDictionary<string, StorageReference> storages, Func<StorageReference, float[]> read, string path)
    {
        (PickleDict dict, string place) = StateDictSearch.Find(root, path);
        List<KeyValuePair<string, TensorReference>> references = References(dict, path);
        CheckExpansion(references, storages, path);
        var tensors = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (IGrouping<string, KeyValuePair<string, TensorReference>> group in references.GroupBy(
            reference => reference.Value.Storage.Key))
        {
            StorageReference storage = storages[group.Key];
            if (storage.Count > Array.MaxLength)
            {
                throw new WeightFileException(
                    path, $"the storage of '{group.First().Key}' has {storage.Count} elements, more than {Array.MaxLength}");
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

        return (new Weights(references.Select(reference => KeyValuePair.Create(reference.Key, tensors[reference.Key]))), place);
    }

    /// <summary>The floating-point tensors by their names. Whatever else a state dict holds (counters, masks, an epoch that a trainer put
    /// among them) is no weight.</summary>
    private static List<KeyValuePair<string, TensorReference>> References(PickleDict dict, string path)
    {
        var order = new List<string>();
        var tensors = new Dictionary<string, TensorReference>(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dict.Items)
        {
            if (key is not string name || value is not TensorReference tensor)
            {
                continue;
            }

            if (!Elements.IsFloat(tensor.Storage.Type))
            {
                RequireNoWeight(name, tensor.Storage.Type.ToString(), path);
                continue;
            }

            if (!tensors.ContainsKey(name))
            {
                order.Add(name);
            }

            tensors[name] = tensor;
        }

        return order.ConvertAll(name => KeyValuePair.Create(name, tensors[name]));
    }

    private static void CheckExpansion(
        List<KeyValuePair<string, TensorReference>> references, IReadOnlyDictionary<string, StorageReference> storages, string path)
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
}
