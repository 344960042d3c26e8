using System.Buffers.Binary;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>
/// Reads the stream that torch.save wrote before PyTorch 1.6: four pickles (magic number, protocol version, description of the
/// machine, the object), a pickled list of storage keys, and in that order each storage as its element count (8 bytes) and its elements.
/// </summary>
internal static class TorchLegacy
{
    private const long ProtocolVersion = 1001;

    /// <summary>Reads the state dict of a stream that begins with the magic number.</summary>
    /// <exception cref="WeightFileException">The stream is damaged, or its pickle asks for anything but tensors.</exception>
    public static (Weights Weights, string Place) Read(Stream stream, string path)
    {
        var bytes = new PickleBytes(stream, 0, Math.Min(stream.Length, PickleMachine.LongestPickle), path);
        var storages = new Dictionary<string, StorageReference>(StringComparer.Ordinal);
        PickleMachine.Read(bytes, storages);
        if (PickleMachine.Read(bytes, storages) is not ProtocolVersion)
        {
            throw new WeightFileException(path, $"the stream's protocol is not {ProtocolVersion}", bytes.Position);
        }

        if (PickleMachine.Read(bytes, storages) is not PickleDict machine || machine.Find("little_endian") is not true)
        {
            throw new WeightFileException(path, "the file was written on a big-endian machine", bytes.Position);
        }

        object? root = PickleMachine.Read(bytes, storages);
        long keysAt = bytes.Position;
        if (PickleMachine.Read(bytes, storages) is not List<object?> keys)
        {
            throw new WeightFileException(path, "the list of storages is missing", keysAt);
        }

        Dictionary<string, long> places = Places(stream, bytes.Position, keys, storages, path);
        return StateDict.Read(root, storages, Elements, path);

        float[] Elements(StorageReference storage)
        {
            if (!places.TryGetValue(storage.Key, out long place))
            {
                throw new WeightFileException(path, $"the storage '{storage.Key}' is not in the list of storages", keysAt);
            }

            stream.Position = place;
            return WeightFiles.Elements.Read(stream, storage.Type, (int)storage.Count);
        }
    }

    private static Dictionary<string, long> Places(
        Stream stream, long start, List<object?> keys, Dictionary<string, StorageReference> storages, string path)
    {
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        Span<byte> countBytes = stackalloc byte[8];
        long place = start;
        foreach (object? key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out StorageReference? storage) || places.ContainsKey(name))
            {
                throw new WeightFileException(path, "the list of storages has an entry that is unknown or repeated", start);
            }

            stream.Position = place;
            stream.ReadExactly(countBytes);
            long count = BinaryPrimitives.ReadInt64LittleEndian(countBytes);
            if (count != storage.Count)
            {
                throw new WeightFileException(
                    path, $"the storage '{name}' has {count} elements where the pickle says {storage.Count}", place);
            }

            place += countBytes.Length;
            places.Add(name, place);
            int size = WeightFiles.Elements.Size(storage.Type);
            if (count > (stream.Length - place) / size)
            {
                throw new WeightFileException(
                    path, $"the file ends too early: it is truncated (the storage '{name}' needs {count} elements of {size} bytes)", place);
            }

            place += count * size;
        }

        return places;
    }
}
