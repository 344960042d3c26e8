using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Networks.Architectures;

/// <summary>Names, shapes and orders of the published networks, as torchvision has them.</summary>
public class ArchitectureTests
{
    [Theory]
    [InlineData("vgg16", 32, 138_357_544)]
    [InlineData("vgg19", 38, 143_667_240)]
    [InlineData("squeezenet1_1", 52, 1_235_496)]
    [InlineData("squeezenet1_0", 52, 1_248_424)]
    [InlineData("vgg11", 22, 132_863_336)]
    [InlineData("vgg13", 26, 133_047_848)]
    [InlineData("alexnet", 16, 61_100_840)]
    [InlineData("resnet18", 102, 11_699_112)]
    [InlineData("resnet34", 182, 21_814_696)]
    [InlineData("resnet50", 267, 25_610_152)]
    [InlineData("resnet101", 522, 44_654_504)]
    [InlineData("densenet121", 606, 8_062_504)]
    [InlineData("mobilenet_v2", 262, 3_538_984)]
    public void Tensors_and_parameters_are_as_many_as_torchvision_has(string name, int tensors, long parameters)
    {
        Network network = ArchitectureList.Build(name);
        Assert.Equal(name, network.Architecture);
        Assert.Equal(tensors, network.Tensors.Count);
        Assert.Equal(parameters, network.Tensors.Sum(tensor => tensor.Shape.Count));
        Assert.Equal(1000, network.Classes);
        Assert.True(network.HasRelu);
    }

    [Fact]
    public void Tensors_of_vgg16_are_named_and_shaped_as_by_torchvision()
    {
        (int Module, int Outputs, int Inputs)[] convolutions =
        [
            (0, 64, 3), (2, 64, 64), (5, 128, 64), (7, 128, 128), (10, 256, 128), (12, 256, 256), (14, 256, 256),
            (17, 512, 256), (19, 512, 512), (21, 512, 512), (24, 512, 512), (26, 512, 512), (28, 512, 512),
        ];
        (string Name, Shape Weight)[] layers =
        [
            .. convolutions.Select(c => ($"features.{c.Module}", new Shape(c.Outputs, c.Inputs, 3, 3))),
            ("classifier.0", new Shape(4096, 25088)), ("classifier.3", new Shape(4096, 4096)), ("classifier.6", new Shape(1000, 4096)),
        ];
        Assert.Equal(WithBiases(layers), Vgg.Vgg16().Tensors);
    }

