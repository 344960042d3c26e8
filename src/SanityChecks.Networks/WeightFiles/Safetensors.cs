using System.Buffers.Binary;
using System.Text.Json;
using SanityChecks.Compute;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>Reads the safetensors format: the header's length (8 bytes, little-endian), a JSON header, the tensors' bytes.</summary>
/// <remarks>
/// As the format's specification demands, the tensors fill the bytes behind the header without gap or overlap. Tensors come in the
/// order of their bytes. Specification: github.com/huggingface/safetensors, README, section Format.
/// </remarks>
internal static class Safetensors
{
    private const string MetadataKey = "__metadata__";

    // The specification's own limit.
    private const long LargestHeader = 100_000_000;

    private static readonly Dictionary<string, DType> FloatTypes = new(StringComparer.Ordinal)
    {
        ["F32"] = DType.F32,
        ["F16"] = DType.F16,
        ["BF16"] = DType.BF16,
        ["F64"] = DType.F64,
    };

    private static readonly HashSet<string> OtherTypes = ["I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL", "C64"];

    private sealed record Entry(string Name, string Type, Shape Shape, long Begin, long End);

    /// <summary>Reads the tensors and the header's notes.</summary>
    /// <exception cref="WeightFileException">The header is not as specified, or a tensor has a type that no weight has.</exception>
    public static (Weights Weights, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream, string path)
    {
        Span<byte> lengthBytes = stackalloc byte[8];
        stream.ReadExactly(lengthBytes);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (headerLength > LargestHeader || (long)headerLength > stream.Length - 8)
        {
            throw new WeightFileException(path, $"the safetensors header claims {headerLength} bytes, but the file has {stream.Length - 8} left and 100000000 are allowed", 0);
        }

        byte[] header = new byte[headerLength];
        stream.ReadExactly(header);
        long dataStart = 8 + (long)headerLength;
        (List<Entry> entries, Dictionary<string, string> metadata) = Parse(header, path);
        CheckLayout(entries, stream.Length - dataStart, dataStart, path);
        var tensors = new List<KeyValuePair<string, HostTensor>>();
        foreach (Entry entry in entries)
        {
            if (OtherTypes.Contains(entry.Type))
            {
                StateDict.RequireNoWeight(entry.Name, entry.Type, path);
                continue;
            }

            long at = dataStart + entry.Begin;
            if (!FloatTypes.TryGetValue(entry.Type, out DType type))
            {
                throw new WeightFileException(
                    path, $"the tensor '{entry.Name}' has the type {entry.Type}; weights are F32, F16, BF16 or F64", at);
            }

            // The division keeps a forged shape from overflowing the multiplication.
            if ((entry.End - entry.Begin) % Elements.Size(type) != 0
                || (entry.End - entry.Begin) / Elements.Size(type) != entry.Shape.Count)
            {
                throw new WeightFileException(
                    path, $"the tensor '{entry.Name}' of shape {entry.Shape} and type {type} is given {entry.End - entry.Begin} bytes", at);
            }

            if (entry.Shape.Count > Array.MaxLength)
            {
                throw new WeightFileException(
                    path, $"the tensor '{entry.Name}' of shape {entry.Shape} is larger than {Array.MaxLength} elements", at);
            }

            stream.Position = at;
            tensors.Add(new(entry.Name, new HostTensor(entry.Shape, Elements.Read(stream, type, (int)entry.Shape.Count))));
        }

        return (new Weights(tensors), metadata);
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) Parse(byte[] header, string path)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 8 };
            using JsonDocument document = JsonDocument.Parse(header, options);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                {
                    throw new WeightFileException(path, $"the safetensors header names '{property.Name}' twice", 8);
                }

                if (property.Name == MetadataKey)
                {
                    foreach (JsonProperty note in property.Value.EnumerateObject())
                    {
                        metadata[note.Name] = note.Value.GetString() ?? "";
                    }
                }
                else
                {
                    entries.Add(ParseEntry(property, path));
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new WeightFileException(
                path, "the safetensors header is not the JSON that the format prescribes: " + error.Message, 8, error);
        }

        // A stable order: empty tensors begin where their neighbour does.
        return (entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList(), metadata);
    }

    private static Entry ParseEntry(JsonProperty property, string path)
    {
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        int[] axes = property.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32()).ToArray();
        long begin = offsets.GetArrayLength() == 2 ? offsets[0].GetInt64() : -1;
        if (begin < 0 || !TryShape(axes, out Shape shape))
        {
            throw new WeightFileException(
                path, $"the safetensors header gives the tensor '{property.Name}' an impossible shape or place", 8);
        }

        return new Entry(property.Name, property.Value.GetProperty("dtype").GetString() ?? "null", shape, begin, offsets[1].GetInt64());
    }

    private static bool TryShape(int[] axes, out Shape shape)
    {
        shape = default;
        if (axes.Any(axis => axis < 0))
        {
            return false;
        }

        shape = new Shape(axes);
        try
        {
            return shape.Count >= 0;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static void CheckLayout(List<Entry> entries, long dataLength, long dataStart, string path)
    {
        long end = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != end || entry.End < entry.Begin)
            {
                throw new WeightFileException(
                    path, $"the tensor '{entry.Name}' lies at {entry.Begin}..{entry.End}, where {end} is the next free byte", dataStart);
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            string reason = end > dataLength ? "the file ends too early: it is truncated" : "there are bytes behind the last tensor";
            throw new WeightFileException(
                path, $"{reason} (the header describes {end} bytes of tensors, the file has {dataLength})", dataStart);
        }
    }
}
