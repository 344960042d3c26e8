namespace SanityChecks.Compute;

/// <summary>One line of a list of engines.</summary>
/// <param name="Name">What selects it.</param>
/// <param name="Reason">Why <c>auto</c> takes it where it can; null for one that is only taken by name.</param>
/// <param name="Hindrance">Why it cannot run on this machine; null where it can. May load libraries: asked only when the engine may be
/// needed.</param>
/// <param name="Create">Makes it, given the name that was asked for. Throws <see cref="EngineException"/> where it cannot run.</param>
/// <param name="TakesNumber">Whether a colon and the number of a device may follow the name.</param>
/// <param name="Expected">Whether somebody may wonder why <c>auto</c> does not take it; null: always.</param>
public sealed record EngineEntry(
    string Name,
    string? Reason,
    Func<EngineOptions, string?> Hindrance,
    Func<string, EngineOptions, IEngine> Create,
    bool TakesNumber = false,
    Func<EngineOptions, bool>? Expected = null)
{
    /// <summary>Whether a name selects this engine.</summary>
    public bool Answers(string name) => name == Name
        || (TakesNumber && name.StartsWith(Name + ":", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Name.Length + 1), out int number) && number >= 0);
}

/// <summary>An engine, and why it is this one.</summary>
/// <param name="Engine">The engine; the caller disposes it.</param>
/// <param name="Reason">For people: what was preferred to what; empty where it was asked for by name.</param>
public sealed record EngineChoice(IEngine Engine, string Reason);
