using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SanityChecks.Cli;

/// <summary>The usual help, then commands that one can copy.</summary>
/// <param name="usual">Prints usage and options.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        [ExplainCommand.Name] =
        [
            "dotnet run -- explain dog.jpg --architecture squeezenet1_1",
            "dotnet run -- explain *.jpg --architecture vgg16 --weights vgg16-397923af.pth --methods grad_cam,gradient --raw --out maps",
            "dotnet run -- explain dog.jpg --architecture squeezenet1_1 --target \"tiger cat\" --json",
            "dotnet run -- explain dog.jpg --architecture squeezenet1_1 --target tabby,boxer --layers all --colormap viridis,diverging --blend 0.6",
            "dotnet run -- explain https://host/dog.jpg --architecture squeezenet1_1 --randomize cascade --seed 2",
        ],
        [LocalizeCommand.Name] =
        [
            "dotnet run -- localize dog.jpg --architecture squeezenet1_1 --grabcut",
            "dotnet run -- localize results/shapes/images --weights shapes --preprocessing squash --methods grad_cam,guided_backprop",
            "dotnet run -- localize photos --annotations Annotations/CLS-LOC/val --target label --threshold 0.2 --json",
        ],
        [ScoreCommand.Name] = ["dotnet run -- score original.npy randomized.npy", "dotnet run -- score original.npy randomized.npy --json"],
        [TrainCommand.Name] =
        [
            "dotnet run -- train --config configs/train-shapes.yaml",
            "dotnet run -- train --config configs/finetune-folder.yaml --set data.root=photos --set train.layers=[fc8,fc7]",
        ],
        [VerifyCommand.Name] =
        [
            "dotnet run -- verify configs/ci.yaml --against results/reference/ci.csv",
            "dotnet run -- verify configs/ci.yaml --against results/reference/ci.csv --update",
            "dotnet run -- verify results/cascade --against results/reference/cascade.csv --tolerance spearman=0.01 --tolerance ssim=0",
            "dotnet run -- verify results/imagenet-cascade --against results/reference/imagenet.csv --update --summary",
        ],
        [ReportCommand.Name] = ["dotnet run -- report results/cascade"],
        [CompareCommand.Name] =
            ["dotnet run -- compare results/cascade results/independent results/imagenet-cascade --out results/compared"],
        [ShardsCommand.Name] =
        [
            "SanityChecks shards plan configs/imagenet/cascade.yaml --count 50 --slurm --time 2:00:00 --mem 8G --out /shared/study",
            "bash /shared/study/shards/slurm.sh",
            "SanityChecks shards status /shared/study",
            "dotnet run -- shards plan configs/cascade.yaml --count 4 --list | parallel -j 2",
            "dotnet run -- shards merge results/cascade",
        ],
        [ShapesCommand.Name] =
            ["dotnet run -- shapes --count 36 --out results/shapes",
                "dotnet run -- shapes --count 100 --pairs --size 512 --out results/pairs"],
        [ModelsCommand.Name] = ["dotnet run -- models"],
        [MethodsCommand.Name] = ["dotnet run -- methods"],
        [AxiomsCommand.Name] =
        [
            "dotnet run -- axioms",
            "dotnet run -- axioms dog.jpg --architecture squeezenet1_1 --methods gradient,integrated_gradients,deep_lift",
        ],
    };

    private static readonly string[] RunExamples =
    [
        "dotnet run -- --config configs/cascade.yaml",
        "dotnet run -- --config configs/squeezenet/cascade.yaml --set images.root=photos --set images.count=20",
        "dotnet run -- --config configs/imagenet/independent.yaml --set methods=[grad_cam,gradient] --out results/mine",
        "dotnet run -- --config configs/imagenet/cascade.yaml --dry-run",
    ];

    // Who asks for help has not given the arguments yet.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in Examples.GetValueOrDefault(parseResult.CommandResult.Command.Name, RunExamples))
        {
            output.WriteLine("  " + example);
        }

        return code;
    }
}
