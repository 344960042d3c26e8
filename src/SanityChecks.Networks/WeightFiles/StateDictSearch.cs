namespace SanityChecks.Networks.WeightFiles;

/// <summary>Finds the state dict of a model in what a trainer saved: epochs, optimizers, options and random states lie beside it, and it
/// may lie anywhere among them.</summary>
internal static class StateDictSearch
{
    private const int DeepestNesting = 4;
    private const int ShownKeys = 8;
    private const int OfNoLayer = 1, OfOneLayer = 2, OfLayers = 3;

    // The keys that published checkpoints use: most trainers, PyTorch's own tutorial, torchvision's references, CIFAR's usual training
    // script, DeepSpeed. Where there are several models, such as an averaged one beside, the one under such a key is meant.
    private static readonly string[] UsualKeys =
        ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights", "params", "module"];

    /// <summary>The state dict: below the usual keys where there are some, else the only dict in the checkpoint whose tensors are named as
    /// a network's are.</summary>
    /// <param name="root">What the pickle described.</param>
    /// <param name="path">The file, for messages.</param>
    /// <returns>The dict, and the keys that lead to it with dots between; none where it is all that was saved.</returns>
    /// <exception cref="WeightFileException">There is no state dict, or there are several and nothing tells which is meant.</exception>
    public static (PickleDict Dict, string Place) Find(object? root, string path)
    {
        object? current = root;
        string place = "";
        for (int depth = 0; current is PickleDict outer
            && Array.Find(UsualKeys, name => outer.Find(name) is PickleDict) is { } key; depth++)
        {
            place = Within(place, key);
            current = depth < DeepestNesting
                ? outer.Find(key)
                : throw new WeightFileException(path, $"state dicts lie within state dicts more than {DeepestNesting} deep");
        }

        List<(string Place, PickleDict Dict, int Likeness)> found = [.. Search(current, place, DeepestNesting)];
        int best = found.Select(one => one.Likeness).DefaultIfEmpty().Max();
        return found.FindAll(one => one.Likeness == best) switch
        {
            [var only] => (only.Dict, only.Place),
            [] => throw new WeightFileException(path, current switch
            {
                PickleDict none => $"the file holds no state dict, a dict of tensors by their names; its keys: {Keys(none)}; save the model's state_dict() alone",
                _ => $"the file holds {Describe(current)} where a state dict was expected",
            }),
            var several => throw new WeightFileException(
                path, $"the file holds several state dicts: {string.Join(", ", several.Take(ShownKeys).Select(one => one.Place))}; save the one that is meant alone"),
        };
    }

    /// <summary>What a value is, for messages.</summary>
    public static string Describe(object? value) => value switch
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

    private static string Keys(PickleDict dict) => dict.Items.Count == 0
        ? "none"
        : string.Join(", ", dict.Items.Take(ShownKeys).Select(item => item.Key as string ?? Describe(item.Key)));

    private static string Within(string place, string key) => place.Length == 0 ? key : $"{place}.{key}";

    /// <summary>Every dict of tensors by their names, with how much it looks like a network's.</summary>
    private static IEnumerable<(string Place, PickleDict Dict, int Likeness)> Search(object? value, string place, int depth)
    {
        int likeness = value is PickleDict candidate ? Likeness(candidate) : 0;
        IEnumerable<(string Name, object? Value)> parts = value switch
        {
            _ when depth == 0 || likeness == OfLayers => [],
            PickleDict dict => dict.Items.Where(item => item.Key is string).Select(item => ((string)item.Key!, item.Value)),
            List<object?> list => list.Select((item, index) => ($"{index}", item)),
            object?[] tuple => tuple.Select((item, index) => ($"{index}", item)),
            _ => [],
        };
        IEnumerable<(string, PickleDict, int)> within = parts.SelectMany(part => Search(part.Value, Within(place, part.Name), depth - 1));
        return likeness == 0 ? within : within.Prepend((place, (PickleDict)value!, likeness));
    }

    /// <summary>0 without tensors; most where their names lead through layers, as <c>features.0.weight</c> does and neither an optimizer's
    /// <c>exp_avg</c> nor a loss's <c>class_weights</c>.</summary>
    private static int Likeness(PickleDict dict)
    {
        string[] names = [.. dict.Items.Where(item => item is { Key: string, Value: TensorReference }).Select(item => (string)item.Key!)];
        return names.Any(name => name.Contains('.', StringComparison.Ordinal)) ? OfLayers
            : names.Any(name => name.Contains("weight", StringComparison.Ordinal)) ? OfOneLayer
            : Math.Min(names.Length, OfNoLayer);
    }
}
