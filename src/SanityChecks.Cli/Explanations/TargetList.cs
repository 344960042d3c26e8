using SanityChecks.Experiments.Execution;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Cli.Explanations;

/// <summary>The classes of an image that are explained side by side.</summary>
internal sealed class TargetList
{
    /// <summary>What is explained where nothing is said.</summary>
    public const string Default = "predicted";

    private readonly IReadOnlyList<TargetRule> rules;

    private TargetList(IReadOnlyList<TargetRule> rules) => this.rules = rules;

    /// <summary>Whether several were asked for, though they may be the same for an image.</summary>
    public bool AreSeveral => rules.Count > 1;

    /// <summary>Whether an option's text can stand for several targets.</summary>
    public static bool MayBeSeveral(string text) => text.Contains(',', StringComparison.Ordinal) && !text.StartsWith('{');

    /// <summary>What the options ask for.</summary>
    /// <param name="given">The option's texts: each a target as a whole, or several with commas between.</param>
    /// <param name="plan">Knows the classes, and the one target where no more is asked for.</param>
    /// <exception cref="InputException">A part is no class; the message says what is allowed.</exception>
    public static TargetList Of(IReadOnlyList<string> given, Plan plan) => given is [] || (given is [var only] && !MayBeSeveral(only))
        ? new TargetList([plan.Target])
        : new TargetList([.. given.SelectMany(text => Parts(text, plan.Classes))]);

    /// <summary>The classes for an image, each once, in the order in which they were asked for.</summary>
    /// <param name="logits">The trained network's.</param>
    /// <param name="item">The image.</param>
    public IReadOnlyList<ExplainedTarget> Of(float[] logits, ImageItem item) =>
    [
        .. rules.Select(rule => (Rule: rule, Class: rule.Choose(logits, logits, item.Label, item.Id))).DistinctBy(one => one.Class)
            .Select(one => new ExplainedTarget(one.Rule, one.Class)),
    ];

    private static IEnumerable<TargetRule> Parts(string text, ClassNames classes)
    {
        if (text.StartsWith('{'))
        {
            throw new InputException($"--target {text}: an element of an output is explained alone");
        }

        if (!MayBeSeveral(text) || IsWhole(text, classes))
        {
            return [Parse(text, classes)];
        }

        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Contains("")
            ? throw new InputException($"--target {text}: there is nothing between two commas, or at an end")
            : parts.Select(part => Parse(part, classes));
    }

    private static bool IsWhole(string text, ClassNames classes)
    {
        try
        {
            return classes.Find(text) >= 0;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static TargetRule Parse(string text, ClassNames classes)
    {
        try
        {
            return TargetRule.Parse(text, classes);
        }
        catch (InputException error)
        {
            throw new InputException($"--target {text}: target: {error.Message}", error);
        }
    }
}

/// <summary>A class of an image.</summary>
/// <param name="Rule">How it was chosen, and is chosen for randomized networks.</param>
/// <param name="Class">Its index.</param>
internal sealed record ExplainedTarget(TargetRule Rule, int Class);
