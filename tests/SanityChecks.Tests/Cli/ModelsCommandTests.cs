namespace SanityChecks.Tests.Cli;

public class ModelsCommandTests
{
    [Fact]
    public void It_lists_the_layers_of_each_network_from_the_logits_down()
    {
        (int code, string output, string error) = ProgramProcess.Run("models");
        Assert.Equal((0, ""), (code, error));
        string[] networks = output.Split("\n\n");
        Assert.StartsWith(
            "vgg16: 16 layers with weights, 138.4 million parameters, for images of 224 x 224; Grad-CAM reads relu5_3 (features.29)\n", networks[0],
            StringComparison.Ordinal);
        Assert.Equal(
            [
                "fc8 classifier.6 [1000, 4096]", "fc7 classifier.3 [4096, 4096]", "fc6 classifier.0 [4096, 25088]",
                "conv5_3 features.28 [512, 512, 3, 3]", "conv5_2 features.26 [512, 512, 3, 3]", "conv5_1 features.24 [512, 512, 3, 3]",
                "conv4_3 features.21 [512, 512, 3, 3]", "conv4_2 features.19 [512, 512, 3, 3]", "conv4_1 features.17 [512, 256, 3, 3]",
                "conv3_3 features.14 [256, 256, 3, 3]", "conv3_2 features.12 [256, 256, 3, 3]", "conv3_1 features.10 [256, 128, 3, 3]",
                "conv2_2 features.7 [128, 128, 3, 3]", "conv2_1 features.5 [128, 64, 3, 3]",
                "conv1_2 features.2 [64, 64, 3, 3]", "conv1_1 features.0 [64, 3, 3, 3]",
            ],
            networks[0].Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line =>
                string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains(networks, network => network.StartsWith("vgg19: 19 layers with weights, 143.7 million", StringComparison.Ordinal));
        Assert.Contains(
            networks, network => network.StartsWith("squeezenet1_1: 26 layers with weights, 1.2 million", StringComparison.Ordinal));
        Assert.Contains(
            networks, network => network.StartsWith(
                "resnet20: 39 layers with weights, 0.3 million parameters, for images of 32 x 32;", StringComparison.Ordinal));
        Assert.Contains("(sha256 397923af...), not cached", networks[0], StringComparison.Ordinal);
        Assert.EndsWith("sanitychecks-no-such-cache (SANITYCHECKS_CACHE changes that).\n", output, StringComparison.Ordinal);
    }
}
