using System.Globalization;

namespace SanityChecks.Experiments.Configuration;

/// <summary>One section while it is read: typed values by key, a problem for each value that does not fit, and the keys that were asked
/// for.</summary>
/// <remarks>A value that does not fit counts as its default, so that reading goes on and finds every problem. Asking for a key is what
/// makes it a valid key.</remarks>
internal sealed class ConfigSection(ConfigMap map, string path, ConfigProblems problems, Dictionary<string, Place> places)
{
    private readonly List<string> keys = [];

    public string Path { get; } = path;

    /// <summary>The valid keys, in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Keys => keys;

    /// <summary>What is written in the section.</summary>
    public IReadOnlyList<ConfigEntry> Entries => map.Entries;

    /// <summary>Where the value of a key is written; where the section begins, if the key is absent.</summary>
    public Place PlaceOf(string key) => map.Find(key)?.Value.Place ?? map.Place;

    /// <summary>Makes every key that is written here a valid one, where nothing tells which are.</summary>
    public void AllowAll() => keys.AddRange(map.Entries.Select(entry => entry.Key).Except(keys));

    /// <summary>The full name of a key of this section.</summary>
    public string Full(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>A section below; nothing there, or nothing after the colon, is a section with every default.</summary>
    public ConfigSection Section(string key)
    {
        ConfigNode? node = Find(key);
        if (node is not (null or ConfigMap or ConfigScalar { IsNull: true }))
        {
            problems.Add(node.Place, Full(key), $"must be a section of keys, not {node.Description}");
        }

        ConfigMap below = node as ConfigMap ?? new ConfigMap(map.Place, []);
        return new ConfigSection(below, Full(key), problems, places);
    }

    /// <summary>Whether a section is written under a key.</summary>
    public bool IsSection(string key) => map.Find(key)?.Value is ConfigMap;

    /// <summary>The sections of a list, each with keys of its own; none where the key is absent or empty.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What the value must be, for example "must be a list of stages".</param>
    public IReadOnlyList<ConfigSection> Sections(string key, string what)
    {
        ConfigNode? node = Find(key);
        if (node is not (null or ConfigList or ConfigScalar { IsNull: true }))
        {
            problems.Add(node.Place, Full(key), $"{what}; it is {node.Description}");
        }

        var sections = new List<ConfigSection>();
        foreach (ConfigNode item in (node as ConfigList)?.Items ?? [])
        {
            if (item is ConfigMap below)
            {
                sections.Add(new ConfigSection(below, Full(key), problems, places));
            }
            else
            {
                problems.Add(item.Place, Full(key), $"{what}; an entry is {item.Description}");
            }
        }

        return sections;
    }

    /// <summary>As <see cref="Sections"/>; a name alone is a section with that name, and one entry alone is a list of one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What the value must be, for example "must be a list of methods".</param>
    /// <param name="mayBeEmpty">Whether the list may have no entry.</param>
    /// <returns>The sections with the place of each; null where the key is absent.</returns>
    public IReadOnlyList<(ConfigSection Section, Place Place)>? SectionsOrNames(string key, string what, bool mayBeEmpty = false)
    {
        ConfigNode? node = Find(key);
        IReadOnlyList<ConfigNode> items = node switch
        {
            ConfigList list => list.Items,
            ConfigMap or ConfigScalar { IsNull: false } => [node],
            _ => [],
        };
        if (node is not null && items.Count == 0 && !(mayBeEmpty && node is ConfigList))
        {
            problems.Add(node.Place, Full(key), $"{what}; {(node is ConfigList ? "the list is empty" : $"it is {node.Description}")}");
        }

        var sections = new List<(ConfigSection, Place)>();
        foreach (ConfigNode item in items)
        {
            if (item is ConfigMap or ConfigScalar { IsNull: false, Text.Length: > 0 })
            {
                // Places are kept by key, of which the entries have the same ones.
                sections.Add(
                    (new ConfigSection(item as ConfigMap ?? ConfigMap.OfName((ConfigScalar)item), Full(key), problems, []), item.Place));
            }
            else
            {
                problems.Add(item.Place, Full(key), $"{what}; an entry is {item.Description}");
            }
        }

        return node is null ? null : sections;
    }

    /// <summary>Any text on one line; numbers and words such as <c>no</c> are text too.</summary>
    public string Text(string key, string whenAbsent, string what) => Scalar(key, what)?.Text ?? whenAbsent;

    /// <summary>A text, or null where it is absent or written as <c>null</c>.</summary>
    public string? OptionalText(string key, string what) =>
        Find(key) is null or ConfigScalar { IsNull: true } ? null : Scalar(key, what)?.Text;

    /// <summary>As <see cref="Section"/>; one value alone is a section with that value under the key <c>name</c>.</summary>
    public ConfigSection SectionOrName(string key)
    {
        if (map.Find(key) is { Value: ConfigScalar { IsNull: false } name } entry)
        {
            Find(key);
            places[$"{Full(key)}.name"] = entry.Place;
            return new ConfigSection(ConfigMap.OfName(name), Full(key), problems, places);
        }

        return Section(key);
    }

    /// <summary>One of the names, or another that <paramref name="allows"/> lets pass.</summary>
    public string Name(string key, string whenAbsent, IReadOnlyList<string> allowed, Func<string, bool>? allows = null)
    {
        if (Scalar(key, OneOf(allowed)) is not { } scalar)
        {
            return whenAbsent;
        }

        if (!allowed.Contains(scalar.Text) && allows?.Invoke(scalar.Text) != true)
        {
            problems.Add(scalar.Place, Full(key), NearestName.Explain(scalar.Text, allowed));
        }

        return scalar.Text;
    }

    /// <summary>One of the members, in its <see cref="Spelling"/>.</summary>
    public T Member<T>(string key, T whenAbsent)
        where T : struct, Enum =>
        Spelling.TryParse(Name(key, Spelling.Of(whenAbsent), Spelling.All<T>()), out T value) ? value : whenAbsent;

    /// <summary><c>true</c> or <c>false</c>, not in quotes.</summary>
    public bool Switch(string key, bool whenAbsent)
    {
        const string What = "must be true or false";
        if (Scalar(key, What) is not { } scalar)
        {
            return whenAbsent;
        }

        if (scalar.IsPlain && bool.TryParse(scalar.Text, out bool value))
        {
            return value;
        }

        problems.Add(scalar.Place, Full(key), $"{What}, not {scalar.Description}");
        return whenAbsent;
    }

    /// <summary>A decimal integer within the bounds, not in quotes.</summary>
    public ulong Integer(string key, ulong whenAbsent, ulong least, ulong most)
    {
        string what =
            $"must be an integer from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}";
        return Scalar(key, what) is { } scalar ? Integer(key, scalar, what, least, most) ?? whenAbsent : whenAbsent;
    }

    /// <summary>A decimal integer from <paramref name="least"/> to 2^31 - 1, not in quotes.</summary>
    public int Count(string key, int whenAbsent, int least) => (int)Integer(key, (ulong)whenAbsent, (ulong)least, int.MaxValue);

    /// <summary>A finite decimal number within the bounds, not in quotes.</summary>
    public double Number(string key, double whenAbsent, double least, double most)
    {
        string what = double.IsFinite(most)
            ? string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}")
            : string.Create(CultureInfo.InvariantCulture, $"must be a number, at least {least}");
        if (Scalar(key, what) is not { } scalar)
        {
            return whenAbsent;
        }

        if (scalar.IsPlain && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && value >= least && value <= most)
        {
            return value;
        }

        problems.Add(scalar.Place, Full(key), $"{what}, not {scalar.Description}");
        return whenAbsent;
    }

