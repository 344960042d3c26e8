using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Batches, targets, products and ownership of explanations.</summary>
public class ExplanationTests
{
    public static TheoryData<string> Names => ["vgg16", "squeezenet1_1"];

    /// <summary>To the bit in host memory; to rounding where a library chooses its algorithm by the shapes.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_batch_of_three_equals_one_at_a_time(string architecture)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture, width: 4);
        foreach (string engineName in Engines.Runnable())
        {
            using IEngine engine = Engines.Create(engineName);
            using HostTensor images = SmallNetworks.Images(8, 3, 32, 33);
            int[] targets = [3, 1, 2];
            SaliencyMap[][] together = Maps(engine, network, weights, images, targets);
            Assert.NotEqual(together[0][0].Values.ToArray(), together[0][1].Values.ToArray());
            foreach (int n in Enumerable.Range(0, 3))
            {
                int size = 3 * 32 * 33;
                using var image = new HostTensor(new Shape(1, 3, 32, 33), images.Values.Slice(n * size, size).ToArray());
                SaliencyMap[][] alone = Maps(engine, network, weights, image, [targets[n]]);
                for (int method = 0; method < together.Length; method++)
                {
                    Assert.Equal(alone[method][0].Shape, together[method][n].Shape);
                    float[] one = alone[method][0].Values.ToArray(), ofThree = together[method][n].Values.ToArray();
                    float tolerance = engine is HostEngine ? 0 : 1e-5f * one.Max(Math.Abs);
                    Assert.All(one.Zip(ofThree), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Guided_grad_cam_is_the_product_for_each_channel(string architecture)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(8, 2, 40, 33);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, [3, 3], network.Explained, [GuidedGradCam.Instance]);
        SaliencyMap[] products = explanation.Download(GuidedGradCam.Instance);
        SaliencyMap[] cams = explanation.Download(GradCam.Instance), guided = explanation.Download(GuidedBackprop.Instance);
        for (int n = 0; n < 2; n++)
        {
            Assert.Equal(new Shape(3, 40, 33), products[n].Shape);
            float[] cam = cams[n].Values.ToArray();
            Assert.Contains(products[n].Values.ToArray(), value => value != 0);
            Assert.Equal(guided[n].Values.ToArray().Select((value, i) => value * cam[i % cam.Length]), products[n].Values.ToArray());
        }
    }

    [Fact]
    public void Two_classes_have_different_maps_by_every_method_that_shows_a_class_and_the_same_by_the_others()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("squeezenet1_1");
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(8, 1, 40, 33);
        SaliencyMap[][] one = Maps(engine, network, weights, images, [1]), other = Maps(engine, network, weights, images, [3]);
        Assert.All(EveryMethod.On(network).Zip(one, other), three => Assert.Equal(
            !three.First.Method.ShowsClass, three.Second[0].Values.SequenceEqual(three.Third[0].Values)));
    }

    [Theory]
    [InlineData(new int[] { }, "2 targets from 0 to 4 are needed, not .")]
    [InlineData(new[] { 1 }, "2 targets from 0 to 4 are needed, not 1.")]
    [InlineData(new[] { 1, 2, 3 }, "2 targets from 0 to 4 are needed, not 1, 2, 3.")]
    [InlineData(new[] { 1, 5 }, "2 targets from 0 to 4 are needed, not 1, 5.")]
    [InlineData(new[] { -1, 0 }, "2 targets from 0 to 4 are needed, not -1, 0.")]
    public void Targets_that_do_not_fit_are_refused(int[] targets, string message)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16", width: 2, hidden: 3);
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(8, 2, 32, 32);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        int before = engine.Live;
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new Explanation(pass, targets, network.Explained, [])).Message);
        Assert.Equal(before, engine.Live);
    }

    [Theory, MemberData(nameof(Names))]
    public void All_gradients_and_maps_are_released_and_none_before(string architecture)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture, width: 4);
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(8, 2, 32, 33);
        using IEngine plain = Engines.Create("reference");
        SaliencyMap[][] expected = Maps(plain, network, weights, images, [3, 2]);
        foreach (ConfiguredMethod[] order in new ConfiguredMethod[][] { EveryMethod.On(network),
            [.. EveryMethod.On(network).AsEnumerable().Reverse()] })
        {
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
            int before = engine.Live;
            var explanation = new Explanation(pass, [3, 2], network.Explained, order, EveryMethod.Space(images));
            SaliencyMap[][] maps = [.. order.Select(method => explanation.Download(method))];
            SaliencyMap[][] again = [.. EveryMethod.On(network).Select(method => explanation.Download(method))];
            Assert.Same(explanation.Map(order[0]), explanation.Map(order[0]));
            explanation.Dispose();
            explanation.Dispose();
            Assert.Equal(before, engine.Live);
            AssertSame(expected, again);
            AssertSame([.. order.Select(method => expected[Array.IndexOf(EveryMethod.On(network), method)])], maps);
        }
    }

    [Fact]
    public void Gradients_that_no_method_announced_are_computed_on_demand()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16", width: 4);
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(8, 1, 40, 33);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        int before = engine.Live;
        using (var explanation = new Explanation(pass, [2], network.Explained, [GradCam.Instance]))
        {
            Tensor first = explanation.Gradient(BackwardRule.Derivative, network.Explained);
            float[] values = SmallNetworks.Download(engine, first);
            Tensor input = explanation.Gradient(BackwardRule.Derivative, network.Input);
            Assert.Equal(images.Shape, input.Shape);
            Assert.Equal(values, SmallNetworks.Download(engine, first));
            Assert.Equal(values, SmallNetworks.Download(engine, explanation.Gradient(BackwardRule.Derivative, network.Explained)));
            float[] oneHot = SmallNetworks.Download(engine, explanation.Gradient(BackwardRule.Derivative, network.Output));
            Assert.Equal([0, 0, 1, 0, 0], oneHot);
        }

        Assert.Equal(before, engine.Live);
    }

    [Fact]
    public void Methods_are_found_by_name_and_an_unknown_one_is_named_with_those_that_there_are()
    {
        Assert.All(AttributionMethods.All, method => Assert.Same(method, AttributionMethods.Find(method.Name)));
        string message = Assert.Throws<InputException>(() => AttributionMethods.Find("gradcam")).Message;
        Assert.StartsWith(
            "There is no method 'gradcam'; the methods are grad_cam, guided_backprop, guided_grad_cam, grad_cam_pp, xgrad_cam", message);
    }

    private static SaliencyMap[][] Maps(IEngine engine, Network network, Weights weights, HostTensor images, int[] targets)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, targets, network.Explained, EveryMethod.On(network), EveryMethod.Space(images));
        return [.. EveryMethod.On(network).Select(method => explanation.Download(method))];
    }

    private static void AssertSame(SaliencyMap[][] expected, SaliencyMap[][] actual) => Assert.Equal(
        expected.SelectMany(maps => maps).Select(map => map.Values.ToArray()),
        actual.SelectMany(maps => maps).Select(map => map.Values.ToArray()));
}
