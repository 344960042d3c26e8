using System.Numerics;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>Interprets a pickle that describes tensors, and nothing else.</summary>
/// <remarks>
/// A pickle is a program for a stack machine that can call any Python function. This one knows the opcodes that torch.save emits
/// (protocols 2 to 5) and the globals of <see cref="PickleGlobals"/>, of which some give empty objects; every other opcode or global is
/// refused by name. It has no recursion, and its stack and memo are bounded. Opcodes: Python's pickletools.
/// </remarks>
internal sealed class PickleMachine
{
    /// <summary>The longest pickle that is read; VGG16's has 3 kB, a ResNet's with its optimizer less than a megabyte.</summary>
    public const long LongestPickle = 16 << 20;

    private const int DeepestStack = 1 << 20;
    private const int LargestMemo = 1 << 20;
    private const int LongestInteger = 255;

    private readonly PickleBytes bytes;
    private readonly Dictionary<string, StorageReference> storages;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private long at;

    private PickleMachine(PickleBytes bytes, Dictionary<string, StorageReference> storages)
    {
        this.bytes = bytes;
        this.storages = storages;
    }

    /// <summary>Reads one pickle, from its first byte to its STOP.</summary>
    /// <param name="bytes">Left behind the STOP.</param>
    /// <param name="storages">Every storage that the pickle names is added under its key.</param>
    /// <returns>The object described, of the kinds listed in PickleValues.cs.</returns>
    /// <exception cref="WeightFileException">The pickle is damaged, or asks for anything but tensors.</exception>
    public static object? Read(PickleBytes bytes, Dictionary<string, StorageReference> storages) =>
        new PickleMachine(bytes, storages).Run();

    private object? Run()
    {
        while (true)
        {
            at = bytes.Position;
            byte opcode = bytes.ReadByte();
            if (opcode == '.')
            {
                return Pop();
            }

            if (!PushConstant(opcode) && !BuildCollection(opcode) && !UseMemo(opcode))
            {
                Construct(opcode);
            }

            if (stack.Count > DeepestStack || marks.Count > DeepestStack || memo.Count > LargestMemo)
            {
                throw Damaged("the pickle needs more memory than any state dict");
            }
        }
    }

    private bool PushConstant(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'N': stack.Add(null); break;
            case 0x88: stack.Add(true); break;
            case 0x89: stack.Add(false); break;
            case (byte)'J': stack.Add((long)bytes.ReadInt32()); break;
            case (byte)'K': stack.Add((long)bytes.ReadByte()); break;
            case (byte)'M': stack.Add((long)bytes.ReadUInt16()); break;
            case 0x8a: PushInteger(bytes.ReadByte()); break;
            case 0x8b: PushInteger(bytes.ReadUInt32()); break;
            case (byte)'G': stack.Add(bytes.ReadDouble()); break;
            case (byte)'X' or (byte)'T': stack.Add(bytes.ReadText(bytes.ReadUInt32())); break;
            case 0x8c or (byte)'U': stack.Add(bytes.ReadText(bytes.ReadByte())); break;
            default: return false;
        }

