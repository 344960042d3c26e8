using System.Diagnostics;
using System.Globalization;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

/// <summary>Pipes in every place where a file is named. A pipe that nobody writes to would keep the program for ever, and an interrupt does
/// not reach a call that opens it.</summary>
public sealed class PipeTests : IDisposable
{
    private const string EmptyOrPipe = "the file is empty, or a pipe or device";

    private readonly SmallRun small = new();
    private readonly string pipe;

    public PipeTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes are made with mkfifo");
        pipe = small.Of("pipe");
        File.WriteAllText(small.Of("small.yaml"), small.Yaml);
        Run("mkfifo", pipe);
    }

    public void Dispose() => small.Dispose();

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void As_a_configuration_it_is_refused() => Refuses(["--config", pipe], $"{pipe}: holds no keys: {EmptyOrPipe}");

    [Fact]
    public void As_a_training_it_is_refused() => Refuses(["train", "--config", pipe], $"{pipe}: holds no keys: {EmptyOrPipe}");

    [Fact]
    public void As_weights_of_a_run_it_is_refused() => Refuses(
        ["--config", small.Of("small.yaml"), "--set", $"model.weights={pipe}", "--out", small.Of("run")],
        $"{pipe}: the weight file cannot be read: {EmptyOrPipe}");

    [Fact]
    public void As_weights_of_an_explanation_it_is_refused() =>
        Refuses(
            ["explain", small.ImagePath(0), "--weights", pipe, "--out", small.Of("out")],
            $"{pipe}: the weight file cannot be read: {EmptyOrPipe}");

    [Fact]
    public void As_a_list_it_is_refused() => Refuses(
        ["--config", small.Of("small.yaml"), "--set", "images={source: list, list: " + pipe + "}", "--dry-run"],
        $"{pipe}: cannot be read: {EmptyOrPipe}");

    [Fact]
    public void As_an_image_of_a_list_it_is_told_and_passed_over()
    {
        File.WriteAllText(small.Of("list.txt"), $"{pipe}\n{small.ImagePath(0)}\n");
        (int code, _, string error) = ProgramCall.Run(
            "--config", small.Of("small.yaml"), "--set", "images={source: list, list: " + small.Of("list.txt") + "}", "--set",
            "randomization.layers=[fc8]", "--out", small.Of("run"));
        Assert.Equal(0, code);
        Assert.Contains(EmptyOrPipe, error, StringComparison.Ordinal);
    }

    [Fact]
    public void As_a_solution_it_is_refused()
    {
        Directory.CreateDirectory(small.Of("flat"));
        File.Copy(small.ImagePath(0), small.Of("flat", "ILSVRC2012_val_00000001.png"));
        Refuses(
            ["--config", small.Of("small.yaml"), "--set", "images={root: " + small.Of("flat") + ", solution: " + pipe + "}", "--dry-run"],
            $"{pipe}: cannot be read: {EmptyOrPipe}");
    }

    [Fact]
    public void As_a_map_it_is_refused() => Refuses(["score", pipe, pipe], $"{pipe}: cannot be read ({EmptyOrPipe})");

    [Fact]
    public void As_an_image_it_is_told_by_explain_and_images()
    {
        (int code, _, string error) = ProgramCall.Run("explain", pipe, "--weights", small.WeightsPath, "--out", small.Of("out"));
        Assert.NotEqual(0, code);
        Assert.Contains(EmptyOrPipe, error, StringComparison.Ordinal);
        (code, _, error) = ProgramCall.Run("images", pipe);
        Assert.NotEqual(0, code);
        Assert.Contains(EmptyOrPipe, error, StringComparison.Ordinal);
    }

    [Fact]
    public void As_a_baseline_it_is_refused()
    {
        string baseline = small.Of("baseline.csv");
        File.Move(pipe, baseline);
        Refuses(["verify", small.Of("small.yaml"), "--against", baseline], $"{baseline}: cannot be read: {EmptyOrPipe}");
    }

    [Fact]
    public void A_configuration_may_come_through_a_pipe_of_the_shell()
    {
        (int code, string output, string error) = Through("", close: true);
        Assert.Contains("holds no keys", error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (code, output));
        (code, output, _) = Through(small.Yaml, close: true);
        Assert.Equal(0, code);
        Assert.Contains("Nothing was computed.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_ends_a_program_that_waits_for_such_a_pipe()
    {
        // An interrupt that comes before the program listens ends it without a word; on a busy machine that takes a while.
        (int Code, string Output, string Error) ended = default;
        for (int seconds = 1; seconds <= 16 && ended.Error is null or ""; seconds *= 2)
        {
            ended = Through(small.Yaml, close: false, seconds);
        }

        Assert.Equal((130, "Interrupted. What was finished is kept; the same command goes on from there.\n"), (ended.Code, ended.Error));
    }

    private static void Refuses(string[] arguments, string message) =>
        Assert.StartsWith(message, ProgramProcess.Refused(arguments), StringComparison.Ordinal);

    /// <summary>Gives a configuration through standard input, which is closed, or else the program is interrupted.</summary>
    private (int Code, string Output, string Error) Through(string yaml, bool close, int seconds = 0)
    {
        using Process process = ProgramProcess.Start(redirectInput: true, "--config", "/dev/stdin", "--out", small.Of("run"), "--dry-run");
        process.StandardInput.Write(yaml);
        process.StandardInput.Flush();
        if (close)
        {
            process.StandardInput.Close();
        }
        else
        {
            Thread.Sleep(TimeSpan.FromSeconds(seconds));
            Run("kill", "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
        }

        return ProgramProcess.End(process);
    }
}
