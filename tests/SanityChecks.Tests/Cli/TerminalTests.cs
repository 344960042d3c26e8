using System.Diagnostics;
using System.Text.RegularExpressions;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

/// <summary>A run on a terminal, which util-linux's script provides.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly SmallRun small = new();

    public TerminalTests() => File.WriteAllText(small.Of("small.yaml"), small.Yaml);

    public void Dispose() => small.Dispose();

    private string OnTerminal(int columns, string term, string? noColor = null, string set = "strict=false")
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs /usr/bin/script, which is not here");
        string dll = Path.Combine(AppContext.BaseDirectory, "SanityChecks.dll"), folder = small.Root;
        var start = new ProcessStartInfo(
            "/usr/bin/script",
            ["-qec", $"stty cols {columns} rows 24 && dotnet '{dll}' --config '{folder}/small.yaml' --out '{folder}/run' --set '{set}'",
                "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TERM"] = term, ["NO_COLOR"] = noColor },
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        (int code, string output, _) = ProgramProcess.End(process);
        Assert.True(code == 0, output);
        Assert.Contains("Scored 4 images now.", output, StringComparison.Ordinal);
        return output;
    }

    [Fact]
    public void Without_color_the_bar_is_drawn_in_none()
    {
        string output = OnTerminal(100, "xterm-256color", noColor: "1");
        Assert.Contains("4/4 images", output, StringComparison.Ordinal);
        Assert.Contains("\u001b[", output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*m", output);
        Assert.Matches(@"\n +0 +nothing +1\.000 +4 of 4", output);
    }

    [Fact]
    public void A_dumb_terminal_gets_plain_lines()
    {
        string output = OnTerminal(100, "dumb");
        Assert.DoesNotContain('\u001b', output);
        Assert.Matches(@"(?m)^4/4 images, 100 %, ", output);
        Assert.Contains("|    0 | nothing    |    1.000 |  4 of 4 |", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    public void A_narrow_terminal_breaks_no_word_of_the_table(int columns)
    {
        string output = Regex.Replace(
            OnTerminal(columns, "xterm-256color", set: "methods=[grad_cam,guided_backprop,guided_grad_cam]"), @"\u001b\[[0-9;?]*[A-Za-z]",
            "");
        Assert.Matches(@"0[ |]+nothing[ |]+1\.000[ |]+1\.000[ |]+1\.000[ |]+4 of 4", output);
        Assert.Matches(@"step[ |]+randomized[ |]+grad_cam[ |]+guided_backprop[ |]+guided_grad_cam[ |]+defined", output);
    }
}