    /// <summary>Finite decimal numbers in a list, or one alone, not in quotes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What the value must be.</param>
    /// <param name="fits">Whether the numbers are such.</param>
    /// <param name="orAuto">Whether <c>auto</c> may stand there.</param>
    /// <returns>Null where the key is absent, its value is <c>auto</c> or does not fit.</returns>
    public IReadOnlyList<double>? Numbers(string key, string what, Func<IReadOnlyList<double>, bool> fits, bool orAuto)
    {
        ConfigNode? node = Find(key);
        if (node is null || (orAuto && node is ConfigScalar { IsPlain: true, Text: ExperimentConfig.Auto }))
        {
            return null;
        }

        IReadOnlyList<ConfigNode> items = node is ConfigList list ? list.Items : [node];
        double[] numbers = [.. items.Select(item => item is ConfigScalar { IsPlain: true } scalar
            && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        if (numbers.All(double.IsFinite) && fits(numbers))
        {
            return numbers;
        }

        string written = node is ConfigList && items.All(item => item is ConfigScalar)
            ? Quoting.Shorten($"[{string.Join(", ", items.Cast<ConfigScalar>().Select(item => item.Text))}]")
            : node.Description;
        problems.Add(node.Place, Full(key), $"{what}, not {written}");
        return null;
    }

    /// <summary>An integer from 1 to 2^31 - 1, or null for <c>auto</c>.</summary>
    public int? CountOrAuto(string key, int? whenAbsent)
    {
        string what = $"must be auto or an integer from 1 to {int.MaxValue.ToString(CultureInfo.InvariantCulture)}";
        return Scalar(key, what) switch
        {
            null => whenAbsent,
            { Text: "auto" } => null,
            var scalar => (int?)Integer(key, scalar, what, 1, int.MaxValue) ?? whenAbsent,
        };
    }

    /// <summary>A list of texts without repetition; one text alone is a list of one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="whenAbsent">The value where the key is absent; only where it is empty may the written list be empty too.</param>
    /// <param name="what">What the value must be, for example "must be a list of paths".</param>
    public NameList Texts(string key, NameList whenAbsent, string what) => List(key, whenAbsent, what, _ => null);

    /// <summary>As <see cref="Texts"/>; each of the keywords must stand alone.</summary>
    public NameList TextsOr(string key, NameList whenAbsent, string what, params string[] keywords)
    {
        NameList texts = Texts(key, whenAbsent, what);
        if (texts.Count > 1 && keywords.FirstOrDefault(texts.Contains) is { } keyword)
        {
            problems.Add(Find(key)!.Place, Full(key), $"'{keyword}' stands alone, without other names");
        }

        return texts;
    }

    /// <summary>A list of names without repetition; one name alone is a list of one.</summary>
    public NameList Names(string key, NameList whenAbsent, IReadOnlyList<string> allowed) =>
        List(
            key,
            whenAbsent,
            $"must be a list of names from: {string.Join(", ", allowed)}",
            name => allowed.Contains(name) ? null : NearestName.Explain(name, allowed));

    private static string OneOf(IReadOnlyList<string> allowed) => $"must be one of {string.Join(", ", allowed)}";

    private ulong? Integer(string key, ConfigScalar scalar, string what, ulong least, ulong most)
    {
        if (scalar.IsPlain && ulong.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ulong value)
            && value >= least && value <= most)
        {
            return value;
        }

        problems.Add(scalar.Place, Full(key), $"{what}, not {scalar.Description}");
        return null;
    }

    /// <summary>The list under a key; <paramref name="fault"/> says what is wrong with one name, or null.</summary>
    private NameList List(string key, NameList whenAbsent, string what, Func<string, string?> fault)
    {
        switch (Find(key))
        {
            case null:
                return whenAbsent;
            case ConfigScalar { IsNull: false } one:
                return Distinct(key, [one], what, fault);
            case ConfigList { Items.Count: > 0 } list:
                return Distinct(key, list.Items, what, fault);
            case ConfigList when whenAbsent.Count == 0:
                return whenAbsent;
            case ConfigList empty:
                problems.Add(empty.Place, Full(key), $"{what}; the list is empty");
                return whenAbsent;
            case { } other:
                problems.Add(other.Place, Full(key), $"{what}; it is {other.Description}");
                return whenAbsent;
        }
    }

    private NameList Distinct(string key, IReadOnlyList<ConfigNode> items, string what, Func<string, string?> fault)
    {
        var names = new List<string>();
        foreach (ConfigNode item in items)
        {
            if (item is not ConfigScalar { IsNull: false, Text: { Length: > 0 } name })
            {
                problems.Add(item.Place, Full(key), $"{what}; an entry is {item.Description}");
            }
            else if (names.Contains(name))
            {
                problems.Add(item.Place, Full(key), $"'{Quoting.Shorten(name)}' is listed twice");
            }
            else
            {
                names.Add(name);
                if (fault(name) is { } message)
                {
                    problems.Add(item.Place, Full(key), message);
                }
            }
        }

        return [.. names];
    }

    private ConfigScalar? Scalar(string key, string what)
    {
        ConfigNode? node = Find(key);
        if (node is null or ConfigScalar { IsNull: false, Text.Length: > 0 })
        {
            return node as ConfigScalar;
        }

        problems.Add(node.Place, Full(key), $"{what}, not {node.Description}");
        return null;
    }

    private ConfigNode? Find(string key)
    {
        if (!keys.Contains(key))
        {
            keys.Add(key);
        }

        ConfigEntry? entry = map.Find(key);
        if (entry is not null)
        {
            places[Full(key)] = entry.Value.Place;
        }

        return entry?.Value;
    }
}
