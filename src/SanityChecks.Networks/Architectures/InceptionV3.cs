using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>Inception v3 (Szegedy et al. 2016) with torchvision's tensor names, for images of 299 x 299.</summary>
/// <remarks>
/// Layers are called as torchvision's modules: <c>Conv2d_1a_3x3.conv</c>, <c>Mixed_6e.branch7x7_3.conv</c>, <c>fc</c>. An inception
/// block's output, which Grad-CAM reads of the last, has the block's name: <c>Mixed_7c</c>; each is a block for <c>layers: blocks</c>.
/// Images come with ImageNet's mean and deviation, as torchvision's do, which the first layer turns into pixels between -1 and 1. The
/// classifier that only training uses is left out.
/// </remarks>
public static class InceptionV3
{
    private static readonly PoolingGeometry Halving = new(3, 2), Around = new(3, 1, 1, countPadding: true);

    /// <summary>The tensors of what only training uses begin like this.</summary>
    internal static IReadOnlyList<string> TrainingOnly { get; } = ["AuxLogits."];

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(Weights? weights = null)
    {
        var builder = new NetworkBuilder(weights) { Block = "Conv2d_1a_3x3", ImageSize = new ImageSize(3, 299, 299) };
        Layer last = Stem(builder, InceptionParts.Input(builder), "Conv2d_1a_3x3", 32, 3, 2);
        last = Stem(builder, last, "Conv2d_2a_3x3", 32, 3);
        last = Stem(builder, last, "Conv2d_2b_3x3", 64, 3, 1, 1);
        last = builder.MaxPool(last, "maxpool1", "maxpool1", Halving);
        last = Stem(builder, last, "Conv2d_3b_1x1", 80, 1);
        last = Stem(builder, last, "Conv2d_4a_3x3", 192, 3);
        last = builder.MaxPool(last, "maxpool2", "maxpool2", Halving);
        last = BlockA(new Branches(builder, last, "Mixed_5b"), 32);
        last = BlockA(new Branches(builder, last, "Mixed_5c"), 64);
        last = BlockA(new Branches(builder, last, "Mixed_5d"), 64);
        last = BlockB(new Branches(builder, last, "Mixed_6a"));
        last = BlockC(new Branches(builder, last, "Mixed_6b"), 128);
        last = BlockC(new Branches(builder, last, "Mixed_6c"), 160);
        last = BlockC(new Branches(builder, last, "Mixed_6d"), 160);
        last = BlockC(new Branches(builder, last, "Mixed_6e"), 192);
        last = BlockD(new Branches(builder, last, "Mixed_7a"));
        last = BlockE(new Branches(builder, last, "Mixed_7b"));
        Layer explained = last = BlockE(new Branches(builder, last, "Mixed_7c"));
        builder.Block = "fc";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "fc", "fc", 1000);
        return builder.Build("inception_v3", explained);
    }

    private static Layer Stem(NetworkBuilder builder, Layer input, string name, int outputs, int kernel, int stride = 1, int padding = 0)
    {
        builder.Block = name;
        return InceptionParts.Basic(builder, input, name, outputs, (kernel, kernel), stride, (padding, padding));
    }

    private static Layer BlockA(Branches block, int pooled) => block.Join(
        block.Then(block.Input, "branch1x1", 64, 1),
        block.Then(block.Then(block.Input, "branch5x5_1", 48, 1), "branch5x5_2", 64, 5),
        block.Then(block.Then(block.Then(block.Input, "branch3x3dbl_1", 64, 1), "branch3x3dbl_2", 96, 3), "branch3x3dbl_3", 96, 3),
        block.Then(block.Mean(), "branch_pool", pooled, 1));

    private static Layer BlockB(Branches block) => block.Join(
        block.Halved(block.Input, "branch3x3", 384),
        block.Halved(block.Then(block.Then(block.Input, "branch3x3dbl_1", 64, 1), "branch3x3dbl_2", 96, 3), "branch3x3dbl_3", 96),
        block.Maximum());

    private static Layer BlockC(Branches block, int width)
    {
        Layer one = block.Then(block.Input, "branch1x1", 192, 1);
        Layer seven = block.Then(block.Input, "branch7x7_1", width, 1);
        seven = block.Then(block.Then(seven, "branch7x7_2", width, 1, 7), "branch7x7_3", 192, 7, 1);
        Layer twice = block.Then(block.Input, "branch7x7dbl_1", width, 1);
        twice = block.Then(block.Then(twice, "branch7x7dbl_2", width, 7, 1), "branch7x7dbl_3", width, 1, 7);
        twice = block.Then(block.Then(twice, "branch7x7dbl_4", width, 7, 1), "branch7x7dbl_5", 192, 1, 7);
        return block.Join(one, seven, twice, block.Then(block.Mean(), "branch_pool", 192, 1));
    }

    private static Layer BlockD(Branches block)
    {
        Layer three = block.Halved(block.Then(block.Input, "branch3x3_1", 192, 1), "branch3x3_2", 320);
        Layer seven = block.Then(block.Then(block.Input, "branch7x7x3_1", 192, 1), "branch7x7x3_2", 192, 1, 7);
        seven = block.Halved(block.Then(seven, "branch7x7x3_3", 192, 7, 1), "branch7x7x3_4", 192);
        return block.Join(three, seven, block.Maximum());
    }

    private static Layer BlockE(Branches block)
    {
        Layer one = block.Then(block.Input, "branch1x1", 320, 1);
        Layer three = block.Then(block.Input, "branch3x3_1", 384, 1);
        three = block.Join("branch3x3", block.Then(three, "branch3x3_2a", 384, 1, 3), block.Then(three, "branch3x3_2b", 384, 3, 1));
        Layer twice = block.Then(block.Then(block.Input, "branch3x3dbl_1", 448, 1), "branch3x3dbl_2", 384, 3);
        twice = block.Join("branch3x3dbl", block.Then(twice, "branch3x3dbl_3a", 384, 1, 3), block.Then(twice, "branch3x3dbl_3b", 384, 3, 1));
        return block.Join(one, three, twice, block.Then(block.Mean(), "branch_pool", 192, 1));
    }

    /// <summary>What one block makes of its input, branch by branch.</summary>
    private sealed class Branches
    {
        private readonly NetworkBuilder builder;
        private readonly string name;

        public Branches(NetworkBuilder builder, Layer input, string name)
        {
            (this.builder, this.name, Input) = (builder, name, input);
            builder.Block = name;
        }

        public Layer Input { get; }

        /// <summary>A convolution that keeps the size.</summary>
        public Layer Then(Layer input, string part, int outputs, int kernel) => Then(input, part, outputs, kernel, kernel);

        public Layer Then(Layer input, string part, int outputs, int height, int width) =>
            InceptionParts.Basic(builder, input, $"{name}.{part}", outputs, (height, width), 1, (height / 2, width / 2));

        /// <summary>A convolution that halves the size.</summary>
        public Layer Halved(Layer input, string part, int outputs) =>
            InceptionParts.Basic(builder, input, $"{name}.{part}", outputs, (3, 3), 2);

        public Layer Mean() => builder.AveragePool(Input, name + ".pool", Around);

        public Layer Maximum() => builder.MaxPool(Input, name + ".pool", name + ".pool", Halving);

        public Layer Join(params Layer[] branches) => builder.Concatenate(name, name, branches);

        public Layer Join(string part, params Layer[] branches) => builder.Concatenate($"{name}.{part}", $"{name}.{part}", branches);
    }
}
