using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The parameters of a method or an experiment, as keys of its section beside its name.</summary>
internal static class ParametersConfig
{
    /// <summary>The values that a section gives, spelled as resolved configurations have them; a problem for each that is not allowed,
    /// which then counts as not given.</summary>
    /// <param name="section">The section; its valid keys become those of the parameters.</param>
    /// <param name="parameters">What is declared.</param>
    /// <param name="problems">Receives the problems.</param>
    public static Dictionary<string, IReadOnlyList<string>> Read(
        ConfigSection section, IReadOnlyList<Parameter> parameters, ConfigProblems problems)
    {
        var given = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (Parameter parameter in parameters)
        {
            IReadOnlyList<string> written = parameter.IsList
                ? [.. section.Texts(parameter.Name, [.. parameter.Default], $"must be {parameter.Allowed}")]
                : [section.Text(parameter.Name, parameter.Default[0], $"must be {parameter.Allowed}")];
            string?[] spelled = [.. written.Select(parameter.Spelled)];
            if (spelled.Contains(null) || spelled.Distinct().Count() < spelled.Length)
            {
                problems.Add(
                    section.PlaceOf(parameter.Name), section.Full(parameter.Name),
                    $"must be {parameter.Allowed}, not '{Quoting.Shorten(string.Join(", ", written))}'");
            }
            else
            {
                given[parameter.Name] = spelled!;
            }
        }

        return given;
    }

    /// <summary>A name as a resolved configuration has it: alone, or with every value where there are any.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values.</param>
    /// <param name="more">Further keys and values.</param>
    public static string Spelled(string name, ParameterValues values, params IEnumerable<(string Key, string Value)> more)
    {
        string[] pairs =
        [
            .. values.All.Where(one => !one.Parameter.IsTacit || !one.Value.SequenceEqual(one.Parameter.Default))
                .Select(one => $"{one.Parameter.Name}: {one.Parameter.Line(one.Parameter is SwitchParameter ? one.Value : [.. one.Value.Select(YamlText.Scalar)])}"),
            .. more.Select(one => $"{one.Key}: {YamlText.Scalar(one.Value)}"),
        ];
        return pairs.Length == 0 ? YamlText.Scalar(name) : $"{{{string.Join(", ", pairs.Prepend($"name: {name}"))}}}";
    }
}
