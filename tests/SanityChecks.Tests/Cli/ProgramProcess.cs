using System.Diagnostics;

namespace SanityChecks.Tests.Cli;

/// <summary>The program as a user starts it, in a process of its own.</summary>
internal static class ProgramProcess
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "SanityChecks.dll");

    // Many times what the slowest takes; an interrupt does not arrive where this process was started with interrupts ignored, as by nohup.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        return End(process);
    }

    /// <summary>
    /// Runs it with input that is wrong: exit code 2, nothing on standard output, and one line on standard error, which is returned. It
    /// runs within this process, since starting another takes many times as long as a refusal.
    /// </summary>
    public static string Refused(params string[] arguments)
    {
        (int code, string output, string error) = ProgramCall.Run(arguments);
        Assert.Equal("", output);
        Assert.Single(error.TrimEnd('\r', '\n').Split('\n'));
        Assert.Equal(2, code);
        return error.TrimEnd();
    }

    /// <summary>A cache without weights.</summary>
    public static string NoCache { get; } = Path.Combine(Path.GetTempPath(), "sanitychecks-no-such-cache");

    /// <summary>Starts it, with no weights in its cache.</summary>
    public static Process Start(params string[] arguments) => Start(redirectInput: false, arguments);

    /// <summary>The same, with standard input from this process where that is asked for.</summary>
    public static Process Start(bool redirectInput, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Dll, .. arguments])
        {
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SANITYCHECKS_CACHE"] = NoCache, ["NO_COLOR"] = "1" },
        })!;

    /// <summary>Waits for it; one that hangs is ended, and fails the test.</summary>
    public static (int Code, string Output, string Error) End(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"still running after {Patience}; it said: {output.Result}{error.Result}");
        }

        return (process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }
}
