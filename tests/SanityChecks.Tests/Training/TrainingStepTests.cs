using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;
using SanityChecks.Training;

namespace SanityChecks.Tests.Training;

public class TrainingStepTests
{
    private static readonly ShapesTrainingSet Set = new(1, ShapesTrainingSet.TrainingSplit);
    private static readonly LearningRateSchedule Constant = new(0.002, 0, 1_000_000);

    private static TrainingBatch Batch(long first, int count = 12, int size = 32) =>
        BatchFeed.Draw(Set, [new BatchRequest(first, count, size)], Normalization.ImageNet).Single();

    [Fact]
    public void Steps_on_one_batch_make_its_loss_small()
    {
        (Network network, Weights weights) = InitialWeights.Random("vgg16", 0.0625, 32, 12, 1);
        using IEngine engine = Engines.Create("cpu");
        var step = new TrainingStep(engine, network, network.WeightLayers, new Adam(), clip: 1);
        TrainingBatch batch = Batch(0);
        double first = 0, loss = 0;
        for (int i = 0; i < 60; i++)
        {
            StepResult result = step.Take(weights, batch, Constant);
            (weights, loss) = (result.Weights, result.Loss);
            first = i == 0 ? loss : first;
        }

        Assert.InRange(first, 1.5, 5);
        Assert.InRange(loss, 0, 0.3 * first);
    }

    [Theory]
    [InlineData("fc8")]
    [InlineData("fc8,conv4_2")]
    public void Only_the_trained_layers_change(string names)
    {
        (Network network, Weights weights) = InitialWeights.Random("vgg16", 0.05, 8, 12, 1);
        using IEngine engine = Engines.Create("cpu");
        Layer[] layers = [.. names.Split(',').Select(network.Find)];
        StepResult result = new TrainingStep(engine, network, layers, new Sgd()).Take(weights, Batch(0), Constant);
        string[] changed = [.. weights.Names.Where(name => weights[name] != result.Weights[name])];
        Assert.Equal(layers.SelectMany(layer => layer.TensorNames).Order(StringComparer.Ordinal), changed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_steps_give_the_same_bits_on_any_number_of_threads()
    {
        float[] one = Train(1), four = Train(4);
        Assert.Equal(one, four);

        static float[] Train(int threads)
        {
            (Network network, Weights weights) = InitialWeights.Random("vgg16", 0.2, 16, 12, 3);
            using var engine = new CpuEngine(threads);
            var step = new TrainingStep(engine, network, network.WeightLayers, new Adam(0.9, 0.01), 0.1, 1);
            foreach (TrainingBatch batch in BatchFeed.Draw(
                Set, Enumerable.Range(0, 3).Select(i => new BatchRequest(i * 13, 13, 41)), Normalization.ImageNet))
            {
                weights = step.Take(weights, batch, Constant).Weights;
            }

            return [.. weights.SelectMany(one => one.Value.Values.ToArray())];
        }
    }

    [Fact]
    public void A_clipped_step_of_plain_descent_is_as_long_as_the_limit_says()
    {
        (Network network, Weights weights) = InitialWeights.Random("vgg16", 0.05, 8, 12, 1);
        using IEngine engine = Engines.Create("cpu");
        TrainingStep Make(double? clip) => new(engine, network, network.WeightLayers, new Sgd(momentum: 0), clip: clip);
        StepResult free = Make(null).Take(weights, Batch(0), Constant), clipped = Make(0.5).Take(weights, Batch(0), Constant);
        Assert.True(free.GradientNorm > 0.5);
        Assert.Equal(free.GradientNorm, clipped.GradientNorm);
        Assert.Equal(0.002 * free.GradientNorm, Moved(free), 1e-4 * 0.002 * free.GradientNorm);
        Assert.Equal(0.002 * 0.5, Moved(clipped), 1e-4 * 0.002);

        double Moved(StepResult result) =>
            Math.Sqrt(
                weights.Sum(
                    one => one.Value.Values.ToArray().Zip(result.Weights[one.Key].Values.ToArray(), (a, b) => Math.Pow((double)b - a, 2))
                        .Sum()));
    }

    [Fact]
    public void No_step_is_taken_from_a_loss_that_is_no_number()
    {
        (Network network, Weights weights) = InitialWeights.Random("vgg16", 0.05, 8, 12, 1);
        Weights broken = weights.With(
            new Dictionary<string, HostTensor> { ["classifier.6.bias"] = new(new Shape(12), [float.NaN, .. new float[11]]) });
        using IEngine engine = Engines.Create("cpu");
        StepResult result = new TrainingStep(engine, network, network.WeightLayers, new Sgd()).Take(broken, Batch(0), Constant);
        Assert.Same(broken, result.Weights);
        Assert.False(double.IsFinite(result.GradientNorm));
    }

    [Theory]
    [InlineData("vgg16", 0.1875, 256, "12,12,24,24,48,48,48,96,96,96,96,96,96,256,256,12")]
    [InlineData("vgg16", 0.001, 3, "1,1,1,1,1,1,1,1,1,1,1,1,1,3,3,12")]
    [InlineData("squeezenet1_1", 0.25, null, "16,4,16,16,4,16,16,8,32,32,8,32,32,12,48,48,12,48,48,16,64,64,16,64,64,12")]
    public void A_new_network_has_the_widths_that_are_asked_for(string architecture, double width, int? hidden, string widths)
    {
        (Network network, Weights weights) = InitialWeights.Random(architecture, width, hidden, 12, 1);
        Assert.Equal(widths, string.Join(',', network.WeightLayers.Reverse().Select(layer => layer.Operation!.Parameters[0].Shape[0])));
        Assert.Equal(network.Tensors, weights.Select(one => (one.Key, one.Value.Shape)));
        float[] values = weights[network.WeightLayers[1].Name + ".weight"].Values.ToArray();
        Assert.All(
            weights.Where(one => one.Key.EndsWith(".bias", StringComparison.Ordinal)), one =>
                Assert.All(one.Value.Values.ToArray(), value => Assert.Equal(0, value)));
        Assert.Contains(values, value => value != 0);
        Assert.Equal(
            values, InitialWeights.Random(
                architecture, width, hidden, 12, 1).Weights[network.WeightLayers[1].Name + ".weight"].Values.ToArray());
        Assert.NotEqual(
            values, InitialWeights.Random(
                architecture, width, hidden, 12, 2).Weights[network.WeightLayers[1].Name + ".weight"].Values.ToArray());
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("squeezenet1_1")]
    public void Other_classes_renew_the_last_layer_alone(string architecture)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture);
        Assert.Equal((network, weights), InitialWeights.WithClasses(network, weights, network.Classes, 1));
        (Network other, Weights renewed) = InitialWeights.WithClasses(network, weights, 9, 1);
        Assert.Equal(9, other.Classes);
        string[] changed = [.. weights.Names.Where(name => weights[name] != renewed[name])];
        Assert.Equal(network.WeightLayers[0].TensorNames, changed);
        using IEngine engine = Engines.Create("cpu");
        using ForwardPass pass = ForwardPass.Run(engine, other, renewed, SmallNetworks.Images(1, 1, 64, 64));
        Assert.Equal(new Shape(1, 9), pass.Logits.Shape);
    }

