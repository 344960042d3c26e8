using System.Text.Json;
using SanityChecks.Images;
using SanityChecks.Tests.Images;

namespace SanityChecks.Tests.Cli;

public sealed class ImagesCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Save(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void Pixels_and_crop_are_those_that_an_experiment_sees()
    {
        RgbImage image = Pattern.Noise(300, 260, 3);
        string path = Save("a.png", PngFile.Encode(image));

        (int code, string output, string error) = ProgramCall.Run("images", path, "--json", "--preprocessing", "squash");

        Assert.Equal((0, ""), (code, error));
        JsonElement seen = Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray());
        Assert.Equal(
            ["path", "width", "height", "rgb_sha256", "crop_width", "crop_height", "crop_sha256", "preprocessing"],
            seen.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            (path, 300, 260, "squash"),
            (seen.GetProperty("path").GetString(), seen.GetProperty("width").GetInt32(), seen.GetProperty("height").GetInt32(),
                seen.GetProperty("preprocessing").GetString()));
        Assert.Equal(JpegFixtures.Hash(image), seen.GetProperty("rgb_sha256").GetString());
        Assert.Equal(JpegFixtures.Hash(Preprocessing.Squash.Fit(image)), seen.GetProperty("crop_sha256").GetString());
    }

    [Fact]
    public void A_section_in_quotes_and_a_network_say_the_size()
    {
        // Pillow 9.4: convert("L"), then resize((3, 2), Image.BILINEAR).
        string path = Save("a.png", PngFile.Encode(PreprocessingTests.Colors));
        string gray = Crop("--preprocessing", "{name: half, size: [2, 3], channels: gray}");
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([84, 167, 131, 53, 81, 115])), gray.Split(' ')[0]);
        Assert.EndsWith("(3 x 2, {name: half, size: [2, 3], channels: gray})", gray, StringComparison.Ordinal);
        Assert.EndsWith("(32 x 32, imagenet)", Crop("--architecture", "resnet20"), StringComparison.Ordinal);
        Assert.EndsWith("(4 x 3, as_is)", Crop("--preprocessing", "as_is"), StringComparison.Ordinal);
        Assert.Equal(
            "--preprocessing {fit: squosh}: preprocessing.fit: 'squosh' is not known, nearest is 'squash'; allowed: crop, squash, as_is",
            ProgramProcess.Refused("images", path, "--preprocessing", "{fit: squosh}"));

        string Crop(params string[] options)
        {
            (int code, string output, string error) = ProgramCall.Run(["images", path, .. options]);
            Assert.Equal((0, ""), (code, error));
            return output.TrimEnd().Split("crop_sha256 ")[1];
        }
    }

    [Fact]
    public void Without_json_an_image_is_a_line()
    {
        RgbImage image = Pattern.Noise(30, 20, 3);
        string path = Save("a.png", PngFile.Encode(image));

        (int code, string output, _) = ProgramCall.Run("images", path);

        Assert.Equal(0, code);
        Assert.Equal($"{path}: 30 x 20, rgb_sha256 {JpegFixtures.Hash(image)}, crop_sha256 {JpegFixtures.Hash(Preprocessing.ImageNet.Fit(image))} (224 x 224, imagenet)\n", output);
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_told_and_the_others_are_shown()
    {
        Save("b/one.jpg", JpegFixtures.Read("gray")[..40]);
        Save("b/three.webp", "RIFF    WEBP"u8.ToArray());
        Save("b/two.JPG", JpegFixtures.Read("gray"));
        Save("b/notes.txt", "BM is no image"u8.ToArray());
        string absent = Path.Combine(folder, "absent.png");

        (int code, string output, string error) = ProgramCall.Run("images", folder, absent);

        Assert.Equal(2, code);
        Assert.StartsWith(Path.Combine(folder, "b/two.JPG") + ": ", Assert.Single(output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        string[] refused = error.TrimEnd().Split('\n');
        Assert.Equal(3, refused.Length);
        Assert.StartsWith(Path.Combine(folder, "b/one.jpg") + ": the JPEG file is truncated", refused[0], StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine(folder, "b/three.webp") + ": the WebP file is truncated", refused[1], StringComparison.Ordinal);
        Assert.StartsWith(absent + ": ", refused[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_images_and_an_unknown_preset_are_refused()
    {
        Assert.Contains("There are no images below", ProgramProcess.Refused("images", folder), StringComparison.Ordinal);
        Assert.Contains("imagenet, squash", ProgramProcess.Refused("images", folder, "--preprocessing", "crop"), StringComparison.Ordinal);
        Assert.Contains("'--jsn'", ProgramProcess.Refused("images", folder, "--jsn"), StringComparison.Ordinal);
    }
}
