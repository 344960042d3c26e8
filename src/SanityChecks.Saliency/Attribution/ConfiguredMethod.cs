using SanityChecks.RunFiles;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A method with the values of its parameters, under the name that its rows, files and lines have.</summary>
/// <param name="Method">The method.</param>
/// <param name="Values">A value for each of its parameters.</param>
/// <param name="Id">The name in results: the method's, or another where one method is used twice.</param>
/// <remarks>Two are equal when method, values and name are: an explanation computes equal ones once.</remarks>
public sealed record ConfiguredMethod(AttributionMethod Method, ParameterValues Values, string Id)
{
    /// <summary>Whether its maps are means over noisy copies of the image; null where they are not.</summary>
    public Smoothing? Smoothing { get; init; }

    /// <summary>The title in charts and grids: the method's, with the name where it has one of its own.</summary>
    public string Title => Id == Method.Name ? Method.Title : $"{Method.Title} ({Id})";

    /// <summary>Whether its maps have a sign that matters.</summary>
    public bool Signed => Method.Signed;

    /// <summary>A method with its defaults.</summary>
    public static implicit operator ConfiguredMethod(AttributionMethod method) => Of(method);

    /// <summary>Sets a method's parameters.</summary>
    /// <param name="method">The method.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <param name="id">The name in results; null for the method's own.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ConfiguredMethod Of(
        AttributionMethod method, IReadOnlyDictionary<string, IReadOnlyList<string>>? given = null, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        return new ConfiguredMethod(
            method, ParameterValues.Of(method.Name, method.Parameters, given ?? new Dictionary<string, IReadOnlyList<string>>()),
            id ?? method.Name);
    }

    /// <summary>The name in results.</summary>
    public override string ToString() => Id;
}