    [Fact]
    public void Batches_come_in_the_order_of_their_requests_and_are_what_the_set_draws()
    {
        BatchRequest[] requests = [new(5, 3, 40), new(0, 1, 32), new(90, 4, 33), new(2, 2, 32), new(1, 1, 32)];
        TrainingBatch[] batches = [.. BatchFeed.Draw(Set, requests, Normalization.ImageNet)];
        Assert.Equal(
            requests.Select(request => (new Shape(request.Count, 3, request.Size, request.Size))),
            batches.Select(batch => batch.Images.Shape));
        Assert.Equal([5, 6, 7], batches[0].Labels);
        float[] expected = new float[3 * 33 * 33];
        Normalization.ImageNet.Apply(Set.Draw(91, 33).Image, expected);
        Assert.Equal(expected, batches[2].Images.Values.Slice(expected.Length, expected.Length).ToArray());
    }

    [Fact]
    public void A_picture_that_cannot_be_read_stops_the_batches_with_its_name()
    {
        using var pictures = new PictureFolder(4);
        (FolderTrainingSet training, _) = FolderTrainingSet.Load(pictures.Root, 1, 0.3, new Augmentation(false, 1));
        File.WriteAllText(Path.Combine(pictures.Root, training.Files.First()), "no picture");
        Assert.Throws<InputException>(
            () => BatchFeed.Draw(training, Enumerable.Range(0, 9).Select(i => new BatchRequest(i, 1, 32)), Normalization.ImageNet).Count());
    }

    [Fact]
    public void Accuracy_is_counted_class_by_class_and_does_not_depend_on_the_batch()
    {
        (Network network, Weights weights) = InitialWeights.Random("vgg16", 0.05, 8, 12, 1);
        var lastBias = new HostTensor(new Shape(12), [.. Enumerable.Range(0, 12).Select(c => c == 7 ? 1000f : 0)]);
        Weights always = weights.With(new Dictionary<string, HostTensor> { ["classifier.6.bias"] = lastBias });
        using IEngine engine = Engines.Create("cpu");
        Evaluation one = Evaluation.Of(
            engine, network, always, Set, 26, 32, 1, Normalization.ImageNet, TestContext.Current.CancellationToken);
        Evaluation many = Evaluation.Of(
            engine, network, always, Set, 26, 32, 8, Normalization.ImageNet, TestContext.Current.CancellationToken);
        Assert.Equal(2 / 26.0, one.Accuracy);
        Assert.Equal((3, 0), (one.Classes[1].Images, one.Classes[1].Correct));
        Assert.Equal((2, 2), (one.Classes[7].Images, one.Classes[7].Correct));
        Assert.Equal("arrow", one.Classes[5].Name);
        Assert.InRange(one.Loss, 800, 1000);
        Assert.Equal((one.Loss, one.Accuracy), (many.Loss, many.Accuracy));
        Assert.Equal(one.Classes, many.Classes);
    }
}
