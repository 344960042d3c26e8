using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Execution;

/// <summary>The rules for going on with a run that exists.</summary>
public static class RunClaim
{
    /// <summary>Prepares the folder for a configuration.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="config">The configuration of the run that is about to start.</param>
    /// <param name="vocabulary">To read the configuration that is there.</param>
    /// <param name="within">The folder of a run that this one is a part of; null for none.</param>
    /// <returns>The manifest of the run that is there; null where there is none yet.</returns>
    /// <exception cref="InputException">The folder holds a run with another configuration, or other files; the message says both ways
    /// out.</exception>
    /// <exception cref="IOException">It cannot be made, or the folder of the whole is gone.</exception>
    public static Manifest? Claim(this RunFolder folder, ExperimentConfig config, ConfigVocabulary vocabulary, string? within = null) =>
        FolderClaim.Take(
            folder.Path, "run", RunFolder.ConfigName, config.ToYaml(), there =>
                config.Differences(ExperimentConfig.Load(there, [], vocabulary)), within)
            ? null
            : Manifest.Read(folder.Path);
}
