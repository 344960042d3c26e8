using SanityChecks.Compute;
using SanityChecks.Compute.Torch;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Cli;

/// <summary>The engines of the program.</summary>
internal static class Engines
{
    /// <summary>All of them: whoever has a card and libtorch wants TorchSharp's first.</summary>
    public static EngineList All { get; } = new([.. TorchEngines.Entries, .. EngineList.Own.Entries]);

    /// <summary>The names that a configuration may use in this program.</summary>
    public static ConfigVocabulary Vocabulary { get; } = Catalogue.Vocabulary with { Engines = All };
}