    [Fact]
    public void Tensors_of_vgg19_are_named_as_by_torchvision()
    {
        int[] modules = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34];
        Assert.Equal(
            [.. modules.Select(module => $"features.{module}"), "classifier.0", "classifier.3", "classifier.6"],
            Vgg.Build(19, batchNorm: false).WeightLayers.Reverse().Select(layer => layer.Name));
    }

    [Fact]
    public void Tensors_of_squeezenet_are_named_and_shaped_as_by_torchvision()
    {
        (int Module, int Inputs, int Squeeze, int Expand)[] fires =
        [
            (3, 64, 16, 64), (4, 128, 16, 64), (6, 128, 32, 128), (7, 256, 32, 128), (9, 256, 48, 192), (10, 384, 48, 192),
            (11, 384, 64, 256), (12, 512, 64, 256),
        ];
        (string Name, Shape Weight)[] layers =
        [
            ("features.0", new Shape(64, 3, 3, 3)),
            .. fires.SelectMany(f => new[]
            {
                ($"features.{f.Module}.squeeze", new Shape(f.Squeeze, f.Inputs, 1, 1)),
                ($"features.{f.Module}.expand1x1", new Shape(f.Expand, f.Squeeze, 1, 1)),
                ($"features.{f.Module}.expand3x3", new Shape(f.Expand, f.Squeeze, 3, 3)),
            }),
            ("classifier.1", new Shape(1000, 512, 1, 1)),
        ];
        Assert.Equal(WithBiases(layers), SqueezeNet.SqueezeNet11().Tensors);
    }

    [Theory]
    [InlineData("vgg16", "fc8 fc7 fc6 conv5_3 conv5_2 conv5_1 conv4_3 conv4_2 conv4_1 conv3_3 conv3_2 conv3_1 conv2_2 conv2_1 conv1_2 conv1_1")]
    [InlineData(
        "vgg19",
        "fc8 fc7 fc6 conv5_4 conv5_3 conv5_2 conv5_1 conv4_4 conv4_3 conv4_2 conv4_1 conv3_4 conv3_3 conv3_2 conv3_1 conv2_2 conv2_1 conv1_2 conv1_1")]
    public void Layers_of_vgg_go_from_the_logits_down(string name, string order) =>
        Assert.Equal(order, string.Join(' ', ArchitectureList.Build(name).WeightLayers));

    [Fact]
    public void Layers_of_squeezenet_go_from_the_logits_down()
    {
        IEnumerable<string> fires = Enumerable.Range(2, 8).Reverse()
            .SelectMany(i => new[] { $"fire{i}.expand3x3", $"fire{i}.expand1x1", $"fire{i}.squeeze" });
        Assert.Equal(["conv10", .. fires, "conv1"], SqueezeNet.SqueezeNet11().WeightLayers.Select(layer => layer.PaperName));
    }

    [Theory]
    [InlineData("vgg16", "relu5_3", "features.29")]
    [InlineData("vgg19", "relu5_4", "features.35")]
    [InlineData("squeezenet1_1", "fire9", "features.12")]
    public void Grad_cam_reads_the_last_convolutional_activation(string architecture, string paperName, string name)
    {
        Layer explained = ArchitectureList.Build(architecture).Explained;
        Assert.Equal((paperName, name), (explained.PaperName, explained.Name));
    }

    [Theory]
    [InlineData("vgg16", "conv1_1", "features.0")]
    [InlineData("vgg16", "conv5_3", "features.28")]
    [InlineData("vgg16", "pool5", "features.30")]
    [InlineData("vgg16", "fc6", "classifier.0")]
    [InlineData("vgg16", "relu7", "classifier.4")]
    [InlineData("vgg16", "fc8", "classifier.6")]
    [InlineData("vgg19", "conv5_4", "features.34")]
    [InlineData("squeezenet1_1", "conv1", "features.0")]
    [InlineData("squeezenet1_1", "pool1", "features.2")]
    [InlineData("squeezenet1_1", "pool3", "features.5")]
    [InlineData("squeezenet1_1", "pool5", "features.8")]
    [InlineData("squeezenet1_1", "fire2.squeeze", "features.3.squeeze")]
    [InlineData("squeezenet1_1", "fire9.expand3x3_relu", "features.12.expand3x3_activation")]
    [InlineData("squeezenet1_1", "conv10", "classifier.1")]
    public void The_two_spellings_of_a_name_are_of_one_layer(string architecture, string paperName, string name)
    {
        Network network = ArchitectureList.Build(architecture);
        Assert.Equal(name, network.Find(paperName).Name);
        Assert.Same(network.Find(name), network.Find(paperName));
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("vgg19")]
    [InlineData("squeezenet1_1")]
    public void Every_layer_is_found_by_both_names(string architecture)
    {
        Network network = ArchitectureList.Build(architecture);
        Assert.All(network.Layers, layer => Assert.Same(layer, network.Find(layer.Name)));
        Assert.All(network.Layers, layer => Assert.Same(layer, network.Find(layer.PaperName)));
        Assert.All(network.Layers.Index(), entry => Assert.Equal(entry.Index, entry.Item.Index));
    }

    [Theory]
    [InlineData("vgg16", "conv5_4")]
    [InlineData("squeezenet1_1", "CONV1")]
    public void An_unknown_layer_is_named_with_those_that_there_are(string architecture, string name)
    {
        Network network = ArchitectureList.Build(architecture);
        InputException error = Assert.Throws<InputException>(() => network.Find(name));
        Assert.StartsWith($"{architecture} has no layer '{name}'; its layers are ", error.Message);
        Assert.All(
            network.Layers.Skip(1), layer =>
                Assert.True(error.Message.Contains(layer.Name) && error.Message.Contains(layer.PaperName), layer.Name));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void An_unknown_architecture_is_named_with_those_that_there_are() => Assert.Equal(
        "There is no architecture 'vgg12'; the architectures are " + string.Join(", ", ArchitectureList.Names) + ".",
        Assert.Throws<InputException>(() => ArchitectureList.Build("vgg12")).Message);

    [Theory]
    [InlineData("vgg16", 3, 7, 2)]
    [InlineData("vgg19", 5, 4, 11)]
    [InlineData("squeezenet1_1", 3, 0, 2)]
    public void Widths_and_classes_are_those_of_the_weights(string architecture, int width, int hidden, int classes)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture, width, hidden, classes);
        Assert.Equal(classes, network.Classes);
        Assert.Equal(ArchitectureList.Build(architecture).Tensors.Select(t => t.Name), network.Tensors.Select(t => t.Name));
        Assert.Equal([width, 3, 3, 3], network.Tensors[0].Shape.Axes.ToArray());
        Assert.Same(weights[network.Tensors[0].Name], WeightNames.Check(network.Tensors, weights)[network.Tensors[0].Name]);
        if (hidden > 0)
        {
            Assert.Equal(new Shape(hidden, 49 * width), weights["classifier.0.weight"].Shape);
        }
        else
        {
            Assert.Equal(new Shape(width, 2 * width, 1, 1), weights["features.12.squeeze.weight"].Shape);
        }
    }

    [Fact]
    public void Vgg_needs_32_pixels()
    {
        using IEngine engine = Engines.Create("cpu");
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16", width: 1, hidden: 1, classes: 2);
        using ForwardPass smallest = ForwardPass.Run(engine, network, weights, SmallNetworks.Images(1, 1, 32, 32));
        Assert.Equal([1, 2], smallest.Logits.Shape.Axes.ToArray());
        Assert.Throws<ArgumentException>(() => ForwardPass.Run(engine, network, weights, SmallNetworks.Images(1, 1, 32, 31)));
    }

    [Fact]
    public void Layers_that_share_a_name_are_refused()
    {
        var sketch = new GraphSketch();
        Layer last = sketch.Relu("relu", sketch.Relu("relu", sketch.Input));
        Assert.Throws<ArgumentException>(() => sketch.Build(last));
    }

    private static IEnumerable<(string Name, Shape Shape)> WithBiases(IEnumerable<(string Name, Shape Weight)> layers) =>
        layers.SelectMany(layer => new[] { (layer.Name + ".weight", layer.Weight), (layer.Name + ".bias", new Shape(layer.Weight[0])) });
}
