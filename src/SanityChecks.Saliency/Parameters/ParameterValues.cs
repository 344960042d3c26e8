using System.Globalization;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Parameters;

/// <summary>A value for each parameter that a method, a metric or an experiment declares.</summary>
/// <remarks>Two are equal when names and values are.</remarks>
public sealed class ParameterValues : IEquatable<ParameterValues>
{
    private readonly (Parameter Parameter, IReadOnlyList<string> Value)[] values;

    private ParameterValues((Parameter, IReadOnlyList<string>)[] values) => this.values = values;

    /// <summary>Each parameter with its value as a configuration spells it, in the order in which they are declared; a list has one text
    /// for each entry.</summary>
    public IEnumerable<(Parameter Parameter, IReadOnlyList<string> Value)> All => values;

    /// <summary>The value of a parameter that is no list, as a configuration spells it.</summary>
    public string this[string parameter] => Find(parameter)[0];

    /// <summary>Sets parameters.</summary>
    /// <param name="owner">Whose parameters they are, for messages.</param>
    /// <param name="parameters">What is declared.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ParameterValues Of(
        string owner, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        if (given.Keys.FirstOrDefault(name => parameters.All(parameter => parameter.Name != name)) is { } unknown)
        {
            string known = parameters.Count == 0
                ? "it has none"
                : $"it has {string.Join(", ", parameters.Select(parameter => parameter.Name))}";
            throw new InputException($"{owner} has no parameter '{unknown}'; {known}");
        }

        return new ParameterValues([.. parameters.Select(parameter =>
        {
            IReadOnlyList<string> written = given.GetValueOrDefault(parameter.Name, parameter.Default);
            string[] value = [.. written.Select(text => parameter.Spelled(text)).OfType<string>().Distinct()];
            return value.Length == written.Count && value.Length > 0 && (parameter.IsList || value.Length == 1)
                ? (parameter, (IReadOnlyList<string>)value)
                : throw new InputException($"{owner}: {parameter.Name} must be {parameter.Allowed}, not '{string.Join(", ", written)}'");
        })]);
    }

    /// <summary>The value of an <see cref="IntegerParameter"/>.</summary>
    public int Integer(string parameter) => int.Parse(this[parameter], CultureInfo.InvariantCulture);

    /// <summary>The value of a <see cref="NumberParameter"/>.</summary>
    public double Number(string parameter) => double.Parse(this[parameter], CultureInfo.InvariantCulture);

    /// <summary>The value of a <see cref="SwitchParameter"/>.</summary>
    public bool Switch(string parameter) => bool.Parse(this[parameter]);

    /// <summary>The value of a <see cref="NumbersParameter"/>.</summary>
    public IReadOnlyList<double> Numbers(string parameter) =>
        [.. Find(parameter).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public bool Equals(ParameterValues? other) =>
        other is not null && values.Length == other.values.Length
        && values.Zip(other.values)
            .All(pair => pair.First.Parameter.Name == pair.Second.Parameter.Name && pair.First.Value.SequenceEqual(pair.Second.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterValues);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        values.Aggregate(values.Length, (hash, pair) => HashCode.Combine(hash, pair.Parameter.Name, pair.Value.Count));

    private IReadOnlyList<string> Find(string parameter) => values.Single(pair => pair.Parameter.Name == parameter).Value;
}
