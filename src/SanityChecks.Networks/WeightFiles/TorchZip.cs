using System.IO.Compression;
using System.Text;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>
/// Reads the archive that torch.save writes since PyTorch 1.6: <c>NAME/data.pkl</c>, the pickled object, and <c>NAME/data/KEY</c>, the
/// elements of one storage each.
/// </summary>
internal static class TorchZip
{
    /// <summary>Reads the state dict of an archive.</summary>
    /// <exception cref="WeightFileException">The archive is damaged, is none of torch.save's, or its pickle asks for anything but
    /// tensors.</exception>
    public static (Weights Weights, string Place) Read(Stream stream, string path)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(archive, path);
        }
        catch (InvalidDataException error)
        {
            throw new WeightFileException(path, "the zip archive is damaged or truncated: " + error.Message, inner: error);
        }
    }

    private static (Weights Weights, string Place) Read(ZipArchive archive, string path)
    {
        ZipArchiveEntry pickle = archive.Entries.FirstOrDefault(entry => entry.Name == "data.pkl")
            ?? throw new WeightFileException(path, Described(archive));
        string root = pickle.FullName[..^pickle.Name.Length];
        if (archive.GetEntry(root + "constants.pkl") is not null)
        {
            throw new WeightFileException(
                path, "this is a TorchScript program, not a state dict; save the model's state_dict() with torch.save");
        }

        CheckByteOrder(archive.GetEntry(root + "byteorder"), path);
        var storages = new Dictionary<string, StorageReference>(StringComparer.Ordinal);
        object? content;
        using (Stream stream = pickle.Open())
        {
            content = PickleMachine.Read(new PickleBytes(stream, 0, Math.Min(pickle.Length, PickleMachine.LongestPickle), path), storages);
        }

        return StateDict.Read(content, storages, storage => Elements(archive, root, storage, path), path);
    }

    private static string Described(ZipArchive archive) =>
        archive.Entries.Any(entry => entry.Name.EndsWith(".npy", StringComparison.Ordinal))
            ? "this is an .npz of NumPy, not a .safetensors file or a .pth of torch.save; convert it with safetensors.numpy.save_file(dict(numpy.load(FILE)), 'weights.safetensors')"
            : archive.Entries.Any(entry => entry.FullName is "model.weights.h5" or "config.json")
                ? "this is a Keras archive, not a .safetensors file or a .pth of torch.save; only PyTorch's names and shapes of tensors are read"
                : "this zip archive holds no data.pkl, so torch.save did not write it; give the .pth or .safetensors file itself";

    private static float[] Elements(ZipArchive archive, string root, StorageReference storage, string path)
    {
        string name = $"{root}data/{storage.Key}";
        ZipArchiveEntry entry = archive.GetEntry(name)
            ?? throw new WeightFileException(path, $"the zip archive lacks the storage '{name}'");
        int size = WeightFiles.Elements.Size(storage.Type);
        long expected = storage.Count * size;

        // An entry that claims to be compressed is unpacked once to count what it really holds, before memory is taken for it.
        long real = entry.Length == entry.CompressedLength ? entry.Length : UnpackedLength(entry);
        if (entry.Length != expected || real != expected)
        {
            throw new WeightFileException(
                path, $"the storage '{name}' has {real} bytes where the pickle says {storage.Count} elements of {size}");
        }

        using Stream stream = entry.Open();
        return WeightFiles.Elements.Read(stream, storage.Type, (int)storage.Count);
    }

    private static long UnpackedLength(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] chunk = new byte[1 << 16];
        long length = 0;
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            length += read;
        }

        return length;
    }

    // Written since PyTorch 2.1; before, an archive had the byte order of its machine, which was little-endian everywhere that mattered.
    private static void CheckByteOrder(ZipArchiveEntry? entry, string path)
    {
        if (entry is null)
        {
            return;
        }

        byte[] text = new byte[16];
        using Stream stream = entry.Open();
        int length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (Encoding.ASCII.GetString(text, 0, length) != "little")
        {
            throw new WeightFileException(path, "the file was written on a big-endian machine");
        }
    }
}
