using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>Reads weight files of three formats, told apart by their content, and writes safetensors.</summary>
/// <remarks>
/// A weight file comes from anywhere, so nothing in it is trusted: sizes are checked against the file's length before memory is
/// taken, and a pickle can only build tensors (<see cref="PickleMachine"/>).
/// </remarks>
public static class WeightFile
{
    private const int HashChunk = 1 << 20;

    private static ReadOnlySpan<byte> ZipMagic => "PK\u0003\u0004"u8;

    // Protocol 2, then the ten-byte integer 0x1950a86a20f9469cfc6c: the pickle that opens every legacy stream.
    private static ReadOnlySpan<byte> LegacyMagic =>
        [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

    /// <summary>Reads every floating-point tensor of a weight file.</summary>
    /// <param name="path">A .safetensors file or a .pth of either torch.save format; the extension does not matter.</param>
    /// <returns>The tensors (all as 32-bit floats, in file order) and the file's SHA-256.</returns>
    /// <remarks>
    /// Storages are read straight into their arrays while a second thread hashes the same open file. In a .pth, the state dict may lie
    /// anywhere among what a trainer saved. Tensors of other types than floating point are left out, but refused where their names are
    /// those of weights.
    /// </remarks>
    /// <exception cref="WeightFileException">
    /// The file is absent or unreadable, its format is unknown, it is damaged or truncated, its pickle asks for anything but
    /// tensors, or a tensor has a type that no weight has.
    /// </exception>
    public static LoadedWeights Load(string path)
    {
        (LoadedWeights loaded, string sha256) = Hashed(path, stream => Read(stream, path));
        return loaded with { Sha256 = sha256 };
    }

    /// <summary>Writes weights as a safetensors file, which appears whole or not at all.</summary>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="weights">The tensors, written in their order.</param>
    /// <param name="type"><see cref="DType.F32"/> (exact) or <see cref="DType.F16"/> (rounded to nearest even).</param>
    /// <param name="metadata">Notes for the header; null for none.</param>
    /// <remarks>The same weights and notes give the same bytes: header keys stand in tensor order, notes in ordinal order.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    /// <exception cref="ArgumentException">A finite value is too large for F16, or a tensor is named <c>__metadata__</c>.</exception>
    public static void SaveSafetensors(
        string path, Weights weights, DType type = DType.F32, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(path, weights, type, metadata);

    /// <summary>Reads a file while a second thread hashes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads what stands in it.</param>
    /// <returns>What was read, and the file's SHA-256.</returns>
    /// <exception cref="WeightFileException">The file is absent, unreadable or truncated, or <paramref name="read"/> says so.</exception>
    internal static (T Read, string Sha256) Hashed<T>(string path, Func<FileStream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = RegularFile.OpenRead(path);
            SafeFileHandle handle = stream.SafeFileHandle;
            using var cancelHash = new CancellationTokenSource();
            Task<string> hash = Task.Run(() => Hash(handle, cancelHash.Token));
            try
            {
                return (read(stream), hash.GetAwaiter().GetResult());
            }
            finally
            {
                // The handle must outlive the thread that hashes it.
                cancelHash.Cancel();
                hash.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                    .Wait();
            }
        }
        catch (EndOfStreamException error)
        {
            throw new WeightFileException(path, "the file ends too early: it is truncated", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string reason = error is FileNotFoundException or DirectoryNotFoundException ? "there is no such weight file"
                : Directory.Exists(path) ? "this is a folder, not a weight file"
                : "the weight file cannot be read: " + error.Message;
            throw new WeightFileException(path, reason, inner: error);
        }
    }

    /// <summary>SHA-256 of a file: 64 lower-case hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static string Sha256(string path)
    {
        using FileStream stream = RegularFile.OpenRead(path);
        return Hash(stream.SafeFileHandle, CancellationToken.None);
    }

    /// <summary>All but the hash.</summary>
    private static LoadedWeights Read(FileStream stream, string path)
    {
        Span<byte> head = stackalloc byte[16];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (head.StartsWith(ZipMagic))
        {
            (Weights weights, string place) = TorchZip.Read(stream, path);
            return new LoadedWeights(weights, "", WeightFormat.TorchZip, new Dictionary<string, string>()) { StateDictPlace = place };
        }

        if (head.StartsWith(LegacyMagic))
        {
            (Weights weights, string place) = TorchLegacy.Read(stream, path);
            return new LoadedWeights(weights, "", WeightFormat.TorchLegacy, new Dictionary<string, string>()) { StateDictPlace = place };
        }

        if (head.Length > 8 && head[8] == '{')
        {
            (Weights weights, IReadOnlyDictionary<string, string> metadata) = Safetensors.Read(stream, path);
            return new LoadedWeights(weights, "", WeightFormat.Safetensors, metadata);
        }

        throw new WeightFileException(path, "this is neither a .safetensors file nor a .pth of torch.save: " + Describe(head), 0);
    }

    private static string Describe(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'<', ..] => "it looks like a web page; was the download redirected?",
        _ when head.StartsWith("version https://"u8) => "it is a pointer of Git LFS; fetch the file itself",
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] =>
            "it is an array of NumPy; a weight file names every tensor of the network",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "it is an HDF5 file, as Keras writes; save the PyTorch model's state_dict() instead",
        [0x1f, 0x8b, ..] => "it is compressed with gzip; unpack it first",

        // Protocol buffers: field 1 is ONNX's version, then comes field 2, who wrote it, or field 7 or 8, the graph or the operators.
        [0x08, > 0 and < 64, 0x12 or 0x3a or 0x42, ..] =>
            "it is an ONNX model; choose the architecture onnx",
        [0x80, _, ..] => "it is a pickle, but not one that torch.save wrote",
        _ => "it begins with the bytes " + Convert.ToHexStringLower(head),
    };

    private static string Hash(SafeFileHandle handle, CancellationToken cancel)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[HashChunk];
        long offset = 0;
        for (int read; (read = RandomAccess.Read(handle, chunk, offset)) > 0; offset += read)
        {
            cancel.ThrowIfCancellationRequested();
            sha.AppendData(chunk, 0, read);
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
