using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Training;
using SanityChecks.Images.Shapes;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Training;

namespace SanityChecks.Tests.Experiments.Training;

public sealed class TrainingRunTests(TrainingRunTests.Whole whole) : IClassFixture<TrainingRunTests.Whole>, IDisposable
{
    private readonly SmallTraining small = new();

    public void Dispose() => small.Dispose();

    /// <summary>One training without interruption for all of these tests, in the folder <c>whole</c>.</summary>
    public sealed class Whole : IDisposable
    {
        public Whole() => Result = Small.Run("whole");

        internal SmallTraining Small { get; } = new();

        public TrainingResult Result { get; }

        public void Dispose() => Small.Dispose();
    }

    /// <summary>Stops a training when it reports what is asked for.</summary>
    private void Interrupt(string name, Func<TrainingProgress, bool> at, params string[] overrides)
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => small.Run(name, Stop, stop.Token, overrides));
        Assert.True(File.Exists(small.Of(name, "checkpoint.safetensors")));
        Assert.False(File.Exists(small.Of(name, "weights.json")));

        void Stop(TrainingProgress progress)
        {
            if (at(progress))
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void A_training_leaves_weights_that_describe_themselves()
    {
        TrainingResult result = whole.Result;
        Assert.Equal(
            ["checkpoint.safetensors", "config.yaml", "log.csv", "weights.json", "weights.safetensors"],
            Directory.EnumerateFiles(whole.Small.Of("whole")).Select(Path.GetFileName).Append("checkpoint.safetensors").Order());
        LoadedWeights weights = WeightFile.Load(result.Folder.WeightsPath);
        Assert.Equal("vgg16", weights.Metadata["architecture"]);
        Assert.Equal(string.Join(',', ShapeScenes.Classes), weights.Metadata["classes"]);
        Assert.Equal("5", weights.Metadata["seed"]);
        TrainingRecord record = TrainingRecord.Read(result.Folder.RecordPath)!;
        Assert.Equal((8, 96, 24, weights.Sha256), (record.Steps, record.Images, record.ValidationImages, record.Weights.Sha256));
        Assert.Equal(weights.Weights.Sum(one => one.Value.Shape.Count), record.Parameters);
        Assert.Equal(ShapeScenes.Classes, record.Classes.Select(one => one.Name));
        Assert.All(record.Classes, one => Assert.Equal(2, one.Images));
        Assert.Equal(record.Accuracy, record.Classes.Average(one => one.Accuracy!.Value), 1e-3);
        Assert.Equal("0.06", record.Config["model.width"]);
        Assert.Equal("[{ size: 32, images: 50 }]", record.Config["train.stages"]);
        Assert.Equal(SmallTraining.Config(), TrainingConfig.Load(whole.Small.Of("whole", "config.yaml"), [], Catalogue.Vocabulary));
    }

    [Fact]
    public void The_log_has_a_row_for_every_few_steps_and_validations_when_they_are_due()
    {
        string[] log = whole.Small.Log("whole");
        string[][] rows = [.. log.Select(line => line.Split(','))];
        Assert.Equal("step,images,size,learning_rate,loss,accuracy,gradient_norm,validation_loss,validation_accuracy", log[0]);
        Assert.Equal(["2", "4", "6", "8"], rows[1..].Select(row => row[0]));
        Assert.Equal(["24", "48", "72", "96"], rows[1..].Select(row => row[1]));

        // The fifth batch begins at image 48, within the first stage's fifty.
        Assert.Equal(["32", "32", "40", "40"], rows[1..].Select(row => row[2]));
        Assert.Equal([true, false, true, false], rows[1..].Select(row => row[7].Length == 0));
        Assert.All(rows[1..], row => Assert.InRange(double.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture), 1, 10));
    }

    [Theory]
    [InlineData(1, "training")]
    [InlineData(3, "training")]
    [InlineData(4, "validating")]
    [InlineData(5, "training")]
    [InlineData(8, "training")]
    [InlineData(8, "final validation")]
    public void An_interrupted_training_goes_on_to_the_very_bytes_of_an_uninterrupted_one(int step, string now)
    {
        Interrupt("run", progress => progress.Step == step && progress.Now == now);
        var steps = new List<long>();
        small.Run("run", progress => steps.Add(progress.Step), CancellationToken.None);
        Assert.Equal(Enumerable.Range(step + 1, 8 - step).Select(i => (long)i), steps.Distinct().Where(taken => taken > step));
        Assert.Equal(whole.Small.Weights("whole"), small.Weights("run"));
        Assert.Equal(whole.Small.Log("whole"), small.Log("run"));
        TrainingRecord resumed = TrainingRecord.Read(small.Of("run", "weights.json"))!;
        Assert.Equal((whole.Result.Record.Loss, whole.Result.Record.Accuracy), (resumed.Loss, resumed.Accuracy));
    }

    [Fact]
    public void A_training_that_was_killed_goes_on_from_its_last_checkpoint_to_the_same_bytes()
    {
        small.Run("whole", "train.optimizer=sgd", "train.learning_rate=0.01");
        Interrupt("run", progress => progress.Step == 3 && progress.Now == "training", "train.optimizer=sgd", "train.learning_rate=0.01");
        byte[] checkpoint = File.ReadAllBytes(small.Of("run", "checkpoint.safetensors"));
        Interrupt("run", progress => progress.Step == 6 && progress.Now == "training", "train.optimizer=sgd", "train.learning_rate=0.01");
        File.WriteAllBytes(small.Of("run", "checkpoint.safetensors"), checkpoint);
        File.AppendAllText(small.Of("run", "log.csv"), "8,96,torn");
        small.Run("run", "train.optimizer=sgd", "train.learning_rate=0.01");
        Assert.Equal(small.Weights("whole"), small.Weights("run"));
        Assert.Equal(small.Log("whole"), small.Log("run"));
    }

    [Fact]
    public void A_complete_training_is_left_alone()
    {
        TrainingResult first = small.Run("run");
        byte[] before = File.ReadAllBytes(small.Of("run", "weights.json"));
        TrainingResult again = small.Run("run", _ => Assert.Fail("nothing is computed"), CancellationToken.None);
        Assert.Equal((false, true), (first.AlreadyComplete, again.AlreadyComplete));
        Assert.Equal(first.Record.Accuracy, again.Record.Accuracy);
        Assert.Equal(before, File.ReadAllBytes(small.Of("run", "weights.json")));
    }

    [Fact]
    public void Another_configuration_is_refused_with_what_differs_and_both_ways_out()
    {
        Interrupt("run", progress => progress.Step == 2);
        string message = Assert.Throws<InputException>(() => small.Run("run", "train.learning_rate=0.01", "seed=6")).Message;
        Assert.Contains("seed: 6, other 5; train.learning_rate: 0.01, other 0.001 there", message, StringComparison.Ordinal);
        Assert.Contains("give another folder with --out, or delete that one", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_files_is_refused()
    {
        Directory.CreateDirectory(small.Of("run"));
        File.WriteAllText(small.Of("run", "thesis.txt"), "years of work");
        Assert.Contains(
            "is not empty and holds no training", Assert.Throws<InputException>(() => small.Run("run")).Message, StringComparison.Ordinal);
        File.WriteAllText(small.Of("run", "config.yaml"), "experiment: cascading_randomization");
        Assert.Contains(
            "holds something else than a training", Assert.Throws<InputException>(() => small.Run("run")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_and_says_what_helps()
    {
        string message = Assert.Throws<InputException>(
            () => small.Run("run", "train.optimizer=sgd", "train.learning_rate=100", "train.clip=0", "train.warm_up=0")).Message;
        Assert.Matches(@"^The training diverged at step \d: the loss is .+ Lower train\.learning_rate \(100\)", message);
    }

    [Fact]
    public void The_last_layer_learns_the_classes_of_a_folder_and_the_others_stay()
    {
        using var pictures = new PictureFolder();
        small.Run("shapes", "model.hidden=64", "model.width=0.1");
        string[] finetune =
        [
            $"model.weights={small.Of("shapes", "weights.safetensors")}", "model.width=1", "model.hidden=auto", "data.source=folder",
            $"data.root={pictures.Root}",
            "data.validation=0.3", "data.size=32", "train.stages=[]", "train.layers=[fc8]", "train.images=960", "train.learning_rate=0.1",
            "train.clip=0", "validate_every=10", "log_every=10",
        ];
        TrainingResult result = small.Run("folder", finetune);
        double[] losses =
            [.. small.Log("folder")[1..].Select(
                line => double.Parse(line.Split(',')[4], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(losses[^1] < 0.5 * losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
        Assert.InRange(result.Record.Accuracy, 0.8, 1);
        Assert.Equal(PictureFolder.Classes, result.Record.Classes.Select(one => one.Name));
        LoadedWeights before = WeightFile.Load(small.Of("shapes", "weights.safetensors"));
        LoadedWeights after = WeightFile.Load(result.Folder.WeightsPath);
        Assert.Equal("Zinnia,apple,lime", after.Metadata["classes"]);
        Assert.Equal(before.Sha256, result.Record.Source!.Sha256);
        Assert.All(before.Weights.Names.Where(name => !name.StartsWith("classifier.6", StringComparison.Ordinal)), name =>
            Assert.Equal(before.Weights[name].Values.ToArray(), after.Weights[name].Values.ToArray()));
    }

    [Fact]
    public void A_training_is_not_continued_with_other_pictures()
    {
        using var pictures = new PictureFolder();
        string[] folder = ["data.source=folder", $"data.root={pictures.Root}", "data.validation=0.3", "train.stages=[]"];
        Interrupt("run", progress => progress.Step == 2, folder);
        File.Delete(Path.Combine(pictures.Root, "lime", "01.png"));
        string message = Assert.Throws<InputException>(() => small.Run("run", folder)).Message;
        Assert.Contains("was begun with other images or weights", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_last_layer_must_be_trained()
    {
        using var pictures = new PictureFolder();
        small.Run("shapes", "train.images=12", "train.stages=[]");
        string message = Assert.Throws<ConfigException>(() => small.Run(
            "folder", $"model.weights={small.Of("shapes", "weights.safetensors")}", "model.width=1", "model.hidden=auto",
            "data.source=folder", $"data.root={pictures.Root}",
            "data.validation=0.3", "train.layers=[fc7]")).Message;
        Assert.StartsWith("--set train.layers=[fc7]: train.layers: must include fc8", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(small.Of("folder")));
    }
}
