using System.Text.RegularExpressions;
using SanityChecks.Compute;

namespace SanityChecks.Tests.Compute;

public class EnginesTests
{
    private static readonly EngineEntry Absent = new(
        "card", "it is the fastest", _ => "the cable is missing", (_, _) => throw new EngineException("no"));

    [Fact]
    public void Auto_says_what_it_took_and_why()
    {
        EngineChoice chosen = Engines.Choose("auto");
        using IEngine engine = chosen.Engine;
        Assert.StartsWith($"auto took {Regex.Replace(engine.Name, ":[0-9]+$", "")}: ", chosen.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "auto took cpu: the fastest without a graphics card; not card: the cable is missing")]
    [InlineData(false, "auto took cpu: the fastest without a graphics card")]
    public void Auto_explains_only_what_somebody_may_have_expected(bool expected, string reason)
    {
        EngineChoice chosen = new EngineList([Absent with { Expected = _ => expected }, .. EngineList.Own.Entries]).Choose("auto");
        using IEngine engine = chosen.Engine;
        Assert.Equal(reason, chosen.Reason);
    }

    [Fact]
    public void Where_nothing_runs_auto_says_why_of_each()
    {
        EngineException error = Assert.Throws<EngineException>(() => new EngineList([Absent]).Choose("auto"));
        Assert.Equal("No engine runs on this machine: not card: the cable is missing.", error.Message);
    }

    [Fact]
    public void An_engine_that_was_asked_for_needs_no_reason()
    {
        EngineChoice chosen = Engines.Choose("reference");
        using IEngine engine = chosen.Engine;
        Assert.Equal(("reference", ""), (engine.Name, chosen.Reason));
    }

    [Theory]
    [InlineData("auto", true)]
    [InlineData("torch:cuda:3", true)]
    [InlineData("torch:cpu:3", false)]
    [InlineData("torch:cuda:", false)]
    [InlineData("torch:cuda:-1", false)]
    [InlineData("torch:cuda:one", false)]
    [InlineData("cpu:1", false)]
    [InlineData("", false)]
    public void A_number_may_follow_only_what_there_can_be_several_of(string name, bool known) => Assert.Equal(known, Engines.Knows(name));

    [Fact]
    public void Every_name_that_runs_here_makes_an_engine()
    {
        Assert.Contains("cpu", Engines.Runnable());
        Assert.All(Engines.Runnable(), name =>
        {
            using IEngine engine = Engines.Create(name);
            Assert.StartsWith(name.Split(':')[0], engine.Name, StringComparison.Ordinal);
        });
    }
}
