using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Which output of the network a measure reads.</summary>
internal static class TargetOutput
{
    private const string Name = "output", Logit = "logit";

    /// <summary>A parameter that chooses one.</summary>
    public static ChoiceParameter Parameter { get; } =
        new(Name, ["probability", Logit], "what is read of the network: the target's probability, or its logit");

    /// <summary>Whether the logit was chosen.</summary>
    public static bool IsLogit(ParameterValues values) => values[Name] == Logit;
}
