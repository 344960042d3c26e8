using SanityChecks.Compute;
using SanityChecks.Compute.Torch;
using SanityChecks.Tests.Cli;
using SanityChecks.Tests.Networks;
using TorchSharp;

namespace SanityChecks.Tests.Compute;

/// <summary>Where libtorch is looked for, and what is said where it is missing or does not fit. What it computes is in
/// <see cref="EngineConformanceTests"/>, where it is there.</summary>
public sealed class LibtorchTests : IDisposable
{
    private const string LoadingFaults =
        @"TorchSharp needs [A-Z]+_[0-9.]+, which this system's libraries lack; Debian 13 and Ubuntu 24\.04 have it .*|\S+ needs \S+, which .*|\S+ cannot be loaded: .*|TorchSharp has no library for .*|libtorch \S+ computes wrong convolutions .*";

    private static readonly string CpuLibrary =
        OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("torch")]
    [InlineData("torch:cuda")]
    [InlineData("torch:cpu")]
    public void Without_libtorch_the_three_ways_to_it_are_said_in_three_lines(string name)
    {
        Assert.SkipWhen(File.Exists(Path.Combine(AppContext.BaseDirectory, CpuLibrary)), "this build has libtorch");
        (int code, string output, string error) = ProgramCall.Run(
            "--config", Path.Combine(SharedFolder.RepositoryRoot, "configs", "ci.yaml"), "--dry-run", "--engine", name);
        Assert.Equal((2, ""), (code, output));
        string[] lines = error.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith(
            $"The engine '{(name == "torch:cuda" ? "torch:cuda:0" : name)}' needs libtorch 2.10. ", lines[0], StringComparison.Ordinal);
        Assert.Contains("-p:Torch=cuda", lines[0], StringComparison.Ordinal);
        Assert.Contains("-p:Torch=cpu", lines[1], StringComparison.Ordinal);
        Assert.Contains("--libtorch FOLDER", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Libtorch_that_is_there_runs_or_says_in_one_line_what_is_missing()
    {
        Assert.SkipUnless(
            Engines.Options.Libtorch is not null || File.Exists(Path.Combine(AppContext.BaseDirectory, CpuLibrary)),
            "no libtorch: -p:Torch=cpu restores it, SANITYCHECKS_LIBTORCH names an installed one");
        try
        {
            using IEngine engine = Engines.Create("torch:cpu");
            Assert.Equal("torch:cpu", engine.Name);
            Assert.EndsWith($", {Environment.ProcessorCount} thread(s)", engine.Description, StringComparison.Ordinal);
            Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+", engine.Facts["libtorch"]);
        }
        catch (EngineException error)
        {
            Assert.Matches($@"\AThe engine 'torch:cpu' cannot run: ({LoadingFaults})\. --engine cpu runs everywhere\.\z", error.Message);
        }
    }

    [Fact]
    public void Convolutions_of_a_processor_that_are_a_thousandth_off_are_refused()
    {
        Assert.SkipUnless(Engines.Options.Libtorch is not null || File.Exists(Path.Combine(AppContext.BaseDirectory, CpuLibrary)), "no libtorch");
        using IEngine engine = Engines.Create("torch:cpu"); // loads it
        Assert.Null(ConvolutionTrial.Fault(Convolution));
        Assert.Matches(
            @"^libtorch [0-9.]+\S* computes wrong convolutions on this processor \(5 x 5: [0-9.]+ off where the largest value is [0-9.]+\); ",
            ConvolutionTrial.Fault((input, weight, padding, stride) => Convolution(input, weight, padding, stride) * 1.001f));
        Assert.NotNull(ConvolutionTrial.Fault((input, weight, padding, stride) => Convolution(input, weight, padding, stride) * float.NaN));

        static torch.Tensor Convolution(torch.Tensor input, torch.Tensor weight, long padding, long stride) =>
            torch.nn.functional.conv2d(input, weight, null, [stride, stride], [padding, padding]);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("it's {missing}: # [here]")]
    public void A_folder_that_is_not_there_is_named(string name)
    {
        string missing = folder.Of(name);
        Assert.Equal($"The engine 'torch:cpu' cannot run: there is no folder {missing}. --engine cpu runs everywhere.", Refusal(missing));
    }

    [Fact]
    public void A_folder_without_libtorch_is_told_what_it_lacks() =>
        Assert.Equal($"The engine 'torch:cpu' cannot run: {folder.Of(CpuLibrary)} is not there; the folder 'lib' of an installed PyTorch has it. --engine cpu runs everywhere.", Refusal(folder.Of("")));

    [Theory]
    [InlineData("version.py", "__version__ = '2.6.0+cu124'\ndebug = False\n", "2.6.0+cu124")]
    [InlineData("version.py", "from typing import Optional\n\n__version__ = \"2.11.0\"\n", "2.11.0")]
    [InlineData("build-version", "2.1.0+cpu\n", "2.1.0+cpu")]
    public void Another_version_is_refused_before_anything_of_it_is_loaded(string file, string text, string version)
    {
        Directory.CreateDirectory(folder.Of("lib"));
        File.WriteAllText(folder.Of(Path.Combine("lib", CpuLibrary)), "not a library");
        File.WriteAllText(folder.Of(file), text);
        Assert.Equal(
            $"The engine 'torch:cpu' cannot run: {folder.Of("lib")} holds libtorch {version}, and TorchSharp 0.107.0 goes with 2.10 (pip install torch==2.10.0). --engine cpu runs everywhere.",
            Refusal(folder.Of("lib")));
    }

    [Theory]
    [InlineData("2.10.0", true)]
    [InlineData("2.10.1+cu128", true)]
    [InlineData("2.1.0", false)]
    [InlineData("2.100.0", false)]
    [InlineData("12.10.0", false)]
    [InlineData("", false)]
    public void A_version_fits_by_its_first_two_numbers(string version, bool fits) => Assert.Equal(fits, LibtorchFolder.Fits(version));

    [Theory]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /x/libLibTorchSharp.so)", "TorchSharp needs GLIBCXX_3.4.32, which this system's libraries lack; Debian 13 and Ubuntu 24.04 have it (libstdc++ of GCC 13)")]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /x/libtorch_cpu.so)", "TorchSharp needs GLIBC_2.38, which this system's libraries lack; Debian 13 and Ubuntu 24.04 have it (libstdc++ of GCC 13)")]
    [InlineData("libgomp.so.1: cannot open shared object file: No such file or directory", "libLibTorchSharp.so needs libgomp.so.1, which this system lacks; the package libgomp1 of Debian 13 and Ubuntu 24.04 has it")]
    [InlineData("libcudart.so.12: cannot open shared object file: No such file or directory", "libLibTorchSharp.so needs libcudart.so.12 of CUDA, which is not beside it; the packages nvidia-* that pip installs with PyTorch have it")]
    [InlineData("libmkl_rt.so.2: cannot open shared object file: No such file or directory", "libLibTorchSharp.so needs libmkl_rt.so.2, which is neither beside it nor installed; Debian 13 and Ubuntu 24.04 have what libtorch needs")]
    [InlineData("/x/libLibTorchSharp.so: undefined symbol: _ZN2at4_ops3fooE", "libLibTorchSharp.so needs the function _ZN2at4_ops3fooE, which this libtorch lacks: it is not the 2.10.0 that TorchSharp was built for")]
    [InlineData("/x/libLibTorchSharp.so: failed to map segment from shared object", "libLibTorchSharp.so cannot be loaded: /x/libLibTorchSharp.so: failed to map segment from shared object")]
    public void What_the_loader_says_becomes_what_is_missing_and_where_it_is(string said, string clause) =>
        Assert.Equal(clause, LoaderMessage.Explain("/x/libLibTorchSharp.so", said));

    [Fact]
    public void A_file_of_another_system_is_named() =>
        Assert.StartsWith(
            "/x/libtorch_cpu.so is damaged or for another system; ",
            LoaderMessage.Explain("/x/libtorch_cpu.so", "/x/libtorch_cpu.so: invalid ELF header"), StringComparison.Ordinal);

    private static string Refusal(string libtorch) =>
        ProgramProcess.Refused(
            "--config", Path.Combine(SharedFolder.RepositoryRoot, "configs", "ci.yaml"), "--dry-run", "--engine", "torch:cpu", "--libtorch",
            libtorch);
}
