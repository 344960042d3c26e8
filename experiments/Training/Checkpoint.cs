using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Training;

namespace SanityChecks.Experiments.Training;

/// <summary>All that a training needs to go on: what was trained so far, what the optimizer remembers, and the sums of the log's next
/// row.</summary>
/// <param name="Weights">All weights.</param>
/// <param name="State">What the optimizer remembers.</param>
/// <param name="Sums">The steps since the log's last row.</param>
/// <param name="Seconds">How long the training took so far.</param>
/// <param name="Inputs">The files it was begun with.</param>
public sealed record Checkpoint(Weights Weights, Weights State, RowSums Sums, double Seconds, string Inputs)
{
    private const string Prefix = "weights.";

    /// <summary>Writes a checkpoint that appears whole or not at all. Only trained tensors are in it: the others come from where they
    /// came.</summary>
    /// <param name="path">An existing checkpoint is replaced.</param>
    /// <param name="plan">Says what is trained.</param>
    /// <param name="weights">The weights now.</param>
    /// <param name="optimizer">Its state.</param>
    /// <param name="sums">The steps since the log's last row.</param>
    /// <param name="seconds">How long the training took so far.</param>
    public static void Write(string path, TrainingPlan plan, Weights weights, Optimizer optimizer, RowSums sums, double seconds)
    {
        IEnumerable<KeyValuePair<string, HostTensor>> trained = plan.TrainedTensors.Select(
            name => KeyValuePair.Create(Prefix + name, weights[name]));
        WeightFile.SaveSafetensors(path, new Weights([.. trained, .. optimizer.State]), metadata: new Dictionary<string, string>
        {
            ["step"] = optimizer.Steps.ToString(CultureInfo.InvariantCulture),
            ["loss"] = sums.Loss.ToString("R", CultureInfo.InvariantCulture),
            ["norm"] = sums.Norm.ToString("R", CultureInfo.InvariantCulture),
            ["correct"] = sums.Correct.ToString(CultureInfo.InvariantCulture),
            ["steps"] = sums.Steps.ToString(CultureInfo.InvariantCulture),
            ["seconds"] = seconds.ToString("R", CultureInfo.InvariantCulture),
            ["inputs"] = plan.Inputs,
        });
    }

    /// <summary>Reads a checkpoint and sets the optimizer to it.</summary>
    /// <param name="path">The file; it may be absent.</param>
    /// <param name="plan">The training that goes on.</param>
    /// <param name="optimizer">Gets the state.</param>
    /// <returns>The checkpoint; null where there is none.</returns>
    /// <exception cref="InputException">The training was begun with other files, or the file is no checkpoint of it.</exception>
    public static Checkpoint? Read(string path, TrainingPlan plan, Optimizer optimizer)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        LoadedWeights file = WeightFile.Load(path);
        try
        {
            IReadOnlyDictionary<string, string> notes = file.Metadata;
            if (notes["inputs"] != plan.Inputs)
            {
                throw new InputException($"The training in {Path.GetDirectoryName(path)} was begun with other images or weights: give another folder with --out, or delete that one.");
            }

            // A running statistic is in a trained layer but has no gradient, and so no state.
            string[] trained =
                [.. plan.TrainedTensors.Where(
                    name => file.Weights.Names.Any(
                        other => other.EndsWith("." + name, StringComparison.Ordinal) && other != Prefix + name))];
            Weights weights = plan.Weights.With(plan.TrainedTensors.ToDictionary(name => name, name => file.Weights[Prefix + name]));
            optimizer.Restore(Whole(notes["step"]), file.Weights, trained);
            var sums = new RowSums(Whole(notes["steps"]), Number(notes["loss"]), Whole(notes["correct"]), Number(notes["norm"]));
            return new Checkpoint(weights, file.Weights, sums, Number(notes["seconds"]), notes["inputs"]);
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new InputException($"{path} is no checkpoint of this training ({error.Message}): delete it to begin anew.", error);
        }
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Sums over the steps since the log's last row.</summary>
/// <param name="Steps">How many steps.</param>
/// <param name="Loss">Their losses.</param>
/// <param name="Correct">Images told right.</param>
/// <param name="Norm">Their gradients' norms.</param>
public readonly record struct RowSums(long Steps, double Loss, long Correct, double Norm)
{
    /// <summary>The sums with one step more.</summary>
    public RowSums With(StepResult step) => new(Steps + 1, Loss + step.Loss, Correct + step.Correct, Norm + step.GradientNorm);
}
