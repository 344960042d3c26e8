namespace SanityChecks.Experiments.Configuration;

/// <summary>A YAML value with its place; immutable, so an override returns a new tree.</summary>
/// <param name="Place">Where its first character stands.</param>
internal abstract record ConfigNode(Place Place)
{
    /// <summary>The value in a message, after "not".</summary>
    public abstract string Description { get; }
}

/// <summary>One value. YAML's types do not matter: the key that it belongs to decides whether <c>281</c> or <c>no</c> is text.</summary>
internal sealed record ConfigScalar(Place Place, string Text, bool IsPlain) : ConfigNode(Place)
{
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    public override string Description =>
        IsNull ? "empty" : IsPlain ? $"'{Quoting.Shorten(Text)}'" : $"the quoted text '{Quoting.Shorten(Text)}'";
}

/// <summary>Values in their order.</summary>
internal sealed record ConfigList(Place Place, IReadOnlyList<ConfigNode> Items) : ConfigNode(Place)
{
    public override string Description => "a list";
}

/// <summary>One key of a section, with the place of the key.</summary>
internal sealed record ConfigEntry(string Key, Place Place, ConfigNode Value);

/// <summary>A section: keys in the order of the file, each once.</summary>
internal sealed record ConfigMap(Place Place, IReadOnlyList<ConfigEntry> Entries) : ConfigNode(Place)
{
    public override string Description => "a section";

    public ConfigEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>What one value stands for where a section with the key <c>name</c> is meant.</summary>
    public static ConfigMap OfName(ConfigScalar name) => new(name.Place, [new ConfigEntry("name", name.Place, name)]);

    /// <summary>This section with one value replaced or added; a value on the way down that is no section becomes one
    /// (<see cref="OfName"/>).</summary>
    /// <param name="path">Keys from this section down to the value.</param>
    /// <param name="value">The new value; its place becomes the place of every key that is added or replaced.</param>
    public ConfigMap With(ReadOnlySpan<string> path, ConfigNode value)
    {
        string key = path[0];
        ConfigNode changed = value;
        if (path.Length > 1)
        {
            ConfigMap below = Find(key)?.Value switch
            {
                ConfigMap section => section,
                ConfigScalar { IsNull: false } name => OfName(name) with { Place = value.Place },
                _ => new ConfigMap(value.Place, []),
            };
            changed = below.With(path[1..], value);
        }

        if (Find(key) is not { } old)
        {
            return this with { Entries = [.. Entries, new ConfigEntry(key, value.Place, changed)] };
        }

        Place place = path.Length == 1 ? value.Place : old.Place;
        return this with { Entries = [.. Entries.Select(entry => entry == old ? new ConfigEntry(key, place, changed) : entry)] };
    }
}
