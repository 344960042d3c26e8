using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Experiments.Execution;

/// <summary>How far a run is.</summary>
/// <param name="Images">Images scored in this session, each once for each draw.</param>
/// <param name="TotalImages">Images that this session has to score.</param>
/// <param name="Explanations">Image and network pairs explained in this session.</param>
/// <param name="TotalExplanations">Those that it has to explain.</param>
/// <param name="Now">What is being computed, in words.</param>
/// <param name="Warning">What a person should know at once, said once; null for nothing.</param>
public readonly record struct RunProgress(
    int Images, int TotalImages, long Explanations, long TotalExplanations, string Now, string? Warning = null);

/// <summary>What a run has done.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="AlreadyComplete">Whether there was nothing to do.</param>
/// <param name="Scored">Images scored in this session, each once for each draw.</param>
/// <param name="Skipped">Images that could not be used.</param>
/// <param name="Statistics">What follows from the scores.</param>
/// <param name="Charts">The chart files.</param>
/// <param name="Grids">The map grid files.</param>
/// <param name="Report">The page.</param>
public sealed record RunResult(
    string Folder, bool AlreadyComplete, int Scored, IReadOnlyList<SkippedImage> Skipped, RunStatistics Statistics,
    IReadOnlyList<string> Charts, IReadOnlyList<string> Grids, string Report);
