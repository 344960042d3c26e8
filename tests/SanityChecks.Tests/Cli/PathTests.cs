using SanityChecks.RunFiles;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

/// <summary>Files and folders as people name them, and folders that cannot be written.</summary>
public sealed class PathTests : IDisposable
{
    // One accent is a letter of its own, the other a letter and a mark, as macOS writes it.
    private const string Folder = "\u00C4rzte & Bilder \uD83D\uDC15/de\u0301compose\u0301 #1";

    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Fact]
    public void Spaces_accents_emoji_and_endings_in_capitals_change_nothing()
    {
        small.Run("plain", "images.source=folder", "output.maps=png");
        string root = small.Of(Folder);
        string[] names = ["K\u00E4se 1.PNG", "cafe\u0301 100 %.png", "quote's.Png", "\u732B \uD83D\uDC08.PNG"];
        Directory.CreateDirectory(root);
        for (int i = 0; i < names.Length; i++)
        {
            File.Copy(small.ImagePath(i), Path.Combine(root, names[i]));
        }

        File.WriteAllText(Path.Combine(root, ".DS_Store"), "");
        File.WriteAllText(Path.Combine(root, "Thumbs.db"), "");
        string weights = small.Of("Gewichte gr\u00F6\u00DFer.PTH");
        string config = small.Of("Lauf \u00FC.YAML");
        string run = small.Of("Ergebnis \u00DF \uD83D\uDC15");
        File.Copy(small.WeightsPath, weights);
        File.WriteAllText(
            config, small.Yaml.Replace(small.WeightsPath, weights, StringComparison.Ordinal).Replace(
                small.ImagesPath, root, StringComparison.Ordinal).Replace("source: imagenet", "source: folder", StringComparison.Ordinal));
        (int code, string output, string error) = ProgramCall.Run("--config", config, "--out", run, "--set", "output.maps=png");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(Path.Combine(run, "scores.csv"), output, StringComparison.Ordinal);
        ScoreRow[] rows = [.. ScoresFile.Read(Path.Combine(run, "scores.csv"))
            .Where(row => row.Reference == ScoreRow.Original && row.Method != ScoreRow.Network)];
        Assert.Equal(names.Order(StringComparer.Ordinal), rows.Select(row => row.Image).Distinct());
        ScoreRow[] plain = [.. small.Scores("plain")];
        for (int i = 0; i < names.Length; i++)
        {
            Assert.Equal(
                plain.Where(row => row.Image == SmallRun.Images[i]).Select(row => row.Value),
                rows.Where(row => row.Image == names[i]).Select(row => row.Value));
        }

        Assert.Equal(2, Directory.GetFiles(Path.Combine(run, "maps"), "*.png").Length);
        Assert.Contains(
            "complete already", ProgramCall.Run("--config", config, "--out", run, "--set", "output.maps=png").Output,
            StringComparison.Ordinal);
        (code, output, error) = ProgramCall.Run(
            "explain", Path.Combine(root, names[0]), "--weights", weights, "--methods", "grad_cam", "--out", small.Of("\u00FC b"));
        Assert.Equal((0, ""), (code, error));
        Assert.True(File.Exists(small.Of("\u00FC b", "K\u00E4se 1.grad_cam.png")), output);
    }

    [Fact]
    public void Control_characters_in_a_name_are_shown_and_not_obeyed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "names cannot hold them");
        string root = small.Of("names");
        Directory.CreateDirectory(root);
        File.Copy(small.ImagePath(0), Path.Combine(root, "red\u001b[31m.png"));
        File.WriteAllText(Path.Combine(root, "clear\u001b[2J\nScored 9 images now..png"), "no picture");
        (int code, string output, string error) = ProgramCall.Run("images", root);
        Assert.Equal(2, code);
        Assert.Contains(@"red\u001b[31m.png: ", output, StringComparison.Ordinal);
        Assert.Contains(@"clear\u001b[2J\u000aScored 9 images now..png: the file is of no known kind", error, StringComparison.Ordinal);
        File.WriteAllText(small.Of("small.yaml"), small.Yaml);
        (code, output, error) = ProgramCall.Run(
            "--config", small.Of("small.yaml"), "--set", "images={source: folder, root: " + root + "}", "--set",
            "randomization.layers=[fc8]", "--out", small.Of("run"));
        Assert.Equal(0, code);
        Assert.DoesNotContain(output + error, c => c != '\n' && char.IsControl(c));
        Assert.Contains("skipped: clear", error, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^Scored 9", output + error);
    }

    [Fact]
    public void A_grid_that_cannot_be_written_is_said_in_one_line_and_drawn_the_next_time()
    {
        File.WriteAllText(small.Of("small.yaml"), small.Yaml);
        string[] command = ["--config", small.Of("small.yaml"), "--set", "output.maps=png", "--out", small.Of("run")];
        Assert.Equal(0, ProgramCall.Run(command).Code);
        string grid = Directory.GetFiles(small.Of("run", "maps"), "*.png")[0];
        byte[] drawn = File.ReadAllBytes(grid);
        File.Delete(grid);
        File.Delete(small.Of("run", "report.html"));
        Directory.CreateDirectory(grid);
        (int code, _, string error) = ProgramCall.Run(command);
        Assert.Equal(1, code);
        Assert.Contains(grid, Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(small.Of("run", "report.html")));
        Directory.Delete(grid);
        Assert.Equal(0, ProgramCall.Run(command).Code);
        Assert.Equal(drawn, File.ReadAllBytes(grid));
    }

    public static TheoryData<string> Commands => ["run", "verify", "explain", "shapes"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_folder_that_cannot_be_made_is_said_in_one_line_with_the_cure(string command)
    {
        File.WriteAllText(small.Of("small.yaml"), small.Yaml);
        File.WriteAllText(small.Of("file"), "in the way");
        Check(small.Of("file", "run"), small.Of("file") + " is a file");
        if (OperatingSystem.IsLinux())
        {
            // Not even root makes a folder there.
            Check("/proc/sanitychecks", "nothing can be written to /proc");
        }

        void Check(string folder, string reason)
        {
            string[] arguments = command switch
            {
                "run" => ["--config", small.Of("small.yaml")],
                "verify" => ["verify", small.Of("small.yaml"), "--against", small.Of("baseline.csv"), "--update"],
                "explain" => ["explain", small.ImagePath(0), "--weights", small.WeightsPath],
                _ => ["shapes", "--count", "1"],
            };
            (int code, _, string error) = ProgramCall.Run([.. arguments, "--out", folder]);
            Assert.Equal(1, code);
            Assert.Matches($@"^The folder {folder} cannot be made: {reason}\. Give another folder with --out or --against\.\n$", error);
        }
    }
}
