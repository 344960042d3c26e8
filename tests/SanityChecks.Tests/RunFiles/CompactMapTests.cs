using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles;

public class CompactMapTests
{
    [Fact]
    public void Values_become_hundred_and_twenty_sevenths_of_the_scale()
    {
        CompactMap map = CompactMap.Of(
            "gradient", 3, true, (2, 4), 2, [0, 2, -2, 1, -0.0079f, 5, float.NegativeInfinity, float.NaN]);
        Assert.Equal(("gradient", 3, true, 2, 4, 2f), (map.Method, map.Step, map.Signed, map.Height, map.Width, map.Scale));
        Assert.Equal<sbyte>([0, 127, -127, 64, -1, 127, -127, -128], map.Unpack());
    }

    [Fact]
    public void A_map_without_a_sign_has_nothing_below_zero() =>
        Assert.Equal<sbyte>([0, 127, 0, 32], CompactMap.Of("grad_cam", 0, false, (1, 4), 1, [-1, 1, 0, 0.25f]).Unpack());

    [Fact]
    public void A_dead_map_is_zero_but_for_what_is_no_number() => Assert.Equal<sbyte>(
        [0, 0, 127, -128], CompactMap.Of("gradient", 0, true, (2, 2), 0, [0, 1, float.PositiveInfinity, float.NaN]).Unpack());

    [Fact]
    public void The_number_of_values_must_be_that_of_the_size()
    {
        Assert.Throws<ArgumentException>(() => CompactMap.Of("gradient", 0, true, (2, 2), 1, [1, 2, 3]));
        CompactMap map = CompactMap.Of("gradient", 0, true, (2, 2), 1, [1, 2, 3, 4]);
        Assert.Throws<FormatException>(() => (map with { Height = 3 }).Unpack());
        Assert.Throws<FormatException>(() => (map with { Height = 1 }).Unpack());
        Assert.Throws<FormatException>(() => (map with { Values = "AAAA" }).Unpack());
    }

    [Fact]
    public void A_file_is_there_when_all_of_its_maps_are()
    {
        using var folder = new TemporaryFolder();
        CompactMap[] maps =
            [.. Enumerable.Range(0, 3).Select(step => CompactMap.Of("gradient", step, true, (1, 2), 0.1f + step, [step, -step]))];
        var file = new MapsFile(folder.Path, "a/</script>é.png");
        file.Append(maps[..2]);
        file.Append(maps[2..]);
        Assert.False(File.Exists(folder.Of(MapsFile.FileName)));
        file.End();
        (string image, IReadOnlyList<CompactMap> read) = MapsFile.Read(folder.Of(MapsFile.FileName));
        Assert.Equal("a/</script>é.png", image);
        Assert.Equal(maps, read);
        Assert.Equal([MapsFile.FileName], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
        new MapsFile(folder.Path, "other").GiveUp();
        Assert.Equal(maps, MapsFile.Read(folder.Of(MapsFile.FileName)).Maps);
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(MapsFile.FileName, "{\"image\":\"a.png\"}\n{\"method\":\"gradient\",\"st");
        Assert.StartsWith($"{file}:2: ", Assert.Throws<RunFileException>(() => MapsFile.Read(file)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            $"{folder.Of("none")}: ", Assert.Throws<RunFileException>(() => MapsFile.Read(folder.Of("none"))).Message, StringComparison.Ordinal);
    }
}
