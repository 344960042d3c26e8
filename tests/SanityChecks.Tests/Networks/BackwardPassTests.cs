using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Tests.Networks;

/// <summary>Who owns what a pass back gives, and that several wanted layers get what each would get alone.</summary>
public class BackwardPassTests
{
    private static readonly BackwardRule[] Rules = [BackwardRule.Derivative, new GuidedRule(), new DeconvnetRule()];

    /// <summary>Chains, concatenations, and sums with and without weights on the shortcut.</summary>
    public static TheoryData<string> Networks =>
        ["residual", "vgg16", "vgg16_bn", "squeezenet1_1", "resnet18", "mobilenet_v2", "resnet20"];

    [Theory, MemberData(nameof(Networks))]
    public void Layers_wanted_together_get_the_bits_that_each_gets_alone(string name)
    {
        (Network network, Weights weights, HostTensor images) = Make(name);
        using var engine = new PoisoningEngine();
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        HostTensor seed = SmallNetworks.OneHot(network.Classes, 1);
        int before = engine.Live;
        foreach (BackwardRule rule in Rules)
        {
            IReadOnlyDictionary<Layer, Tensor> together = BackwardPass.Run(pass, seed, rule, network.Layers);
            Assert.Equal(network.Layers, together.Keys.OrderBy(layer => layer.Index));
            Assert.Equal(before + together.Values.Distinct(ReferenceEqualityComparer.Instance).Count(), engine.Live);
            foreach (Layer layer in network.Layers)
            {
                IReadOnlyDictionary<Layer, Tensor> alone = BackwardPass.Run(pass, seed, rule, [layer]);
                float[] values = SmallNetworks.Download(engine, alone[layer]);
                Assert.DoesNotContain(float.NaN, values);
                Assert.Equal(values, SmallNetworks.Download(engine, together[layer]));
                Dispose(alone);
            }

            Dispose(together);
            Assert.Equal(before, engine.Live);
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_gradient_has_the_shape_of_its_activation(string name)
    {
        (Network network, Weights weights, HostTensor images) = Make(name);
        using var engine = new PoisoningEngine();
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        IReadOnlyDictionary<Layer, Tensor> gradients = BackwardPass.Run(
            pass, SmallNetworks.OneHot(network.Classes, 0), BackwardRule.Derivative, network.Layers);
        Assert.All(
            network.Layers.Where(layer => pass.Stored(layer) is not null), layer =>
                Assert.Equal(pass[layer].Shape, gradients[layer].Shape));
        Dispose(gradients);
    }

    [Theory, MemberData(nameof(Networks))]
    public void Results_on_reused_buffers_do_not_depend_on_what_ran_before(string name)
    {
        (Network network, Weights weights, HostTensor images) = Make(name);
        using IEngine engine = Engines.Create("cpu");
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        HostTensor seed = SmallNetworks.OneHot(network.Classes, 1);
        Layer[][] demands =
            [[network.Input], [network.Explained], [network.Input, network.Explained, network.WeightLayers[1]], [network.WeightLayers[^1]]];
        (BackwardRule Rule, Layer[] Wanted)[] runs = [.. Rules.SelectMany(rule => demands.Select(wanted => (rule, wanted)))];
        List<(Tensor Tensor, float[] Bits)> visible = [];
        float[][][] forwards = [.. runs.Select(Run)], backwards = [.. runs.Reverse().Select(Run)];
        Assert.Equal(forwards, backwards.Reverse());
        Assert.All(visible, result => Assert.Equal(result.Bits, SmallNetworks.Download(engine, result.Tensor)));
        visible.ForEach(result => result.Tensor.Dispose());
        Assert.Equal(forwards, runs.Select(Run));
        visible.ForEach(result => result.Tensor.Dispose());

        float[][] Run((BackwardRule Rule, Layer[] Wanted) run)
        {
            IReadOnlyDictionary<Layer, Tensor> result = BackwardPass.Run(pass, seed, run.Rule, run.Wanted);
            float[][] bits = [.. run.Wanted.Select(layer => SmallNetworks.Download(engine, result[layer]))];
            visible.AddRange(run.Wanted.Select((layer, i) => (result[layer], bits[i])));
            return bits;
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Gradients_of_learned_tensors_go_no_further_down_than_the_lowest_trained_layer(string name)
    {
        (Network network, Weights weights, HostTensor images) = Make(name);
        using var engine = new PoisoningEngine();
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        HostTensor seed = SmallNetworks.OneHot(network.Classes, 1);
        int before = engine.Live;
        Layer[] trainable = [.. network.WeightLayers.Where(layer => layer.Operation is not ProbeOperation)];
        IReadOnlyDictionary<string, Tensor> all = BackwardPass.ParameterGradients(pass, seed, trainable);
        Assert.Equal(before + all.Count, engine.Live);
        Assert.Equal(
            network.Tensors.Where(
                tensor => !tensor.Name.Contains("running", StringComparison.Ordinal)
                    && !tensor.Name.EndsWith("offset", StringComparison.Ordinal)).ToHashSet(),
            all.Select(one => (one.Key, one.Value.Shape)).ToHashSet());
        for (int count = 1; count <= trainable.Length; count++)
        {
            IReadOnlyDictionary<string, Tensor> upper = BackwardPass.ParameterGradients(pass, seed, trainable[..count]);
            Assert.Equal(before + all.Count + upper.Count, engine.Live);
            Assert.All(upper, one => Assert.Equal(SmallNetworks.Download(engine, all[one.Key]), SmallNetworks.Download(engine, one.Value)));
            Assert.All(upper.Values, tensor => tensor.Dispose());
        }

        Assert.All(all.Values, tensor => tensor.Dispose());
        Assert.Equal(before, engine.Live);
        Assert.DoesNotContain(float.NaN, seed.Values.ToArray());
    }

    [Fact]
    public void The_logits_gradient_stays_the_callers()
    {
        using var engine = new PoisoningEngine();
        (Network network, Weights weights) = SmallNetworks.Narrow("squeezenet1_1");
        using HostTensor images = SmallNetworks.Images(2, 1, 32, 32);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using Tensor seed = engine.Upload(new Shape(1, network.Classes), [0, 1, 0, 0, 0]);
        IReadOnlyDictionary<Layer, Tensor> gradients = BackwardPass.Run(pass, seed, BackwardRule.Derivative, [network.Output]);
        Assert.Equal([0, 1, 0, 0, 0], SmallNetworks.Download(engine, gradients[network.Output]));
        Dispose(gradients);
        Assert.Equal([0, 1, 0, 0, 0], SmallNetworks.Download(engine, seed));
    }

    [Fact]
    public void The_logits_gradient_stays_the_callers_where_a_last_sum_passes_it_on()
    {
        var sketch = new GraphSketch();
        Layer left = sketch.Convolution("left", sketch.Input, 3, 2, 1), right = sketch.Convolution("right", sketch.Input, 3, 2, 1);
        Network network = sketch.Build(sketch.Add("sum", new AddOperation(), left, right));
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(2, 1, 1, 1);
        using ForwardPass pass = ForwardPass.Run(engine, network, SmallNetworks.Fill(network), images);
        using Tensor seed = engine.Upload(new Shape(1, 2, 1, 1), [0, 1]);
        Dispose(BackwardPass.Run(pass, seed, BackwardRule.Derivative, [left, right, network.Input]));
        Assert.Equal([0, 1], SmallNetworks.Download(engine, seed));
        Dispose(BackwardPass.Run(pass, seed, BackwardRule.Derivative, [network.Input]));
        Assert.Equal([0, 1], SmallNetworks.Download(engine, seed));
    }

    [Fact]
    public void A_gradient_that_a_sum_passes_on_reaches_both_inputs_unchanged()
    {
        (Network network, Weights weights, HostTensor images) = Make("residual");
        using var engine = new PoisoningEngine();
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        Layer sum = network.Find("add1"), branch = network.Find("bn2"), bare = network.Find("add2"), conv = network.Find("conv3");
        IReadOnlyDictionary<Layer, Tensor> gradients = BackwardPass.Run(
            pass, SmallNetworks.OneHot(5, 4), BackwardRule.Derivative, [sum, branch, bare, conv]);
        Assert.Equal(SmallNetworks.Download(engine, gradients[sum]), SmallNetworks.Download(engine, gradients[branch]));
        Assert.Equal(SmallNetworks.Download(engine, gradients[bare]), SmallNetworks.Download(engine, gradients[conv]));
        Assert.NotEqual(SmallNetworks.Download(engine, gradients[sum]), SmallNetworks.Download(engine, gradients[bare]));
        Dispose(gradients);
    }

    [Fact]
    public void A_layer_on_which_the_logits_do_not_depend_is_refused_by_name()
    {
        var sketch = new GraphSketch();
        Layer aside = sketch.Relu("aside", sketch.Convolution("conv_aside", sketch.Input, 3, 2, 1));
        Layer main = sketch.Relu("main", sketch.Convolution("conv", sketch.Input, 3, 2, 1));
        sketch.Pooled(main);
        Network network = sketch.Build(main);
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(2, 1, 3, 3);
        using ForwardPass pass = ForwardPass.Run(engine, network, SmallNetworks.Fill(network), images);
        int before = engine.Live;
        foreach (Layer[] wanted in new Layer[][] { [aside], [main, aside], [network.Input, network.Find("conv_aside")] })
        {
            Assert.Contains("aside", Assert.Throws<ArgumentException>(
                () => BackwardPass.Run(pass, SmallNetworks.OneHot(2, 0), BackwardRule.Derivative, wanted)).Message);
            Assert.Equal(before, engine.Live);
        }
    }

    [Fact]
    public void A_layer_wanted_twice_is_given_once()
    {
        (Network network, Weights weights, HostTensor images) = Make("residual");
        using var engine = new PoisoningEngine();
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        IReadOnlyDictionary<Layer, Tensor> gradients =
            BackwardPass.Run(pass, SmallNetworks.OneHot(5, 4), BackwardRule.Derivative, [network.Explained, network.Explained]);
        Assert.Same(network.Explained, Assert.Single(gradients).Key);
        Dispose(gradients);
    }

    private static void Dispose(IReadOnlyDictionary<Layer, Tensor> gradients)
    {
        foreach (Tensor tensor in gradients.Values)
        {
            tensor.Dispose();
        }
    }

    private static (Network Network, Weights Weights, HostTensor Images) Make(string name)
    {
        if (name == "residual")
        {
            Network residual = GraphSketch.Residual();
            return (residual, SmallNetworks.Fill(residual), SmallNetworks.Images(5, 1, 7, 6));
        }

        (Network network, Weights weights) = SmallNetworks.Narrow(name, width: 4, hidden: 6);
        return (network, weights, SmallNetworks.Images(5, 1, 33, 40));
    }
}
