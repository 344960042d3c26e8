using System.Diagnostics;
using SanityChecks.Tests.Experiments.Training;

namespace SanityChecks.Tests.Cli;

public sealed class TrainCommandTests : IDisposable
{
    private readonly SmallTraining small = new();

    private readonly string config;

    public TrainCommandTests()
    {
        config = small.Of("small.yaml");
        File.WriteAllText(config, SmallTraining.Yaml);
    }

    public void Dispose() => small.Dispose();

    private string[] Arguments(string name, params string[] overrides) =>
        ["train", "--config", config, "--out", small.Of(name), .. overrides.SelectMany(set => new[] { "--set", set })];

    [Fact]
    public void A_training_ends_with_its_accuracy_and_where_to_look()
    {
        (int code, string output, string error) = ProgramProcess.Run(Arguments("run"));
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("vgg16, 0.0", output, StringComparison.Ordinal);
        Assert.Matches(
            @"(?m)^step 4/8: loss \d\.\d+, accuracy \d\.\d+, validation loss \d\.\d+, validation accuracy \d\.\d+; .+ images/s, .+ left$",
            output);
        Assert.Matches(@"(?m)^Accuracy [01]\.\d{3} on 24 validation images \(loss \d\.\d+\), after 96 images in ", output);
        Assert.Contains(
            $"weights: {small.Of("run", "weights.safetensors")}, described in {small.Of("run", "weights.json")}\n", output,
            StringComparison.Ordinal);
        small.Run("in process");
        Assert.Equal(small.Weights("in process"), small.Weights("run"));
        (code, output, error) = ProgramCall.Run(Arguments("run"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("This training is complete already; nothing was computed.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupted_training_keeps_a_checkpoint_and_says_that_it_goes_on(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using Process process = ProgramProcess.Start(Arguments("run", "train.images=100000"));
        var log = new FileInfo(small.Of("run", "log.csv"));
        for (; !process.HasExited && !(log.Exists && log.Length > 150); log.Refresh())
        {
            Thread.Sleep(5);
        }

        Assert.False(process.HasExited, "the training ended before it could be stopped");
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        (int code, _, string error) = ProgramProcess.End(process);
        Assert.Equal((130, "Stopping as soon as what is finished is safe; the same signal again stops at once.\nInterrupted. What was finished is kept; the same command goes on from there.\n"), (code, error));
        Assert.True(File.Exists(small.Of("run", "checkpoint.safetensors")));
    }

    [Theory]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'. --help shows examples.")]
    [InlineData("--set train.imags=2", "--set train.imags=2: train.imags: unknown key, nearest is 'train.images'; allowed in train: ")]
    [InlineData("--set train.layers=[fc9]", "--set train.layers=[fc9]: train.layers: vgg16 has no layer or block 'fc9' with weights; its layers are fc8, fc7, ")]
    [InlineData("--set data.source=folder --set data.root=no/such/folder", "data.root: the folder 'no/such/folder' does not exist (looked for ")]
    [InlineData("--set model.width=1 --set model.hidden=auto --set model.weights=no/such.pth", "no/such.pth: there is no such weight file")]
    [InlineData("--engine gpu", "--engine gpu: engine.name: 'gpu' is not known, nearest is 'cpu'; allowed: auto, torch")]
    public void Wrong_input_is_one_line_that_says_what_is_right(string arguments, string beginning)
    {
        string line = ProgramProcess.Refused(["train", "--config", config, "--out", small.Of("run"), .. arguments.Split(' ')]);
        Assert.Contains(beginning, line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(small.Of("run")));
    }

    [Fact]
    public void A_missing_configuration_is_named()
    {
        Assert.StartsWith("no/such.yaml: ", ProgramProcess.Refused("train", "--config", "no/such.yaml"), StringComparison.Ordinal);
        Assert.Equal(
            "Give a training with --config FILE, such as configs/train-shapes.yaml; --help shows examples.",
            ProgramProcess.Refused("train"));
    }
}
