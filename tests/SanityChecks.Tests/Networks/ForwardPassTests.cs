using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Tests.Networks;

/// <summary>What a pass computes and what it shares with earlier ones, on VGG16 and SqueezeNet a few channels wide.</summary>
public class ForwardPassTests
{
    public static TheoryData<string> Names => ["vgg16", "squeezenet1_1"];

    [Fact]
    public void A_first_pass_computes_all_layers_but_the_sums_before_a_relu()
    {
        using var scene = new Scene("vgg16");
        using ForwardPass pass = scene.Run(scene.Trained);
        Assert.Equal(
            "relu1_1 relu1_2 pool1 relu2_1 relu2_2 pool2 relu3_1 relu3_2 relu3_3 pool3 relu4_1 relu4_2 relu4_3 pool4 "
            + "relu5_1 relu5_2 relu5_3 pool5 avgpool flatten relu6 relu7 fc8",
            string.Join(' ', pass.Computed));
        Assert.Same(pass[scene.Network.Output], pass.Logits);
        Assert.Same(scene.Images, pass[scene.Network.Input]);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_cascade_from_the_top_computes_from_the_newest_layer_up(string architecture)
    {
        using var scene = new Scene(architecture);
        List<ForwardPass> passes = [scene.Run(scene.Trained)];
        Weights weights = scene.Trained;
        foreach ((int index, Layer layer) in scene.Network.WeightLayers.Index())
        {
            weights = SmallNetworks.Replace(weights, [layer]);
            using ForwardPass fromTrained = scene.Run(weights, passes[0]);
            scene.AssertComputes(Reached(scene.Network, scene.Network.WeightLayers.Take(index + 1)), fromTrained);
            passes.Add(scene.Run(weights, passes[^1]));
            scene.AssertComputes(Reached(scene.Network, [layer]), passes[^1]);
            scene.AssertEqualsFreshRun(passes[^1]);
        }

        passes.ForEach(pass => pass.Dispose());
        Assert.Equal(0, scene.Engine.Live);
    }

    [Theory, MemberData(nameof(Names))]
    public void An_independent_step_starts_at_its_layer(string architecture)
    {
        using var scene = new Scene(architecture);
        using ForwardPass trained = scene.Run(scene.Trained);
        foreach (Layer layer in scene.Network.WeightLayers)
        {
            using ForwardPass pass = scene.Run(SmallNetworks.Replace(scene.Trained, [layer]), trained);
            scene.AssertComputes(Reached(scene.Network, [layer]), pass);
            scene.AssertEqualsFreshRun(pass);
        }
    }

    [Fact]
    public void Steps_from_the_bottom_reuse_the_previous_step_below_the_newest_layer()
    {
        using var scene = new Scene("vgg16");
        Layer[] order = [.. scene.Network.WeightLayers.Reverse()];
        ForwardPass previous = scene.Run(scene.Trained);
        Weights weights = scene.Trained;
        foreach (Layer layer in order)
        {
            weights = SmallNetworks.Replace(weights, [layer]);
            ForwardPass pass = scene.Run(weights, previous);
            previous.Dispose();
            previous = pass;
            scene.AssertComputes(Reached(scene.Network, [layer]), pass);
            scene.AssertEqualsFreshRun(pass);
        }

        previous.Dispose();
        Assert.Equal(0, scene.Engine.Live);
    }

    [Fact]
    public void A_step_names_what_it_computes()
    {
        using var scene = new Scene("vgg16");
        using ForwardPass trained = scene.Run(scene.Trained);
        using ForwardPass fc8 = scene.Run(scene.Replaced("fc8"), trained);
        Assert.Equal("fc8", string.Join(' ', fc8.Computed));
        using ForwardPass conv = scene.Run(scene.Replaced("conv5_3"), trained);
        Assert.Equal("relu5_3 pool5 avgpool flatten relu6 relu7 fc8", string.Join(' ', conv.Computed));
        using ForwardPass nothing = scene.Run(scene.Trained, trained);
        Assert.Empty(nothing.Computed);
        Assert.Same(trained.Logits, nothing.Logits);
    }

    [Fact]
    public void A_branch_beside_the_replaced_one_is_not_repeated()
    {
        using var scene = new Scene("squeezenet1_1");
        using ForwardPass trained = scene.Run(scene.Trained);
        using ForwardPass pass = scene.Run(scene.Replaced("fire9.expand3x3"), trained);
        Assert.Equal("fire9.expand3x3_relu fire9 relu10 classifier.3 flatten", string.Join(' ', pass.Computed));
        Assert.Same(trained[scene.Network.Find("fire9.expand1x1_relu")], pass[scene.Network.Find("fire9.expand1x1_relu")]);
        scene.AssertEqualsFreshRun(pass);
    }

    [Fact]
    public void Each_layer_is_shared_with_whichever_earlier_pass_has_it()
    {
        using var scene = new Scene("squeezenet1_1");
        using ForwardPass trained = scene.Run(scene.Trained);
        Weights one = scene.Replaced("fire9.expand1x1"), three = scene.Replaced("fire9.expand3x3");
        Weights both = one.With(scene.Network.Find("fire9.expand3x3").TensorNames.ToDictionary(name => name, name => three[name]));
        using ForwardPass first = scene.Run(one, trained);
        using ForwardPass second = scene.Run(three, trained);
        using ForwardPass pass = scene.Run(both, first, second);
        Assert.Equal("fire9 relu10 classifier.3 flatten", string.Join(' ', pass.Computed));
        scene.AssertEqualsFreshRun(pass);
    }

    [Fact]
    public void Equal_values_in_another_tensor_are_computed_anew()
    {
        using var scene = new Scene("vgg16");
        using ForwardPass trained = scene.Run(scene.Trained);
        HostTensor bias = scene.Trained["classifier.3.bias"];
        using ForwardPass pass = scene.Run(
            scene.Trained.With(new Dictionary<string, HostTensor> { ["classifier.3.bias"] = new(bias.Shape, bias.Values.ToArray()) }),
            trained);
        Assert.Equal("relu7 fc8", string.Join(' ', pass.Computed));
    }

    [Fact]
    public void Nothing_is_shared_between_two_batches_of_images()
    {
        using var scene = new Scene("vgg16");
        using ForwardPass trained = scene.Run(scene.Trained);
        using HostTensor others = SmallNetworks.Images(7, 2, 32, 33);
        using ForwardPass pass = ForwardPass.Run(scene.Engine, scene.Network, scene.Trained, others, null, trained);
        Assert.Equal(trained.Computed, pass.Computed);
        Assert.NotEqual(SmallNetworks.Download(scene.Engine, trained.Logits), SmallNetworks.Download(scene.Engine, pass.Logits));
    }

    [Fact]
    public void Shared_activations_live_until_their_last_holder_is_disposed()
    {
        using var scene = new Scene("vgg16");
        ForwardPass trained = scene.Run(scene.Trained);
        ForwardPass second = scene.Run(scene.Replaced("fc7"), trained);
        ForwardPass third = scene.Run(scene.Replaced("fc7"), second);
        int all = scene.Engine.Live;
        trained.Dispose();
        trained.Dispose();
        Assert.Equal(all - 2, scene.Engine.Live); // its own relu7 and fc8
        scene.AssertEqualsFreshRun(second);
        scene.AssertEqualsFreshRun(third);
        second.Dispose();
        second.Dispose();
        scene.AssertEqualsFreshRun(third);
        third.Dispose();
        Assert.Equal(0, scene.Engine.Live);
        Assert.All(scene.Images.Values.ToArray(), value => Assert.False(float.IsNaN(value)));
    }

    [Fact]
    public void A_disposed_pass_shares_nothing_and_shows_nothing()
    {
        using var scene = new Scene("vgg16");
        ForwardPass trained = scene.Run(scene.Trained);
        trained.Dispose();
        Assert.Throws<ArgumentException>(() => trained.Logits);
        using ForwardPass pass = scene.Run(scene.Trained, trained);
        Assert.Equal(trained.Computed, pass.Computed);
    }

    [Fact]
    public void A_sum_before_its_relu_is_stored_when_observed()
    {
        using var scene = new Scene("vgg16");
        Layer conv = scene.Network.Find("conv5_3"), relu = scene.Network.Find("relu5_3");
        using ForwardPass plain = scene.Run(scene.Trained);
        Assert.Contains("conv5_3", Assert.Throws<ArgumentException>(() => plain[conv]).Message);
        using ForwardPass pass = ForwardPass.Run(scene.Engine, scene.Network, scene.Trained, scene.Images, conv, plain);
        float[] sums = SmallNetworks.Download(scene.Engine, pass[conv]);
        Assert.Contains(sums, value => value < 0);
        Assert.Equal(sums.Select(value => Math.Max(value, 0)), SmallNetworks.Download(scene.Engine, pass[relu]));
        Assert.Equal("conv5_3 relu5_3 pool5 avgpool flatten relu6 relu7 fc8", string.Join(' ', pass.Computed));
        scene.AssertEqualsFreshRun(pass);
    }

    [Fact]
    public void A_sum_with_two_readers_keeps_its_sign_for_the_other()
    {
        var sketch = new GraphSketch();
        Layer conv = sketch.Convolution("conv", sketch.Input, 3, 2, 1);
        Layer relu = sketch.Relu("relu", conv);
        Layer both = sketch.Add("both", new ConcatenateOperation(), conv, relu);
        Network network = sketch.Build(both);
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(1, 1, 3, 3);
        using ForwardPass pass = ForwardPass.Run(engine, network, SmallNetworks.Fill(network), images);
        float[] values = SmallNetworks.Download(engine, pass.Logits);
        Assert.Contains(values, value => value < 0);
        Assert.Equal(values.Take(18).Select(value => Math.Max(value, 0)), values.Skip(18));
    }

    [Fact]
    public void A_pass_that_fails_releases_what_it_had()
    {
        using var scene = new Scene("vgg16");
        using ForwardPass trained = scene.Run(scene.Trained);
        int before = scene.Engine.Live;
        var incomplete = new Weights(scene.Trained.Where(tensor => tensor.Key != "classifier.6.bias"));
        Assert.Throws<KeyNotFoundException>(() => scene.Run(incomplete));
        Assert.Throws<KeyNotFoundException>(() => scene.Run(incomplete, trained));
        using var gray = new HostTensor(new Shape(1, 1, 40, 40), new float[1600]);
        Assert.Throws<ArgumentException>(() => ForwardPass.Run(scene.Engine, scene.Network, scene.Trained, gray));
        Assert.Equal(before, scene.Engine.Live);
        scene.AssertEqualsFreshRun(trained);
    }

    /// <summary>The layers that a change of some layers' tensors reaches.</summary>
    private static HashSet<Layer> Reached(Network network, IEnumerable<Layer> changed)
    {
        HashSet<Layer> reached = [.. changed];
        foreach (Layer layer in network.Layers.Where(layer => layer.Inputs.Any(reached.Contains)))
        {
            reached.Add(layer);
        }

        return reached;
    }

    /// <summary>A narrow network, its trained weights and two images on an engine that shows use after release.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly Dictionary<string, Weights> replaced = [];

        public Scene(string architecture) => (Network, Trained) = SmallNetworks.Narrow(architecture, width: 4, hidden: 6);

        public PoisoningEngine Engine { get; } = new();

        public Network Network { get; }

        public Weights Trained { get; }

        public HostTensor Images { get; } = SmallNetworks.Images(3, 2, 32, 33);

        public ForwardPass Run(Weights weights, params ReadOnlySpan<ForwardPass> earlier) =>
            ForwardPass.Run(Engine, Network, weights, Images, null, earlier);

        public Weights Replaced(string layer) => replaced.TryGetValue(layer, out Weights? weights)
            ? weights
            : replaced[layer] = SmallNetworks.Replace(Trained, [Network.Find(layer)]);

        public void AssertComputes(HashSet<Layer> reached, ForwardPass pass)
        {
            IEnumerable<Layer> stored = Network.Layers.Skip(1).Where(layer => pass.Stored(layer) is not null);
            Assert.Equal(stored.Where(reached.Contains), pass.Computed);
        }

        public void AssertEqualsFreshRun(ForwardPass pass)
        {
            using ForwardPass fresh = Run(pass.Weights);
            foreach (Layer layer in fresh.Computed)
            {
                Assert.Equal(SmallNetworks.Download(Engine, fresh[layer]), SmallNetworks.Download(Engine, pass[layer]));
            }
        }

        public void Dispose()
        {
            Images.Dispose();
            Engine.Dispose();
        }
    }
}
