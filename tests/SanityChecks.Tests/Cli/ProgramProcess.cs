using System.Diagnostics;

namespace SanityChecks.Tests.Cli;

/// <summary>The program as a user starts it, in a process of its own.</summary>
internal static class ProgramProcess
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "SanityChecks.dll");

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        return End(process);
    }

    /// <summary>Runs it with input that is wrong: exit code 2, nothing on standard output, and one line on standard error, which is returned.</summary>
    public static string Refused(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.Equal("", output);
        Assert.Single(error.TrimEnd('\r', '\n').Split('\n'));
        Assert.Equal(2, code);
        return error.TrimEnd();
    }

    /// <summary>Starts it, with no weights in its cache.</summary>
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Dll, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["SANITYCHECKS_CACHE"] = Path.Combine(Path.GetTempPath(), "sanitychecks-no-such-cache"), ["NO_COLOR"] = "1" },
    })!;

    /// <summary>Waits for it.</summary>
    public static (int Code, string Output, string Error) End(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }
}
