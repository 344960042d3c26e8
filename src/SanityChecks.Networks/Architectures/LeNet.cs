using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>LeNet-5 (LeCun et al. 1998) with ReLUs and maximum pooling, for gray digits of 28 x 28 with two rows and columns of zeros
/// around; tensors <c>conv1</c>, <c>conv2</c>, <c>fc1</c>, <c>fc2</c>, <c>fc3</c>.</summary>
/// <remarks>Grad-CAM reads the ReLU of <c>conv2</c>, 10 x 10.</remarks>
public static class LeNet
{
    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(Weights? weights = null)
    {
        var pooling = new PoolingGeometry(2, 2);
        var builder = new NetworkBuilder(weights) { Block = "conv1", ImageSize = new ImageSize(1, 28, 28) };
        Layer last = builder.Relu(builder.Convolution(builder.Last, "conv1", "conv1", 6, 5, 1, 2), "relu1", "relu1");
        last = builder.MaxPool(last, "pool1", "pool1", pooling);
        builder.Block = "conv2";
        Layer explained = last = builder.Relu(builder.Convolution(last, "conv2", "conv2", 16, 5), "relu2", "relu2");
        last = builder.Flatten(builder.MaxPool(last, "pool2", "pool2", pooling));
        builder.Block = "fc1";
        last = builder.Relu(builder.Linear(last, "fc1", "fc1", 120, 25), "relu3", "relu3");
        builder.Block = "fc2";
        last = builder.Relu(builder.Linear(last, "fc2", "fc2", 84), "relu4", "relu4");
        builder.Block = "fc3";
        builder.Linear(last, "fc3", "fc3", 10);
        return builder.Build("lenet", explained);
    }
}
