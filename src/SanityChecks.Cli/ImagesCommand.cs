using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;

namespace SanityChecks.Cli;

/// <summary>Says what the program sees of image files, as hashes that another program's pixels can be compared with.</summary>
internal static class ImagesCommand
{
    public const string Name = "images";

    private const int WrongInput = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = $"Image files ({ImageKind.ReadNames}), and folders of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        paths.RefuseOptions();
        var preprocessing = new Option<string>(PreprocessingOption.Name)
        {
            Description = PreprocessingOption.Allowed + ".",
            HelpName = "NAME",
            DefaultValueFactory = _ => Preprocessing.ImageNet.Name,
        };
        var architecture = new Option<string>("--architecture")
        {
            Description = $"The network whose size images get where none is given: {string.Join(", ", ArchitectureList.Names)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => ArchitectureList.Names[0],
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(Name, "Prints size, the SHA-256 of the decoded RGB bytes, and that of the bytes that preprocessing leaves of them, before they are normalised.")
        {
            paths, preprocessing, architecture, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            string given = parsed.GetValue(preprocessing)!;
            Preprocessing preset = Resolved(given, parsed.GetValue(architecture)!);
            bool all = parsed.GetValue(json), failed = false;
            var seen = new List<SeenImage>();
            foreach (string path in parsed.GetValue(paths)!.SelectMany(PathArgument.Images))
            {
                cancel.ThrowIfCancellationRequested();
                SeenImage image = See(path, preset, given);
                failed |= image.Error is not null;
                if (all)
                {
                    seen.Add(image);
                }
                else if (image.Error is null)
                {
                    Terminal.Line($"{image.Path}: {image.Width} x {image.Height}, rgb_sha256 {image.RgbSha256}, crop_sha256 {image.CropSha256} ({image.CropWidth} x {image.CropHeight}, {given})");
                }
                else
                {
                    Terminal.ErrorLine($"{image.Path}: {image.Error}");
                }
            }

            if (all)
            {
                Console.WriteLine(JsonSerializer.Serialize(seen, Json));
            }

            return Task.FromResult(failed ? WrongInput : 0);
        });
        return command;
    }

    private static Preprocessing Resolved(string given, string architecture)
    {
        PreprocessingConfig config = ExperimentConfig
            .Parse("seed: 1", Name, [PreprocessingOption.Given(given)], Engines.Vocabulary).Preprocessing;
        ImageSize made = ArchitectureList.Build(architecture).ImageSize;

        // Gray may be meant for a network that is not known here.
        return config.For(config.Channels == ChannelOrder.Gray ? made with { Channels = 1 } : made).Resolved();
    }

    private static SeenImage See(string path, Preprocessing preset, string given)
    {
        try
        {
            RgbImage image = ImageFile.Load(path), crop = preset.Fit(image);
            bool gray = preset.Normalization.Channels == ChannelOrder.Gray;
            return new SeenImage(
                path, image.Width, image.Height, Hash(image, gray: false), crop.Width, crop.Height, Hash(crop, gray), given, null);
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            return new SeenImage(path, null, null, null, null, null, null, null, error.Message);
        }
    }

    // A gray image has a byte a pixel, as Pillow's of mode L.
    private static string Hash(RgbImage image, bool gray) =>
        Convert.ToHexStringLower(SHA256.HashData(gray ? [.. image.Pixels.Where((_, i) => i % 3 == 0)] : image.Pixels));

    private sealed record SeenImage(
        string Path, int? Width, int? Height, string? RgbSha256, int? CropWidth, int? CropHeight, string? CropSha256, string? Preprocessing,
        string? Error);
}
