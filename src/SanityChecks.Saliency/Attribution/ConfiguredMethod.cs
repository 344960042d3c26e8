using System.Globalization;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A method with the values of its parameters, under the name that its rows, files and lines have.</summary>
/// <remarks>Two are equal when method, values and name are: an explanation computes equal ones once.</remarks>
public sealed class ConfiguredMethod : IEquatable<ConfiguredMethod>
{
    private readonly Dictionary<string, string> values;

    private ConfiguredMethod(AttributionMethod method, string id, Dictionary<string, string> values)
    {
        Method = method;
        Id = id;
        this.values = values;
    }

    /// <summary>The method.</summary>
    public AttributionMethod Method { get; }

    /// <summary>The name in results: the method's, or another where one method is used twice.</summary>
    public string Id { get; }

    /// <summary>The title in charts and grids: the method's, with the name where it has one of its own.</summary>
    public string Title => Id == Method.Name ? Method.Title : $"{Method.Title} ({Id})";

    /// <summary>Whether its maps have a sign that matters.</summary>
    public bool Signed => Method.Signed;

    /// <summary>Every parameter's value as a configuration spells it, in the order in which the method declares them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values => Method.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, values[parameter.Name]));

    /// <summary>A value by its parameter's name.</summary>
    public string this[string parameter] => values[parameter];

    /// <summary>A method with its defaults.</summary>
    public static implicit operator ConfiguredMethod(AttributionMethod method) => Of(method);

    /// <summary>Sets a method's parameters.</summary>
    /// <param name="method">The method.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <param name="id">The name in results; null for the method's own.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ConfiguredMethod Of(AttributionMethod method, IReadOnlyDictionary<string, string>? given = null, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        given ??= new Dictionary<string, string>();
        if (given.Keys.FirstOrDefault(name => method.Parameters.All(parameter => parameter.Name != name)) is { } unknown)
        {
            string known = method.Parameters.Count == 0 ? "it has none" : $"it has {string.Join(", ", method.Parameters.Select(parameter => parameter.Name))}";
            throw new InputException($"{method.Name} has no parameter '{unknown}'; {known}");
        }

        return new ConfiguredMethod(method, id ?? method.Name, method.Parameters.ToDictionary(parameter => parameter.Name, parameter =>
        {
            string text = given.GetValueOrDefault(parameter.Name, parameter.Default);
            return parameter.Spelled(text) ?? throw new InputException($"{method.Name}: {parameter.Name} must be {parameter.Allowed}, not '{text}'");
        }));
    }

    /// <summary>The value of an <see cref="IntegerParameter"/>.</summary>
    public int Integer(string parameter) => int.Parse(values[parameter], CultureInfo.InvariantCulture);

    /// <summary>The value of a <see cref="NumberParameter"/>.</summary>
    public double Number(string parameter) => double.Parse(values[parameter], CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(ConfiguredMethod? other) => other is not null && Method == other.Method && Id == other.Id && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfiguredMethod);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Method.Name, Id);

    /// <summary>The name in results.</summary>
    public override string ToString() => Id;
}
