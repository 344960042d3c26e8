using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>methods</c>: a <see cref="ConfiguredList"/>, or <c>all</c>, every method that the network allows, with its
/// defaults.</summary>
internal sealed class MethodsConfig(ConfigSection root, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    private const string Key = "methods", All = "all";

    private readonly ConfiguredList list =
        new(root, Key, [.. vocabulary.Methods.Select(method => (method.Name, method.Parameters))], problems);

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => list.Sections;

    /// <summary>Whether the key said <c>all</c>.</summary>
    public bool AreAll { get; private set; }

    /// <summary>A method as a resolved configuration has it: its name, or everything where it has parameters or a name of its
    /// own.</summary>
    public static string Spelled(ConfiguredMethod method) => ConfiguredList.Spelled(
        method.Method.Name, method.Id, method.Values, method.Smoothing?.Spelled ?? []);

    /// <summary>The methods; <paramref name="whenAbsent"/> where the key is absent.</summary>
    public IReadOnlyList<ConfiguredMethod> Read(IReadOnlyList<ConfiguredMethod> whenAbsent)
    {
        AreAll = list.IsOnly(All);
        return AreAll
            ? [.. vocabulary.Methods.Select(method => ConfiguredMethod.Of(method))]
            : list.Read((at, section, given, id) => ConfiguredMethod.Of(vocabulary.Methods[at], given, id) with
            {
                Smoothing = Smoothing.Of(ParametersConfig.Read(section, Smoothing.Parameters, problems)),
            }) ?? whenAbsent;
    }
}
