using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles;

public sealed class FolderClaimTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Run => folder.Of("run");

    public void Dispose() => folder.Dispose();

    private bool Take(params string[] differences) => FolderClaim.Take(Run, "run", "config.yaml", "seed: 1\n", _ => differences);

    [Fact]
    public void A_free_folder_is_made_with_the_configuration_and_taken_again_with_the_same()
    {
        Assert.True(Take("not asked for"));
        Assert.Equal("seed: 1\n", File.ReadAllText(folder.Of("run", "config.yaml")));
        Assert.False(Take());
    }

    [Fact]
    public void What_was_killed_while_it_wrote_its_configuration_leaves_the_folder_free()
    {
        folder.Write("run/config.yaml.part", "see");
        Assert.True(Take());
        Assert.Equal(["config.yaml"], Directory.EnumerateFiles(Run).Select(Path.GetFileName));
    }

    [Fact]
    public void Another_configuration_is_refused_with_the_differences_and_both_ways_out()
    {
        Take();
        Assert.Equal(
            $"The folder {Run} holds a run with another configuration (seed: 2; layer: fc8 there): give another folder with --out, or delete that one.",
            Assert.Throws<InputException>(() => Take("seed: 2", "layer: fc8")).Message);
    }

    [Fact]
    public void Other_files_are_refused_and_left_alone()
    {
        folder.Write("run/notes.txt", "mine");
        Assert.Equal(
            $"The folder {Run} is not empty and holds no run: give another with --out, or empty it.",
            Assert.Throws<InputException>(() => Take()).Message);
        Assert.Equal(["notes.txt"], Directory.EnumerateFiles(Run).Select(Path.GetFileName));
    }
}
