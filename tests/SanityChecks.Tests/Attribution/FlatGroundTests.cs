using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Attribution;

/// <summary>Pictures on which many windows are equal: there a maximum goes to the first of equals only as long as equal inputs give equal
/// sums in every layer.</summary>
public class FlatGroundTests
{
    private const int Size = 64;

    private static readonly AttributionMethod[] Methods =
        [GradCam.Instance, GuidedBackprop.Instance, GuidedGradCam.Instance, InputGradient.Instance, Deconvnet.Instance];

    private static readonly TrainedNetwork Trained = TrainedNetwork.Load("vgg16", BundledWeights.Find("vgg16", "shapes")!);

    private static readonly Dictionary<string, Func<int, int, (int Red, int Green, int Blue)>> Pictures = new()
    {
        ["object on white"] = (y, x) => IsInside(y, x) ? Noise(y, x) : (255, 255, 255),
        ["object on black"] = (y, x) => IsInside(y, x) ? Noise(y, x) : (0, 0, 0),
        ["letterbox"] = (y, x) => y is > 14 and < 50 ? Noise(y, x) : (0, 0, 0),
        ["diagonal gradient"] = (y, x) => (2 * (x + y), 2 * (x + y), 2 * (x + y)),
        ["checkerboard"] = (y, x) => ((x / 4) + (y / 4)) % 2 == 0 ? (220, 40, 40) : (30, 60, 200),
        ["diagonal stripes"] = (y, x) => (x + y) / 8 % 2 == 0 ? (0, 0, 0) : (255, 255, 255),
    };

    public static TheoryData<string> Names => [.. Pictures.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Maps_of_drawn_pictures_equal_those_of_sums_in_double_precision(string picture)
    {
        using IEngine cpu = Engines.Create("cpu"), reference = Engines.Create("reference");
        byte[] pixels = new byte[Size * Size * 3];
        for (int i = 0; i < Size * Size; i++)
        {
            (int red, int green, int blue) = Pictures[picture](i / Size, i % Size);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)red, (byte)green, (byte)blue);
        }

        var image = new RgbImage(Size, Size, pixels);
        foreach ((AttributionMethod method, SaliencyMap ours, SaliencyMap exact) in Methods.Zip(Maps(cpu, image), Maps(reference, image)))
        {
            using var a = new MapFeatures(ours);
            using var b = new MapFeatures(exact);
            double? correlation = Spearman.Signed.Score(a, b).Value;
            Assert.True(
                correlation is null
                    ? ours.Values.SequenceEqual(exact.Values)
                    : correlation > 0.9999, $"{picture}, {method.Name}: Spearman {correlation}");
        }
    }

    private static SaliencyMap[] Maps(IEngine engine, RgbImage image)
    {
        using Tensor input = Preprocessing.ImageNet.ToTensor([image], engine);
        using ForwardPass pass = ForwardPass.Run(engine, Trained.Network, Trained.Weights, input);
        using var explanation = new Explanation(pass, [1], Trained.Network.Explained, [.. Methods]);
        return [.. Methods.Select(method => explanation.Download(method)[0].SumChannels())];
    }

    private static bool IsInside(int y, int x) => ((y - 28) * (y - 28)) + ((x - 34) * (x - 34)) < 15 * 15;

    private static (int Red, int Green, int Blue) Noise(int y, int x) =>
        (((y * 37) + (x * 101)) % 256, ((y * 71) + (x * x)) % 256, (y * x * 13) % 256);
}
