namespace SanityChecks.Tests.Cli;

public class HelpTests
{
    [Theory]
    [InlineData(
        "",
        "dotnet run -- --config configs/cascade.yaml",
        "dotnet run -- --config configs/squeezenet/cascade.yaml --set images.root=photos --set images.count=20",
        "dotnet run -- --config configs/imagenet/independent.yaml --set methods=[grad_cam,gradient] --out results/mine",
        "dotnet run -- --config configs/imagenet/cascade.yaml --dry-run")]
    [InlineData(
        "explain",
        "dotnet run -- explain dog.jpg --architecture squeezenet1_1",
        "dotnet run -- explain *.jpg --architecture vgg16 --weights vgg16-397923af.pth --methods grad_cam,gradient --raw --out maps",
        "dotnet run -- explain dog.jpg --architecture squeezenet1_1 --target \"tiger cat\" --json",
        "dotnet run -- explain dog.jpg --architecture squeezenet1_1 --target tabby,boxer --layers all --colormap viridis,diverging --blend 0.6",
        "dotnet run -- explain https://host/dog.jpg --architecture squeezenet1_1 --randomize cascade --seed 2")]
    [InlineData(
        "localize",
        "dotnet run -- localize dog.jpg --architecture squeezenet1_1 --grabcut",
        "dotnet run -- localize results/shapes/images --weights shapes --preprocessing squash --methods grad_cam,guided_backprop",
        "dotnet run -- localize photos --annotations Annotations/CLS-LOC/val --target label --threshold 0.2 --json")]
    [InlineData("score", "dotnet run -- score original.npy randomized.npy", "dotnet run -- score original.npy randomized.npy --json")]
    [InlineData(
        "verify",
        "dotnet run -- verify configs/ci.yaml --against results/reference/ci.csv",
        "dotnet run -- verify configs/ci.yaml --against results/reference/ci.csv --update",
        "dotnet run -- verify results/cascade --against results/reference/cascade.csv --tolerance spearman=0.01 --tolerance ssim=0",
        "dotnet run -- verify results/imagenet-cascade --against results/reference/imagenet.csv --update --summary")]
    [InlineData("report", "dotnet run -- report results/cascade")]
    [InlineData("shapes", "dotnet run -- shapes --count 36 --out results/shapes", "dotnet run -- shapes --count 100 --pairs --size 512 --out results/pairs")]
    [InlineData("models", "dotnet run -- models")]
    [InlineData("methods", "dotnet run -- methods")]
    public void Help_ends_with_commands_to_copy(string command, params string[] examples)
    {
        (int code, string output, string error) = ProgramProcess.Run(
            [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith("\nExamples:\n" + string.Concat(examples.Select(example => $"  {example}\n")), output, StringComparison.Ordinal);
        Assert.Contains("Usage:\n  SanityChecks " + command, output, StringComparison.Ordinal);
        Assert.All(
            examples.SelectMany(example => example.Split(' ')).Where(word => word.StartsWith("configs/", StringComparison.Ordinal)),
            file => Assert.True(File.Exists(Path.Combine(SharedFolder.RepositoryRoot, file))));
    }

    [Theory]
    [InlineData("modles", "Unrecognized command or argument 'modles'.")]
    [InlineData("score a.npy", "Required argument 'B.npy' missing for command: 'score'.")]
    [InlineData("score a.npy b.npy --jsn", "Unrecognized command or argument '--jsn'.")]
    [InlineData("explain", "Required argument 'IMAGE' missing for command: 'explain'.")]
    [InlineData("explain a.png --jsn", "Unrecognized option '--jsn'.")]
    [InlineData("models --all", "Unrecognized option '--all'.")]
    public void A_wrong_command_line_is_one_line_that_leads_to_the_help(string arguments, string problem) =>
        Assert.Equal(problem + " --help shows examples.", ProgramProcess.Refused(arguments.Split(' ')));
}
