using System.Text.RegularExpressions;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Networks;

public class WeightsTests
{
    private static HostTensor Tensor(params int[] axes) => new(new Shape(axes), new float[new Shape(axes).Count]);

    private static Weights Of(params (string Name, HostTensor Tensor)[] tensors) =>
        new(tensors.Select(one => KeyValuePair.Create(one.Name, one.Tensor)));

    [Fact]
    public void Replacing_one_tensor_shares_the_others_and_leaves_the_original()
    {
        HostTensor a = Tensor(2), b = Tensor(3), other = Tensor(3);
        Weights weights = Of(("b", b), ("a", a));
        Weights changed = weights.With(new Dictionary<string, HostTensor> { ["b"] = other });

        Assert.Same(a, changed["a"]);
        Assert.Same(other, changed["b"]);
        Assert.Same(b, weights["b"]);
        Assert.Equal(["b", "a"], changed.Names);
        Assert.Same(weights, weights.With(new Dictionary<string, HostTensor>()));
    }

    [Fact]
    public void A_replacement_needs_a_known_name_and_the_same_shape()
    {
        Weights weights = Of(("a", Tensor(2)));
        Assert.Contains(
            "'b'", Assert.Throws<ArgumentException>(() => weights.With(new Dictionary<string, HostTensor> { ["b"] = Tensor(2) })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "[2], its replacement [3]",
            Assert.Throws<ArgumentException>(() => weights.With(new Dictionary<string, HostTensor> { ["a"] = Tensor(3) })).Message,
            StringComparison.Ordinal);
        Assert.Contains("'c'", Assert.Throws<KeyNotFoundException>(() => weights["c"]).Message, StringComparison.Ordinal);
        Assert.False(weights.TryGet("c", out _));
        Assert.Throws<ArgumentException>(() => Of(("a", Tensor(1)), ("a", Tensor(1))));
    }

    [Fact]
    public void Weights_that_fit_come_in_the_expected_order_with_the_parallel_prefix_removed()
    {
        HostTensor a = Tensor(2), b = Tensor(3);
        (string, Shape)[] expected = [("a", a.Shape), ("b", b.Shape)];
        foreach (Weights weights in new[] { Of(("b", b), ("a", a)), Of(("module.b", b), ("module.a", a)) })
        {
            Weights matched = WeightNames.Check(expected, weights);
            Assert.Equal(["a", "b"], matched.Names);
            Assert.Same(a, matched["a"]);
        }
    }

    [Theory]
    [InlineData("module.{0}.{1}")]
    [InlineData("{0}.module.{1}", "features")]
    [InlineData("_orig_mod.{0}.{1}")]
    [InlineData("module._orig_mod.{0}.{1}")]
    [InlineData("{0}._orig_mod.{1}", "classifier")]
    [InlineData("model.{0}.{1}")]
    [InlineData("net.module.{0}.{1}")]
    public void What_a_wrapper_puts_into_the_names_is_taken_out(string pattern, string? only = null)
    {
        using var small = new SmallRun();
        Weights plain = WeightFile.Load(small.WeightsPath).Weights;
        string Renamed(string name) =>
            name.Split('.', 2) is [var first, var rest] && (only is null || first == only)
                ? string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, first, rest)
                : name;
        WeightFile.SaveSafetensors(small.Of("wrapped"), new Weights(plain.Select(one => KeyValuePair.Create(Renamed(one.Key), one.Value))));
        TrainedNetwork trained = TrainedNetwork.Load("vgg16", small.Of("wrapped"));
        Weights loaded = trained.Weights;
        string first = only ?? "features", inside = plain.Names.First(name => name.StartsWith(first + ".", StringComparison.Ordinal));
        Assert.Equal([$"{small.Of("wrapped")}: tensors have other names here, '{Renamed(inside)}' is '{inside}'"], trained.Notes);
        Assert.Equal(plain.Names, loaded.Names);
        Assert.All(plain, one => Assert.Equal(one.Value.Values.ToArray(), loaded[one.Key].Values.ToArray()));
    }

    [Fact]
    public void Timm_s_names_and_axes_of_VGG_are_read()
    {
        using var small = new SmallRun();
        Weights plain = WeightFile.Load(small.WeightsPath).Weights;
        WeightFile.SaveSafetensors(small.Of("timm"), new Weights(plain.Select(one => KeyValuePair.Create(
            one.Key.Replace("classifier.0", "pre_logits.fc1", StringComparison.Ordinal).Replace(
                "classifier.3", "pre_logits.fc2", StringComparison.Ordinal).Replace("classifier.6", "head.fc", StringComparison.Ordinal),
            one.Key == "classifier.0.weight" ? one.Value.Reshaped(new Shape(one.Value.Shape[0], one.Value.Shape[1] / 49, 7, 7))
                : one.Key == "classifier.3.weight"
                    ? one.Value.Reshaped(new Shape(one.Value.Shape[0], one.Value.Shape[1], 1, 1))
                    : one.Value))));
        TrainedNetwork trained = TrainedNetwork.Load("vgg16", small.Of("timm"));
        Assert.All(
            plain, one => Assert.True(
                one.Value.Shape == trained.Weights[one.Key].Shape && one.Value.Values.SequenceEqual(trained.Weights[one.Key].Values),
                one.Key));
        Assert.Equal(
            [$"{small.Of("timm")}: tensors have other names here, 'pre_logits.fc1.weight' is 'classifier.0.weight'"], trained.Notes);
    }

    /// <summary>DenseNet's published weights are older than its modules' names.</summary>
    [Fact]
    public void Old_names_of_torchvision_s_DenseNet_are_read()
    {
        using var folder = new TemporaryFolder();
        (_, Weights plain) = SmallNetworks.Narrow("densenet121", width: 2);
        WeightFile.SaveSafetensors(folder.Of("old"), new Weights(plain.Select(one => KeyValuePair.Create(
            Regex.Replace(one.Key, @"(denselayer\d+\.(?:norm|conv))([12])", "$1.$2"), one.Value))));
        TrainedNetwork trained = TrainedNetwork.Load("densenet121", folder.Of("old"));
        Assert.Equal(plain.Names, trained.Weights.Names);
        Assert.All(plain, one => Assert.Equal(one.Value.Values.ToArray(), trained.Weights[one.Key].Values.ToArray()));
        Assert.Contains("'features.denseblock1.denselayer1.norm.1.weight' is", Assert.Single(trained.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_another_network_stand_in_the_error_as_in_the_file()
    {
        (string, Shape)[] expected = [("a", new Shape(1))];
        Assert.EndsWith(
            "left over: model.b", Assert.Throws<WeightFileException>(() => WeightNames.Check(expected, Of(("model.b", Tensor(1))))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_error_lists_what_is_missing_left_over_and_of_another_shape()
    {
        (string, Shape)[] expected =
            [("fc.weight", new Shape(10, 4)), ("fc.bias", new Shape(10)),
                .. Enumerable.Range(0, 10).Select(i => ($"conv{i}", new Shape(1)))];
        var error = Assert.Throws<WeightFileException>(() =>
            WeightNames.Check(expected, Of(("fc.weight", Tensor(1000, 4)), ("module.fc.bias", Tensor(10))), "my.pth"));
        Assert.Equal(
            "my.pth: the weights are not this network's (12 tensors): 11 missing: fc.bias, conv0, conv1, conv2, conv3, conv4, conv5, conv6 and 3 more; "
            + "1 left over: module.fc.bias; 1 of another shape: fc.weight expected [10, 4], found [1000, 4]",
            error.Message);
    }
}
