using System.Buffers.Binary;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>Writes the safetensors format, the same bytes for the same weights.</summary>
internal static class SafetensorsWriter
{
    // The format asks for tensors aligned to 8 bytes; readers accept trailing spaces in the header for that.
    private const int Alignment = 8;

    private const int ChunkElements = 1 << 16;

    /// <summary>Writes a file that appears whole or not at all.</summary>
    public static void Write(string path, Weights weights, DType type, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(weights);
        if (type is not (DType.F32 or DType.F16))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Weights are written as F32 or F16.");
        }

        WholeFile.Write(path, stream =>
        {
            byte[] header = Header(weights, type, metadata);
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach ((string name, HostTensor tensor) in weights)
            {
                WriteValues(stream, name, tensor.Values, type);
            }
        });
    }

    private static byte[] Header(Weights weights, DType type, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(note => note.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, HostTensor tensor) in weights)
            {
                if (name == "__metadata__")
                {
                    throw new ArgumentException("A safetensors file cannot hold a tensor named '__metadata__'.", nameof(weights));
                }

                long end = offset + (tensor.Shape.Count * Elements.Size(type));
                json.WriteStartObject(name);
                json.WriteString("dtype", type.ToString());
                json.WriteStartArray("shape");
                foreach (int axis in tensor.Shape.Axes)
                {
                    json.WriteNumberValue(axis);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteValues(FileStream stream, string name, ReadOnlySpan<float> values, DType type)
    {
        int size = Elements.Size(type);
        byte[] chunk = new byte[ChunkElements * size];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> now = values[..Math.Min(ChunkElements, values.Length)];
            for (int i = 0; i < now.Length; i++)
            {
                if (type == DType.F32)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(chunk.AsSpan(size * i), now[i]);
                    continue;
                }

                var half = (Half)now[i];
                if (Half.IsInfinity(half) && float.IsFinite(now[i]))
                {
                    throw new ArgumentException(
                        $"The tensor '{name}' holds {now[i]:R}, which exceeds the range of F16 (65504).", nameof(values));
                }

                BinaryPrimitives.WriteHalfLittleEndian(chunk.AsSpan(size * i), half);
            }

            stream.Write(chunk, 0, now.Length * size);
            values = values[now.Length..];
        }
    }
}