        return true;
    }

    private bool BuildCollection(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': marks.Add(stack.Count); break;
            case (byte)')': stack.Add(Array.Empty<object?>()); break;
            case (byte)'t': stack.Add(PopToMark()); break;
            case 0x85: stack.Add(Pop(1)); break;
            case 0x86: stack.Add(Pop(2)); break;
            case 0x87: stack.Add(Pop(3)); break;
            case (byte)']': stack.Add(new List<object?>()); break;
            case (byte)'}': stack.Add(new PickleDict()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'s': SetItems(Pop(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            default: return false;
        }

        return true;
    }

    private bool UseMemo(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'q': memo[bytes.ReadByte()] = Top(); break;
            case (byte)'r': memo[bytes.ReadUInt32()] = Top(); break;
            case 0x94: memo[(uint)memo.Count] = Top(); break;
            case (byte)'h': Recall(bytes.ReadByte()); break;
            case (byte)'j': Recall(bytes.ReadUInt32()); break;
            default: return false;
        }

        return true;
    }

    private void Construct(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:
                byte protocol = bytes.ReadByte();
                if (protocol is < 2 or > 5)
                {
                    throw Damaged($"pickle protocol {protocol} is not read; 2 to 5 are");
                }

                break;
            case 0x95: // FRAME: a hint for buffering
                bytes.ReadBytes(8);
                break;
            case (byte)'c':
                stack.Add(PickleGlobals.Resolve(bytes.ReadLine(), bytes.ReadLine(), bytes.Path, at));
                break;
            case 0x93: // STACK_GLOBAL
                object?[] names = Pop(2);
                stack.Add(PickleGlobals.Resolve(names[0] as string ?? "?", names[1] as string ?? "?", bytes.Path, at));
                break;
            case (byte)'R' or 0x81: // REDUCE, NEWOBJ: both call what lies below the arguments
                stack.Add(Pop(2) switch
                {
                    [PickleGlobal function, object?[] arguments] => PickleGlobals.Call(function, arguments, bytes.Path, at),
                    [InertGlobal inert, object?[]] => new InertValue(inert.Name),
                    _ => throw Damaged("refused: the pickle calls something that is not a function"),
                });
                break;
            case (byte)'b': // BUILD: the _metadata of a state dict, the requires_grad of an old parameter; neither bears on the values
                Pop();
                if (Top() is not (PickleDict or TensorReference or InertValue))
                {
                    throw Damaged("refused: the pickle sets the state of an object that is neither a dict nor a tensor");
                }

                break;
            case (byte)'Q':
                stack.Add(Storage(Pop()));
                break;
            default:
                throw Damaged($"refused: the pickle uses the opcode {PickleOpcodes.Name(opcode)}, which no state dict needs");
        }
    }

    private StorageReference Storage(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal type, string key, string, long and >= 0 and var count, ..]
            || PickleGlobals.StorageType(type) is not DType element)
        {
            throw Damaged("the pickle names a storage in a way that PyTorch does not");
        }

        (long viewOffset, long viewCount) = (0, count);
        if (parts.Length == 6 && parts[5] is not null)
        {
            (viewOffset, viewCount) = parts[5] is object?[] view && view is [_, long offset and >= 0, long size and >= 0]
                && offset <= count - size
                ? (offset, size)
                : throw Damaged("the pickle names a part of a storage that does not lie within it");
        }

        var whole = new StorageReference(key, element, count, 0, count);
        if (!storages.TryAdd(key, whole) && storages[key] != whole)
        {
            throw Damaged($"the pickle gives the storage '{key}' two types or sizes");
        }

        return whole with { ViewOffset = viewOffset, ViewCount = viewCount };
    }

    private void PushInteger(uint length)
    {
        if (length > LongestInteger)
        {
            throw Damaged($"the pickle holds an integer of {length} bytes");
        }

        var value = new BigInteger(bytes.ReadBytes(length));
        stack.Add(value >= long.MinValue && value <= long.MaxValue ? (long)value : value);
    }

    private void Append(object?[] items)
    {
        if (Top() is InertValue)
        {
            return;
        }

        if (Top() is not List<object?> list)
        {
            throw Damaged("the pickle appends to something that is not a list");
        }

        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is InertValue)
        {
            return;
        }

        if (Top() is not PickleDict dict || items.Length % 2 != 0)
        {
            throw Damaged("the pickle sets items of something that is not a dict");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dict.Items.Add(new(items[i], items[i + 1]));
        }
    }

    private void Recall(uint index) =>
        stack.Add(
            memo.TryGetValue(index, out object? value)
                ? value
                : throw Damaged($"the pickle recalls the value {index}, which it never stored"));

    private object? Top() => stack.Count > Floor ? stack[^1] : throw Damaged("the pickle's stack is empty");

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        if (stack.Count - count < Floor)
        {
            throw Damaged("the pickle's stack is empty");
        }

        object?[] items = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw Damaged("the pickle's stack has no mark");
        }

        int count = stack.Count - marks[^1];
        object?[] items = Pop(count);
        marks.RemoveAt(marks.Count - 1);
        return items;
    }

    // What lies below the latest mark belongs to an outer collection.
    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    private WeightFileException Damaged(string reason) => new(bytes.Path, reason, at);
}
