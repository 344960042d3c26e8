using System.Reflection;
using System.Text;

namespace SanityChecks.Tests.Cli;

/// <summary>The program within this process. What it writes goes to the test that called it, whatever other tests do meanwhile.</summary>
internal static class ProgramCall
{
    private static readonly MethodInfo EntryPoint = Assembly.Load("SanityChecks").EntryPoint!;

    private static readonly AsyncLocal<(StringWriter Output, StringWriter Error)?> Caller = new();

    static ProgramCall()
    {
        Console.SetOut(new CallersWriter(Console.Out, caller => caller.Output));
        Console.SetError(new CallersWriter(Console.Error, caller => caller.Error));

        // A refusal that fails must not begin a download.
        Environment.SetEnvironmentVariable("SANITYCHECKS_CACHE", ProgramProcess.NoCache);
    }

    /// <summary>Runs it to its end. Where this process writes to a terminal the program would draw for that, so there it gets a process of
    /// its own.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        if (!Console.IsOutputRedirected)
        {
            return ProgramProcess.Run(arguments);
        }

        using StringWriter output = new(), error = new();
        Caller.Value = (output, error);
        try
        {
            int code = (int)EntryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
            return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
        }
        finally
        {
            Caller.Value = null;
        }
    }

    /// <summary>Writes to the calling test's writer; outside such a call, to the console.</summary>
    private sealed class CallersWriter(TextWriter console, Func<(StringWriter Output, StringWriter Error), StringWriter> choose)
        : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        private TextWriter Target => Caller.Value is { } caller ? choose(caller) : console;

        public override void Write(char value) => Target.Write(value);

        public override void Write(string? value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Flush() => Target.Flush();
    }
}
