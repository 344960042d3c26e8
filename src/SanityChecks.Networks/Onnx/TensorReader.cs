using System.Globalization;
using Google.Protobuf;
using Onnx;
using SanityChecks.Compute;
using SanityChecks.Networks.WeightFiles;
using DataType = Onnx.TensorProto.Types.DataType;

namespace SanityChecks.Networks.Onnx;

/// <summary>Turns the format's tensors into constants, from the file's own bytes, its number fields, or files beside it.</summary>
/// <remarks>A tensor's declared size is compared with the bytes that are there before memory is taken for it. Specification: onnx.proto,
/// message TensorProto.</remarks>
internal sealed class TensorReader(ExternalFiles files)
{
    /// <summary>The values of a tensor.</summary>
    /// <param name="tensor">As in the file.</param>
    /// <exception cref="UnsupportedNodeException">It is not as specified, or of a type that is not read.</exception>
    /// <exception cref="WeightFileException">Its file beside the model may not be read or is too short.</exception>
    public Constant Read(TensorProto tensor)
    {
        Shape shape = ShapeOf(tensor);
        int count = (int)shape.Count;
        var type = (DataType)tensor.DataType;
        if (type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double)
        {
            return new Constant(new HostTensor(shape, Floats(tensor, type, count)), tensor.Name.Length > 0 ? tensor.Name : null);
        }

        return new Constant(shape, Integers(tensor, type, count));
    }

    private static Shape ShapeOf(TensorProto tensor)
    {
        long count = 1;
        int[] axes = new int[tensor.Dims.Count];
        for (int i = 0; i < axes.Length; i++)
        {
            long axis = tensor.Dims[i];
            if (axis is < 0 or > int.MaxValue || (axis > 0 && count > Array.MaxLength / axis))
            {
                throw Fault(tensor, $"has the impossible shape [{string.Join(", ", tensor.Dims.Take(8))}]");
            }

            axes[i] = (int)axis;
            count *= axis;
        }

        return new Shape(axes);
    }

    private float[] Floats(TensorProto tensor, DataType type, int count)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.RawData.Length > 0)
        {
            DType stored = type switch
            {
                DataType.Float => DType.F32,
                DataType.Float16 => DType.F16,
                DataType.Bfloat16 => DType.BF16,
                _ => DType.F64,
            };
            return Elements.Read(Bytes(tensor, (long)count * Elements.Size(stored)), stored, count);
        }

        switch (type)
        {
            case DataType.Float:
                Require(tensor, tensor.FloatData.Count, count);
                return [.. tensor.FloatData];
            case DataType.Double:
                Require(tensor, tensor.DoubleData.Count, count);
                return [.. tensor.DoubleData.Select(value => (float)value)];
            default:
                // Both 16-bit types are written as the low half of 32-bit integers.
                Require(tensor, tensor.Int32Data.Count, count);
                return [.. tensor.Int32Data.Select(bits => type == DataType.Float16
                    ? (float)BitConverter.UInt16BitsToHalf(unchecked((ushort)bits))
                    : BitConverter.UInt32BitsToSingle((uint)unchecked((ushort)bits) << 16))];
        }
    }

    private long[] Integers(TensorProto tensor, DataType type, int count)
    {
        int size = type switch
        {
            DataType.Int64 or DataType.Uint64 => 8,
            DataType.Int32 or DataType.Uint32 => 4,
            DataType.Int16 or DataType.Uint16 => 2,
            DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
            _ => throw Fault(
                tensor, $"has the type {type}; float, float16, bfloat16, double, integers and truth values are supported"),
        };
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External && tensor.RawData.Length == 0)
        {
            bool wide = type is DataType.Int64;
            bool unsigned = type is DataType.Uint64 or DataType.Uint32;
            Require(tensor, wide ? tensor.Int64Data.Count : unsigned ? tensor.Uint64Data.Count : tensor.Int32Data.Count, count);
            return wide ? [.. tensor.Int64Data] : unsigned ? [.. tensor.Uint64Data.Select(value => unchecked((long)value))]
                : [.. tensor.Int32Data.Select(value => (long)value)];
        }

        long length = (long)count * size;
        if (length > Array.MaxLength)
        {
            throw Fault(tensor, $"has {count} integers, more than are supported");
        }

        byte[] bytes = new byte[length];
        Bytes(tensor, length).ReadExactly(bytes);
        long[] values = new long[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> one = bytes.AsSpan(i * size, size);
            values[i] = type switch
            {
                DataType.Int64 or DataType.Uint64 => BitConverter.ToInt64(one),
                DataType.Int32 => BitConverter.ToInt32(one),
                DataType.Uint32 => BitConverter.ToUInt32(one),
                DataType.Int16 => BitConverter.ToInt16(one),
                DataType.Uint16 => BitConverter.ToUInt16(one),
                DataType.Int8 => (sbyte)one[0],
                _ => one[0],
            };
        }

        return values;
    }

    private Stream Bytes(TensorProto tensor, long length)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            return tensor.RawData.Length == length
                ? ByteStream(tensor.RawData)
                : throw Fault(tensor, $"of shape [{string.Join(", ", tensor.Dims)}] is given {tensor.RawData.Length} bytes, not {length}");
        }

        string? location = null;
        long offset = 0, given = length;
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = Number(tensor, entry);
                    break;
                case "length":
                    given = Number(tensor, entry);
                    break;
            }
        }

        return given == length
            ? files.At(location ?? throw Fault(tensor, "lies in a file beside the model that it does not name"), offset, length)
            : throw Fault(tensor, $"of shape [{string.Join(", ", tensor.Dims)}] is given {given} bytes, not {length}");
    }

    private static MemoryStream ByteStream(ByteString bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes.Memory, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToByteArray());

    private static long Number(TensorProto tensor, StringStringEntryProto entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Fault(tensor, $"has the {entry.Key} '{entry.Value}', which is no number");

    private static void Require(TensorProto tensor, int found, int count)
    {
        if (found != count)
        {
            throw Fault(tensor, $"of shape [{string.Join(", ", tensor.Dims)}] is given {found} values, not {count}");
        }
    }

    private static UnsupportedNodeException Fault(TensorProto tensor, string what) => new($"the tensor '{tensor.Name}' {what}");
}
