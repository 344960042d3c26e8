using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Training;

/// <summary>The folder that a training writes, and the rules for going on with one that exists.</summary>
/// <param name="Path">The folder.</param>
public sealed record TrainingFolder(string Path)
{
    private const string ConfigName = "config.yaml";

    /// <summary>Loss and accuracy over the steps.</summary>
    public string LogPath => In("log.csv");

    /// <summary>What an interrupted training goes on from.</summary>
    public string CheckpointPath => In("checkpoint.safetensors");

    /// <summary>The trained weights.</summary>
    public string WeightsPath => In("weights.safetensors");

    /// <summary>What the weights are and how good.</summary>
    public string RecordPath => In("weights.json");

    /// <summary>Prepares the folder for a configuration.</summary>
    /// <param name="config">The configuration of the training that is about to start.</param>
    /// <param name="vocabulary">To read the configuration that is there.</param>
    /// <exception cref="InputException">The folder holds a training with another configuration, or other files; the message says both ways
    /// out.</exception>
    public void Claim(TrainingConfig config, ConfigVocabulary vocabulary) =>
        FolderClaim.Take(Path, "training", ConfigName, config.ToYaml(), there =>
        {
            try
            {
                return config.Differences(TrainingConfig.Load(there, [], vocabulary));
            }
            catch (ConfigException error)
            {
                throw new InputException(
                    $"The folder {Path} holds something else than a training ({error.Problems[0]}): give another folder with --out.",
                    error);
            }
        });

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
