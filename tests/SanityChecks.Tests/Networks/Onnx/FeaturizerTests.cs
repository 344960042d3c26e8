using SanityChecks.Networks.Onnx;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>ResNet-18 as CNTK wrote it, from the package Microsoft.ML.DnnImageFeaturizer.ResNet18, which a build with
/// <c>-p:Featurizer=yes</c> restores.</summary>
public class FeaturizerTests
{
    [Fact]
    public void Features_of_a_published_network_are_those_of_ONNX_Runtime()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string file = Path.Combine(
            packages, "microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", "tools", "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");
        Assert.SkipUnless(File.Exists(file), "needs the package Microsoft.ML.DnnImageFeaturizer.ResNet18: build with -p:Featurizer=yes");
        ImportedNetwork imported = OnnxFile.Load(file);
        Assert.Equal(512, imported.Network.Classes);
        Assert.Equal("ReLU393", imported.Network.Explained.Name);
        (float[] own, int[] axes, SanityChecks.Compute.HostTensor images) = OnnxNetworkTests.Logits(imported, 1);
        float[] expected = OnnxRuntime.Run(file, images.Values, axes);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(own, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(difference <= 1e-4f * largest, $"largest difference {difference:E2}, largest magnitude {largest:E2}");
    }
}
