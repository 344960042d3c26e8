using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>ResNet-18 as CNTK wrote it, from the package Microsoft.ML.DnnImageFeaturizer.ResNet18, which a build with
/// <c>-p:Featurizer=yes</c> restores.</summary>
public class FeaturizerTests
{
    [Fact]
    public void Features_of_a_published_network_are_those_of_ONNX_Runtime()
    {
        string file = FileOrSkip();
        ImportedNetwork imported = OnnxFile.Load(file);
        Assert.Equal(512, imported.Network.Classes);
        Assert.Equal("ReLU393", imported.Network.Explained.Name);
        (float[] own, int[] axes, HostTensor images) = OnnxNetworkTests.Logits(imported, 1);
        float[] expected = OnnxRuntime.Run(file, images.Values, axes);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(own, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(difference <= 1e-4f * largest, $"largest difference {difference:E2}, largest magnitude {largest:E2}");
    }

    /// <summary>With a linear layer behind the mean Grad-CAM's weights are CAM's, up to the mean's divisor (Zhou et al. 2016; Selvaraju et
    /// al. 2017). The layer is trained on the five synsets, by logistic regression on the features.</summary>
    [Fact]
    public void With_a_linear_head_Grad_CAM_is_CAM()
    {
        ImportedNetwork imported = OnnxFile.Load(FileOrSkip());
        string[] folders = [.. Directory.GetDirectories(SharedFolder.PathOrSkip("data/imagenet-val")).Order(StringComparer.Ordinal)];
        (string Path, int Class)[] pictures =
            [.. folders.SelectMany(
                (folder, i) => Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(8).Select(path => (path, i)))];
        using IEngine engine = Engines.Create("cpu");
        float[][] features = [.. pictures.Select(picture =>
        {
            using ForwardPass pass = ForwardPass.Run(engine, imported.Network, imported.Weights, Image(picture.Path));
            return SmallNetworks.Download(engine, pass.Logits);
        })];
        float[] head = Trained(features, [.. pictures.Select(picture => picture.Class)], folders.Length);
        Layer last = imported.Network.Output;
        var linear = new Layer(
            imported.Network.Layers.Count, "head", "head", "head", new LinearOperation(new Shape(folders.Length, features[0].Length)),
            [last]);
        var network = new Network("onnx", [.. imported.Network.Layers, linear], imported.Network.Explained)
        {
            ImageSize = imported.Network.ImageSize,
        };
        var weights = new Weights(imported.Weights.Append(
            new("head.weight", new HostTensor(new Shape(folders.Length, features[0].Length), head)))
            .Append(new("head.bias", new HostTensor(new Shape(folders.Length), new float[folders.Length]))));
        Assert.Null(ClassActivationMap.Instance.Obstacle(network));
        int right = 0;
        foreach ((string path, int label) in pictures.Where((_, i) => i % 8 < 2))
        {
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, Image(path));
            right += TargetRule.LargestLogit(SmallNetworks.Download(engine, pass.Logits)) == label ? 1 : 0;
            using var explanation = new Explanation(
                pass, [label], network.Explained, [GradCam.Instance, ClassActivationMap.Instance]);
            float[] gradCam = explanation.Download(GradCam.Instance)[0].Values.ToArray();
            float[] cam = explanation.Download(ClassActivationMap.Instance)[0].Values.ToArray();
            float factor = cam.Max() / gradCam.Max();
            Assert.True(factor > 0, $"{path} has an empty map");
            Assert.True(cam.Zip(gradCam, (a, b) => Math.Abs(a - (factor * b))).Max() <= 1e-4f * cam.Max(), $"{path}: the maps differ");
        }

        Assert.Equal(2 * folders.Length, right);

        Tensor Image(string path) => Preprocessing.ImageNet.ToTensor([Preprocessing.ImageNet.Fit(ImageFile.Load(path))], engine);
    }

    /// <summary>Weights of a linear layer without a bias, [classes, features], after some steps down the gradient of the cross-entropy;
    /// features are divided by their mean square.</summary>
    private static float[] Trained(float[][] features, int[] labels, int classes)
    {
        int width = features[0].Length;
        double scale = Math.Sqrt(features.Average(row => row.Sum(value => (double)value * value)));
        double[] weights = new double[classes * width];
        for (int step = 0; step < 1500; step++)
        {
            double[] gradient = new double[weights.Length];
            for (int n = 0; n < features.Length; n++)
            {
                double[] odds = [.. Enumerable.Range(0, classes).Select(c =>
                    Math.Exp(features[n].Select((value, i) => value / scale * weights[(c * width) + i]).Sum()))];
                double sum = odds.Sum();
                for (int i = 0; i < gradient.Length; i++)
                {
                    gradient[i] += (odds[i / width] / sum - (labels[n] == i / width ? 1 : 0)) * features[n][i % width] / scale;
                }
            }

            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] -= 4.0 / features.Length * gradient[i];
            }
        }

        return Array.ConvertAll(weights, weight => (float)weight);
    }

    private static string FileOrSkip()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string file = Path.Combine(
            packages, "microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", "tools", "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");
        Assert.SkipUnless(File.Exists(file), "needs the package Microsoft.ML.DnnImageFeaturizer.ResNet18: build with -p:Featurizer=yes");
        return file;
    }
}
