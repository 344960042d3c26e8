using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Images;

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
        var preprocessing = new Option<string>("--preprocessing")
        {
            Description = string.Join(", ", Preprocessing.All.Select(preset => preset.Name)) + ".",
            HelpName = "NAME",
            DefaultValueFactory = _ => Preprocessing.ImageNet.Name,
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(Name, "Prints size, the SHA-256 of the decoded RGB bytes, and that of the bytes that preprocessing leaves of them, before they are normalised.")
        {
            paths, preprocessing, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            Preprocessing preset = Preprocessing.Find(parsed.GetValue(preprocessing)!);
            bool all = parsed.GetValue(json), failed = false;
            var seen = new List<SeenImage>();
            foreach (string path in parsed.GetValue(paths)!.SelectMany(PathArgument.Images))
            {
                cancel.ThrowIfCancellationRequested();
                SeenImage image = See(path, preset);
                failed |= image.Error is not null;
                if (all)
                {
                    seen.Add(image);
                }
                else if (image.Error is null)
                {
                    Terminal.Line($"{image.Path}: {image.Width} x {image.Height}, rgb_sha256 {image.RgbSha256}, crop_sha256 {image.CropSha256} ({image.CropWidth} x {image.CropHeight}, {preset.Name})");
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

    private static SeenImage See(string path, Preprocessing preset)
    {
        try
        {
            RgbImage image = ImageFile.Load(path), crop = preset.Fit(image);
            return new SeenImage(path, image.Width, image.Height, Hash(image), crop.Width, crop.Height, Hash(crop), preset.Name, null);
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            return new SeenImage(path, null, null, null, null, null, null, null, error.Message);
        }
    }

    private static string Hash(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));

    private sealed record SeenImage(
        string Path, int? Width, int? Height, string? RgbSha256, int? CropWidth, int? CropHeight, string? CropSha256, string? Preprocessing,
        string? Error);
}
