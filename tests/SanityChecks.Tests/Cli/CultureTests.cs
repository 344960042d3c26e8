using System.Diagnostics;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

/// <summary>Numbers in files and on the terminal are the same in every country.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly SmallRun small = new();

    private readonly CultureInfo before = CultureInfo.CurrentCulture;

    public CultureTests() => File.WriteAllText(small.Of("small.yaml"), small.Yaml);

    public void Dispose()
    {
        CultureInfo.CurrentCulture = before;
        small.Dispose();
    }

    /// <summary>Commas as in German, and the minus of Swedish; cultures of the system are not there, since the program is built without
    /// them.</summary>
    private static CultureInfo Comma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.TextInfo.ListSeparator = ";";
        return culture;
    }

    [Fact]
    public void A_run_writes_the_same_bytes_and_words_where_decimals_have_a_comma()
    {
        string[] run = ["--config", small.Of("small.yaml"), "--set", "metrics=[spearman,ssim]", "--set", "output.maps=png", "--out"];
        (int code, string output, _) = ProgramCall.Run([.. run, small.Of("plain")]);
        CultureInfo.CurrentCulture = Comma();
        Assert.Equal("0,5", 0.5.ToString(CultureInfo.CurrentCulture));
        (int commaCode, string commaOutput, _) = ProgramCall.Run([.. run, small.Of("comma")]);
        Assert.Equal((0, 0), (code, commaCode));
        string[] files =
            [.. Directory.EnumerateFiles(small.Of("plain"), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(small.Of("plain"), file)).Where(file => file != "manifest.json")];
        Assert.True(files.Length > 10, string.Join(' ', files));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(small.Of("plain", file)), File.ReadAllBytes(small.Of("comma", file))));
        Assert.Equal(Table(output), Table(commaOutput));
        Assert.Contains("complete already", ProgramCall.Run([.. run, small.Of("plain")]).Output, StringComparison.Ordinal);

        static string Table(string text) =>
            text[text.IndexOf("mean spearman", StringComparison.Ordinal)..text.IndexOf("Scored", StringComparison.Ordinal)];
    }

    [Fact]
    public void Scores_and_explanations_are_the_same_where_decimals_have_a_comma()
    {
        string[][] commands =
        [
            ["score", Noise("a.npy"), Noise("b.npy")],
            ["score", Noise("a.npy"), Noise("b.npy"), "--json"],
            ["explain", small.ImagePath(0), "--weights", small.WeightsPath, "--methods", "grad_cam", "--out", small.Of("maps")],
        ];
        string[] plain = [.. commands.Select(command => ProgramCall.Run(command).Output)];
        CultureInfo.CurrentCulture = Comma();
        Assert.Equal(plain, commands.Select(command => ProgramCall.Run(command).Output));
        Assert.Matches(@"spearman +-?0\.\d{6}\n", plain[0]);
    }

    [Fact]
    public void The_systems_locale_changes_nothing_even_where_it_is_asked_for()
    {
        string[] command = ["score", Noise("a.npy"), Noise("b.npy")];
        string dll = Path.Combine(AppContext.BaseDirectory, "SanityChecks.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [dll, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
                { ["LC_ALL"] = "tr_TR.UTF-8", ["LANG"] = "de_DE.UTF-8", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0",
                    ["NO_COLOR"] = null },
        })!;
        (int code, string output, string error) = ProgramProcess.End(process);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(ProgramCall.Run(command).Output, output);
        Assert.DoesNotContain('\u001b', output);
    }

    private string Noise(string name)
    {
        var stream = new RandomStream(2, 0, name);
        NpyFile.Write(small.Of(name), new Shape(50, 60), [.. Enumerable.Range(0, 3000).Select(i => (float)stream.Uniform(i) - 0.5f)]);
        return small.Of(name);
    }
}
