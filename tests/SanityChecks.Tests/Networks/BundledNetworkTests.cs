using SanityChecks.Compute;
using SanityChecks.Experiments.Training;
using SanityChecks.Images;
using SanityChecks.Images.Shapes;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Networks;

/// <summary>The network of the bundled study is what its record says, and looks at what it should.</summary>
public sealed class BundledNetworkTests : IDisposable
{
    private const int Size = 224;

    private static readonly string Folder = Path.Combine(
        SharedFolder.RepositoryRoot, "src", "SanityChecks.Networks", "WeightFiles", "Bundled");
    private static readonly TrainedNetwork Trained = TrainedNetwork.Load("vgg16", BundledWeights.Find("vgg16", "shapes")!);

    private readonly IEngine engine = Engines.Create("cpu");

    public void Dispose() => engine.Dispose();

    [Fact]
    public void The_weights_are_those_of_the_record()
    {
        TrainingRecord record = TrainingRecord.Read(Path.Combine(Folder, "vgg16_shapes.json"))!;
        Assert.Equal(record.Weights.Sha256, Trained.Sha256);
        Assert.InRange(record.Accuracy, 0.97, 1);
        Assert.InRange(record.Seconds, 1, 90 * 60);
        Assert.Equal(ShapeScenes.Classes, record.Classes.Select(one => one.Name));
        Assert.Equal(ShapeScenes.Classes, Enumerable.Range(0, Trained.Network.Classes).Select(i => ClassNames.Of(Trained)[i]));
        Assert.InRange(new FileInfo(Trained.Path).Length, 1, 8_000_000);
    }

    [Fact]
    public void It_has_the_sixteen_layers_of_VGG16() => Assert.Equal(
        ArchitectureList.Build("vgg16").WeightLayers.Select(layer => layer.Name), Trained.Network.WeightLayers.Select(layer => layer.Name));

    [Fact]
    public void It_tells_scenes_that_nobody_has_seen()
    {
        ShapeScene[] scenes = [.. Enumerable.Range(0, 60).Select(i => ShapeScenes.Draw(2026, "fresh", i, Size))];
        int right = 0;
        foreach (ShapeScene[] batch in scenes.Chunk(12))
        {
            using Tensor input = Preprocessing.Squash.ToTensor([.. batch.Select(scene => scene.Image)], engine);
            using ForwardPass pass = ForwardPass.Run(engine, Trained.Network, Trained.Weights, input);
            float[] logits = SmallNetworks.Download(engine, pass.Logits);
            right += batch.Where((scene, n) => TargetRule.LargestLogit(logits.AsSpan(n * 12, 12)) == scene.Objects[0].Class).Count();
        }

        Assert.InRange(right, 57, 60);
    }

    [Fact]
    public void Grad_CAM_of_each_of_two_objects_is_largest_at_its_own_object()
    {
        int own = 0, other = 0;
        for (int i = 0; i < 20; i++)
        {
            ShapeScene scene = ShapeScenes.DrawPair(2026, "fresh", i * 7, Size);
            using Tensor input = Preprocessing.Squash.ToTensor([scene.Image], engine);
            using ForwardPass pass = ForwardPass.Run(engine, Trained.Network, Trained.Weights, input, Trained.Network.Explained);
            foreach (ShapeObject drawn in scene.Objects)
            {
                using var explanation = new Explanation(pass, [drawn.Class], Trained.Network.Explained, [GradCam.Instance]);
                float[] map = explanation.Download(GradCam.Instance)[0].Values.ToArray();
                int peak = Array.IndexOf(map, map.Max());
                own += Holds(drawn.Box, peak) ? 1 : 0;
                other += Holds(scene.Objects.Single(one => one != drawn).Box, peak) ? 1 : 0;
            }
        }

        Assert.True(own >= 30 && other <= 4, $"of 40 peaks {own} lie in the object's own box, {other} in the other's");

        static bool Holds(PixelBox box, int pixel) =>
            pixel % Size >= box.Left && pixel % Size < box.Left + box.Width && pixel / Size >= box.Top
                && pixel / Size < box.Top + box.Height;
    }

    /// <summary>Trained weights are where fast convolutions lose most: their sums cancel more than random ones do.</summary>
    [Theory]
    [InlineData(96, 8)]
    [SlowInlineData(Size, 3, 8)]
    public void Logits_are_those_of_sums_in_double_precision(int size, params int[] scenes)
    {
        using IEngine reference = Engines.Create("reference");
        RgbImage[] images = [.. scenes.Select(i => ShapeScenes.Draw(2026, "fresh", i, size).Image)];
        float[] exact = Logits(reference), fast = Logits(engine);
        float largest = exact.Max(Math.Abs), difference = exact.Zip(fast, (one, other) => Math.Abs(one - other)).Max();
        Assert.True(difference <= 2e-4f * largest, $"the logits differ by {difference / largest} of the largest");

        float[] Logits(IEngine computing)
        {
            using Tensor input = Preprocessing.Squash.ToTensor(images, computing);
            using ForwardPass pass = ForwardPass.Run(computing, Trained.Network, Trained.Weights, input);
            return SmallNetworks.Download(computing, pass.Logits);
        }
    }

    [Fact]
    public void Bundled_weights_for_another_architecture_are_refused() => Assert.Equal(
        "The bundled weights 'shapes' are for vgg16, not squeezenet1_1.",
        Assert.Throws<InputException>(() => BundledWeights.Find("squeezenet1_1", "shapes")).Message);
}
