using System.Text.RegularExpressions;
using SanityChecks.Compute;

namespace SanityChecks.Tests.Compute;

public class EnginesTests
{
    private static readonly bool TorchIsBuiltIn = Type.GetType("SanityChecks.Compute.Torch.TorchEngines, SanityChecks.Compute.Torch") is not null;

    [Fact]
    public void Auto_says_what_it_took_and_why()
    {
        EngineChoice chosen = Engines.Choose("auto");
        using IEngine engine = chosen.Engine;
        Assert.StartsWith($"auto took {Regex.Replace(engine.Name, ":[0-9]+$", "")}: ", chosen.Reason, StringComparison.Ordinal);
        Assert.Equal(TorchIsBuiltIn && engine.Name == "cpu", chosen.Reason.Contains("; not torch:cuda: ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_engine_that_was_asked_for_needs_no_reason()
    {
        EngineChoice chosen = Engines.Choose("reference");
        using IEngine engine = chosen.Engine;
        Assert.Equal(("reference", ""), (engine.Name, chosen.Reason));
    }

    [Theory]
    [InlineData("torch", "cuda")]
    [InlineData("torch:cuda", "cuda")]
    [InlineData("torch:cuda:1", "cuda")]
    [InlineData("torch:cpu", "cpu")]
    public void An_engine_that_is_not_built_in_says_how_to_build_it(string name, string bundle)
    {
        Assert.SkipWhen(TorchIsBuiltIn, "TorchSharp is built in");
        Assert.Equal(
            $"The engine '{name}' is not built in. Give -p:Torch={bundle} before the two hyphens: dotnet run -p:Torch={bundle} -- --config FILE --engine {name}",
            Assert.Throws<EngineException>(() => Engines.Create(name)).Message);
    }

    [Fact]
    public void An_engine_that_is_built_in_runs_or_says_in_one_line_what_is_missing()
    {
        Assert.SkipUnless(TorchIsBuiltIn, "TorchSharp is not built in");
        try
        {
            using IEngine engine = Engines.Create("torch:cpu");
            Assert.Equal("torch:cpu", engine.Name);
            Assert.EndsWith($", {Environment.ProcessorCount} thread(s)", engine.Description, StringComparison.Ordinal);
        }
        catch (EngineException error)
        {
            Assert.Matches(@"\AThe engine 'torch:cpu' cannot run: (TorchSharp needs [A-Z]+_[0-9.]+, which .* lack; Debian 13 .*|libtorch cannot be loaded; .*)\. --engine cpu runs everywhere\.\z", error.Message);
        }
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
