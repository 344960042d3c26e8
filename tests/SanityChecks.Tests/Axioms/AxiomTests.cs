using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Axioms;
using SanityChecks.Tests.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Axioms;

/// <summary>Axioms on functions whose maps are known by hand, and on a narrow network.</summary>
public class AxiomTests
{
    [Theory]
    [InlineData("gradient", "fail: 0", "fail: 0", "pass: (1, -1) and (1, -1)")]
    [InlineData("input_x_gradient", "fail: 0", "fail: 0", "pass: (3, -1) and (3, -1)")]
    [InlineData("integrated_gradients", "pass: 1", "pass: -2", "pass: (1.5, -0.5) and (1.5, -0.5)")]
    [InlineData("deep_lift", "pass: 1", "pass: -2", "fail: (1.5, -0.5) and (2, -1)")]
    [InlineData("lrp_epsilon", "fail: 0", "fail: 0", "pass: (3, -1) and (3, -1)")]
    [InlineData("guided_backprop", "fail: 0", "fail: 0", "pass: (1, 0) and (1, 0)")]
    [InlineData("deconvnet", "fail: 0", "pass: 1", "pass: (1, 0) and (1, 0)")]
    [InlineData("occlusion", "pass: 1", "pass: -2", "pass: 1 and 1")]
    public void Known_functions_have_the_maps_that_a_hand_finds(string method, string saturated, string rectified, string invariance)
    {
        using IEngine engine = Engines.Create("reference");
        Assert.Equal(
            [saturated, rectified, invariance],
            AxiomChecks.OnToys(engine, AttributionMethods.Find(method))
                .Select(result => $"{(result.Verdict == AxiomVerdict.Pass ? "pass" : "fail")}: {result.Says}"));
    }

    [Fact]
    public void Methods_of_layers_and_controls_are_asked_nothing_of_features()
    {
        using IEngine engine = Engines.Create("reference");
        Assert.All(
            new AttributionMethod[] { GradCam.Instance, ScoreCam.Instance, SobelEdges.Instance },
            method => Assert.All(
                AxiomChecks.OnToys(engine, method), result => Assert.Equal(AxiomVerdict.DoesNotApply, result.Verdict)));
    }

    /// <summary>What each method is known for, on a network with batch normalizations.</summary>
    [Theory]
    [InlineData("grad_cam", "- - pass pass - -")]
    [InlineData("gradient", "pass - pass pass pass -")]
    [InlineData("guided_backprop", "pass - pass pass fail pass")]
    [InlineData("deep_lift", "pass pass pass pass pass -")]
    [InlineData("lrp_zplus", "pass - fail pass fail -")]
    [InlineData("input", "- - - - - -")]
    public void On_a_network_and_image_each_axiom_is_tried_or_told_why_not(string method, string expected)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16_bn");
        using IEngine engine = Engines.Create("reference");
        using HostTensor image = SmallNetworks.Images(11, 1, 32, 32);
        var checks = new ExplainedImage(engine, network, weights, network.Explained, image, EveryMethod.Space(image), 2);
        AxiomResult[] results = [.. checks.Check(AttributionMethods.Find(method))];
        Assert.Equal(expected, string.Join(' ', results.Select(result => result.Verdict switch
        {
            AxiomVerdict.Pass => "pass",
            AxiomVerdict.Fail => "fail",
            _ => "-",
        })));
        Assert.All(results, result => Assert.NotEmpty(result.Says));
    }

    [Fact]
    public void An_identity_before_all_convolutions_changes_no_logit_and_a_combined_class_is_what_it_combines()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16");
        using IEngine engine = Engines.Create("reference");
        using HostTensor images = SmallNetworks.Images(5, 2, 32, 32);
        float[] logits = Logits(engine, network, weights, images);
        (Network longer, Weights with) = NetworkVariants.WithIdentity(network, weights);
        Assert.Equal(network.Layers.Count + 1, longer.Layers.Count);
        Assert.Equal(logits, Logits(engine, longer, with, images));

        (Network wider, Weights combined) = NetworkVariants.WithCombinedClass(network, weights, (3, 2), (1, -1))!.Value;
        float[][] rows = [.. Logits(engine, wider, combined, images).Chunk(network.Classes + 1)];
        Assert.Equal(logits, rows.SelectMany(row => row.SkipLast(1)));
        Assert.All(rows, row => Assert.Equal((2 * row[3]) - row[1], row[^1], 1e-5f));

        (Network squeeze, Weights own) = SmallNetworks.Narrow("squeezenet1_1");
        Assert.Null(NetworkVariants.WithCombinedClass(squeeze, own, (0, 1), (1, 1)));
        Assert.IsType<FlattenOperation>(squeeze.Output.Operation);
    }

    private static float[] Logits(IEngine engine, Network network, Weights weights, Tensor images)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        return SmallNetworks.Download(engine, pass.Logits);
    }
}
