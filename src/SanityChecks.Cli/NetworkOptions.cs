using System.CommandLine;
using SanityChecks.Cli.Explanations;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Cli;

/// <summary>The options of commands that look at one network, as short forms of a configuration's keys.</summary>
internal sealed class NetworkOptions
{
    private const string Target = "target";

    private const string OneTarget = "predicted (by default), label (from the file's folder or name), a class by index, name or WordNet id, or an element of an .onnx file's output: \"{output: NAME, index: [0, 3]}\".";

    private readonly string methodsByDefault;
    private readonly bool severalTargets;

    private readonly Option<string[]> targets = new("--target")
    {
        Description = $"{OneTarget} Several with commas between, or the option repeated, are explained side by side; a class whose name has a comma in it is found by its whole name.",
        HelpName = "T,U",
    };

    private readonly Option<string?> config = new("--config")
    {
        Description =
            "Takes network, weights, methods, target and everything else from an experiment's YAML file; options below win over it.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "Overrides one key of the configuration with any YAML value; may be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> methods;

    private readonly (string Key, Option<string?> Option)[] texts =
    [
        ("model.architecture", new("--architecture")
        {
            Description = string.Join(", ", NetworkSource.Architectures) + "; vgg16 by default.",
            HelpName = "NAME",
        }),
        ("model.weights", new("--weights")
        {
            Description = "A .safetensors, .pth or .onnx file, imagenet (downloaded once, the default) or shapes (bundled, for vgg16).",
            HelpName = "FILE",
        }),
        ("model.graph", new("--graph")
        {
            Description = "The .onnx file that fine-tuned weights belong to.",
            HelpName = "FILE",
        }),
        ("model.classes", new("--classes")
        {
            Description = "A text file with the name of a class on each line, in the order of the network's outputs.",
            HelpName = "FILE",
        }),
        ("model.inputs", new("--inputs")
        {
            Description = "A .safetensors or .pth file with a tensor for each input of an .onnx file but the images.",
            HelpName = "FILE",
        }),
        (Target, new("--target")
        {
            Description = OneTarget,
            HelpName = "T",
        }),
        ("layer", new("--layer")
        {
            Description = "The layer that Grad-CAM reads; the last convolution's ReLU by default.",
            HelpName = "NAME",
        }),
        (PreprocessingOption.Key, new(PreprocessingOption.Name)
        {
            Description = PreprocessingOption.Allowed + "; imagenet by default.",
            HelpName = "NAME",
        }),
    ];

    private readonly EngineOption engine = new();

    /// <param name="methodsByDefault">What <c>--methods</c> is where neither it nor a file is given.</param>
    /// <param name="severalTargets">Whether several classes of an image may be explained.</param>
    public NetworkOptions(string methodsByDefault, bool severalTargets = false)
    {
        this.methodsByDefault = methodsByDefault;
        this.severalTargets = severalTargets;
        methods = new("--methods")
        {
            Description = string.Join(",", AttributionMethods.All.Select(method => method.Name)) + $", some of them, or all; with parameters as in a configuration: \"[grad_cam, {{name: smooth_grad, samples: 20}}]\"; {methodsByDefault} by default.",
            HelpName = "a,b",
        };
    }

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[config, set, .. texts.Select(OptionOf), methods, engine.Name, engine.Libtorch])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the options for targets say, each as it was given; empty where they say nothing.</summary>
    public IReadOnlyList<string> Targets(ParseResult parsed) => parsed.GetValue(targets) ?? [];

    /// <summary>The configuration that a call means. Several targets are none of its matter: it then has <c>predicted</c>.</summary>
    /// <param name="parsed">The call.</param>
    /// <param name="name">The command's name, for messages where there is no file.</param>
    /// <param name="more">What options of the command alone say.</param>
    /// <exception cref="ConfigException">A key or value is not allowed.</exception>
    public ExperimentConfig Settings(ParseResult parsed, string name, params GivenValue[] more)
    {
        GivenValue[] given =
        [
            .. parsed.GetValue(set)!,
            .. texts.SelectMany(
                one => TextOf(parsed, one.Key, one.Option) is { } text
                    ? [one.Key == PreprocessingOption.Key
                        ? PreprocessingOption.Given(text)
                        : one.Key == Target && text.StartsWith('{') ? GivenValue.Yaml(Target, text, $"--target {text}")
                        : GivenValue.Text(one.Key, text, one.Option.Name)]
                    : Array.Empty<GivenValue>()),
            .. parsed.GetValue(methods) is { } listed ? [List("methods", listed, methods.Name)] : Array.Empty<GivenValue>(),
            .. engine.Overrides(parsed), .. more,
        ];
        return parsed.GetValue(config) is { } file
            ? ExperimentConfig.Load(file, given, Engines.Vocabulary)
            : ExperimentConfig.Parse($"methods: [{methodsByDefault}]", name, given, Engines.Vocabulary);
    }

    private Option OptionOf((string Key, Option<string?> Option) text) => severalTargets && text.Key == Target ? targets : text.Option;

    private string? TextOf(ParseResult parsed, string key, Option<string?> option) => !severalTargets || key != Target
        ? parsed.GetValue(option)
        : Targets(parsed) switch
        {
            [] => null,
            [var only] when !TargetList.MayBeSeveral(only) => only,
            _ => TargetList.Default,
        };

    /// <summary>Names with commas between, or what a configuration has under the key.</summary>
    public static GivenValue List(string key, string text, string option) =>
        GivenValue.Yaml(key, text.AsSpan().ContainsAny('[', '{') ? text : $"[{text}]", $"{option} {text}");
}
