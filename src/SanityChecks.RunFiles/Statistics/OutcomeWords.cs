using System.Text.Json;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Outcomes for people.</summary>
public static class OutcomeWords
{
    /// <summary>An outcome as files spell it: <c>keeps_up_to_sign</c>.</summary>
    public static string Word(this Outcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());

    /// <summary>An outcome, as the end of a sentence that begins with the method.</summary>
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.TooFew => "has too few scores to judge by",
        Outcome.Undecided => "leaves it open",
        Outcome.Changes => "changes with the weights",
        Outcome.ChangesLate => "changes with the weights, but late",
        Outcome.ChangesInPart => "changes with some layers and not with others",
        Outcome.Keeps => "keeps the originals' picture",
        Outcome.KeepsUpToSign => "keeps the originals' picture with its sign turned in part",
        Outcome.IgnoresWeights => "does not depend on the weights",
        Outcome.IgnoresWeightsUpToSign => "does not depend on the weights but for its sign",
        Outcome.IgnoresImage => "gives every image the same map",
        _ => "has no more structure than noise",
    };
}
