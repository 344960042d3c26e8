using System.Diagnostics;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Execution;
using SanityChecks.Networks;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Training;

namespace SanityChecks.Experiments.Training;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Images">Images seen in this session.</param>
/// <param name="Work">Pixels seen in this session; time goes with pixels rather than with images.</param>
/// <param name="TotalWork">Pixels that this session has to see.</param>
/// <param name="Loss">The last step's loss.</param>
/// <param name="Row">The log's newest row, right after it was written.</param>
/// <param name="Now">What is being done, in words.</param>
public readonly record struct TrainingProgress(
    long Step, long Steps, long Images, double Work, double TotalWork, double Loss, string? Row, string Now);

/// <summary>What a training has given.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="AlreadyComplete">Whether there was nothing to do.</param>
/// <param name="Record">The trained weights, described.</param>
public sealed record TrainingResult(TrainingFolder Folder, bool AlreadyComplete, TrainingRecord Record);

/// <summary>Trains a plan's network into a folder, from where an earlier session stopped.</summary>
/// <param name="plan">What to train, on what.</param>
/// <param name="engine">Computes it.</param>
/// <param name="folder">Where to; claimed for the plan's configuration already.</param>
public sealed class TrainingRun(TrainingPlan plan, IEngine engine, TrainingFolder folder)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Optimizer optimizer = plan.NewOptimizer();
    private readonly LearningRateSchedule schedule = new(plan.Config.Train.LearningRate, plan.Config.Train.WarmUp, plan.Steps);
    private Weights weights = plan.Weights;
    private RowSums sums;
    private double before;
    private long begun;

    private int Batch => plan.Config.Train.Batch;

    private double Seconds => before + watch.Elapsed.TotalSeconds;

    /// <summary>Trains what is left, then writes the weights and measures how good they are as they are in the file.</summary>
    /// <param name="progress">Told after each step and while validating.</param>
    /// <param name="cancel">Stops between two steps or within a validation; a checkpoint is written first.</param>
    /// <exception cref="InputException">The training was begun with other files, is held by another program, an image cannot be read, or
    /// the loss is no longer a number.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public TrainingResult Run(IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (File.Exists(folder.WeightsPath) && TrainingRecord.Read(folder.RecordPath) is { } done)
        {
            return new TrainingResult(folder, true, done);
        }

        if (Checkpoint.Read(folder.CheckpointPath, plan, optimizer) is { } checkpoint)
        {
            (weights, sums, before) = (checkpoint.Weights, checkpoint.Sums, checkpoint.Seconds);
        }

        begun = optimizer.Steps;
        using TrainingLog log = TrainingLog.Open(folder.LogPath, begun);
        sums = log.LastStep == begun ? default : sums;
        try
        {
            Train(log, progress, cancel);
            return Finish(log, progress, cancel);
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }
        catch (EngineMemoryException full)
        {
            throw new EngineMemoryException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{full.Message}; train.batch is {Batch}, and half of it takes half the memory"), full);
        }
    }

    private void Train(TrainingLog log, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var step = new TrainingStep(
            engine, plan.Network, plan.Layers, optimizer, plan.Config.Train.LabelSmoothing, plan.Config.Train.Clip > 0
                ? plan.Config.Train.Clip
                : null);
        double total = Work(begun, plan.Steps), work = 0;
        foreach (TrainingBatch batch in BatchFeed.Draw(plan.Training, Requests(), TrainingPlan.Normalization))
        {
            // A session that was stopped between a step and its row begins with the row.
            LogRow(log, progress, total, work, double.NaN, cancel);
            cancel.ThrowIfCancellationRequested();
            StepResult result = step.Take(weights, batch, schedule);
            if (!double.IsFinite(result.GradientNorm))
            {
                throw new InputException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The training diverged at step {optimizer.Steps + 1}: the loss is {result.Loss}. Lower train.learning_rate ({plan.Config.Train.LearningRate}) or lengthen train.warm_up ({plan.Config.Train.WarmUp}), and give another folder with --out."));
            }

            weights = result.Weights;
            sums = sums.With(result);
            work += Work(optimizer.Steps - 1, optimizer.Steps);
            progress.Report(
                new TrainingProgress(
                    optimizer.Steps, plan.Steps, (optimizer.Steps - begun) * Batch, work, total, result.Loss, null, "training"));
            if (optimizer.Steps % plan.Config.CheckpointEvery == 0 || optimizer.Steps == plan.Steps)
            {
                Save();
            }

            LogRow(log, progress, total, work, result.Loss, cancel);
        }
    }

    /// <summary>Writes the row of a step that is due one. The last step's comes with the final validation.</summary>
    private void LogRow(
        TrainingLog log, IProgress<TrainingProgress> progress, double total, double work, double loss, CancellationToken cancel)
    {
        long step = optimizer.Steps;
        bool validates = step % plan.Config.ValidateEvery == 0;
        if (step == log.LastStep || step == plan.Steps || (step % plan.Config.LogEvery != 0 && !validates))
        {
            return;
        }

        Evaluation? validation = null;
        if (validates)
        {
            var now = new TrainingProgress(step, plan.Steps, (step - begun) * Batch, work, total, loss, null, "validating");
            progress.Report(now);
            validation = Evaluate(plan.Network, weights, cancel);
        }

        string row = Append(log, validation);
        progress.Report(new TrainingProgress(step, plan.Steps, (step - begun) * Batch, work, total, loss, row, "training"));
    }

    private TrainingResult Finish(TrainingLog log, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        progress.Report(
            new TrainingProgress(
                plan.Steps, plan.Steps, (plan.Steps - begun) * Batch, Work(begun, plan.Steps), Work(begun, plan.Steps), double.NaN, null,
                "final validation"));
        (Network network, Weights final) = plan.Config.Model.FoldBatchNorm
            ? MergedNetwork.AsArchitecture(plan.Network, weights)
            : (plan.Network, weights);
        var written = new Dictionary<string, string>
        {
            ["architecture"] = network.Architecture,
            ["classes"] = string.Join(',', plan.Training.Classes),
            ["seed"] = plan.Config.Seed.ToString(CultureInfo.InvariantCulture),
        };
        bool isOnnx = network.Architecture == OnnxFile.Architecture;
        if (isOnnx)
        {
            // Which graph the tensors belong to: fine-tuned weights may come with the graph's file, or be the file.
            written[OnnxNetwork.GraphKey] = plan.Config.Model.Graph is null ? plan.Source!.Sha256 : plan.SourceParts[0].Sha256;
        }

        WeightFile.SaveSafetensors(folder.WeightsPath, final, DType.F16, written);
        TrainedNetwork saved = isOnnx
            ? TrainedNetwork.Load(network, folder.WeightsPath)
            : TrainedNetwork.Load(network.Architecture, folder.WeightsPath);
        Evaluation evaluation = Evaluate(saved.Network, saved.Weights, cancel);
        if (log.LastStep != plan.Steps)
        {
            Append(log, evaluation);
        }

        Manifest here = Provenance.Of(engine, plan.Config.Seed, new FileRecord(Path.GetFileName(saved.Path), saved.Sha256), [], []);
        var record = new TrainingRecord
        {
            Version = here.Version,
            Commit = here.Commit,
            Architecture = network.Architecture,
            Weights = here.Weights,
            Source = plan.Source,
            SourceParts = plan.SourceParts,
            Parameters = network.Tensors.Sum(tensor => tensor.Shape.Count),
            Steps = plan.Steps,
            Images = plan.Steps * Batch,
            Seconds = Math.Round(Seconds, 1),
            ValidationImages = plan.ValidationImages,
            Loss = evaluation.Loss,
            Accuracy = evaluation.Accuracy,
            Classes =
                [.. evaluation.Classes.Select(
                    one => new ClassRecord(
                        one.Name, one.Images, one.Images == 0 ? null : Math.Round((double)one.Correct / one.Images, 4)))],
            Engine = here.Engine,
            Machine = here.Machine,
            Config = plan.Config.Settings.ToDictionary(setting => setting.Key, setting => setting.Value),
        };
        record.Write(folder.RecordPath);
        File.Delete(folder.CheckpointPath);
        return new TrainingResult(folder, false, record);
    }

    private string Append(TrainingLog log, Evaluation? validation)
    {
        long last = optimizer.Steps - 1;
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"loss {sums.Loss / sums.Steps:0.0000}, accuracy {(double)sums.Correct / (sums.Steps * Batch):0.000}")
            + (validation is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", validation loss {validation.Loss:0.0000}, validation accuracy {validation.Accuracy:0.000}"));
        log.Append(optimizer.Steps, optimizer.Steps * Batch, plan.Request(last).Size, schedule.At(last), sums, Batch, validation);
        sums = default;
        return row;
    }

    private void Save() => Checkpoint.Write(folder.CheckpointPath, plan, weights, optimizer, sums, Seconds);

    private Evaluation Evaluate(Network network, Weights evaluated, CancellationToken cancel) => Evaluation.Of(
        engine, network, evaluated, plan.Validation, plan.ValidationImages, plan.Config.Data.Size, Batch, TrainingPlan.Normalization,
        cancel);

    private IEnumerable<BatchRequest> Requests()
    {
        for (long step = begun; step < plan.Steps; step++)
        {
            yield return plan.Request(step);
        }
    }

    private double Work(long first, long end)
    {
        double work = 0;
        for (long step = first; step < end; step++)
        {
            double size = plan.Request(step).Size;
            work += Batch * size * size;
        }

        return work;
    }
}
