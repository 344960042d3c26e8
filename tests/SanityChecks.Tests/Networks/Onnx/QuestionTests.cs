using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Networks;
using SanityChecks.Networks.Onnx;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>A network that answers a question about an image: two inputs, two outputs, of which one is three answers of four words. Any
/// element of any output can be explained. question.json has PyTorch's numbers.</summary>
public class QuestionTests
{
    private static readonly string Graph = OnnxFixtures.Path("Question/question.onnx"),
        Question = OnnxFixtures.Path("Question/question.pth");

    private static readonly JsonElement Expected = JsonDocument.Parse(
        File.ReadAllText(OnnxFixtures.Path("Question/question.json"))).RootElement;

    [Fact]
    public void A_word_of_an_answer_is_explained_as_in_PyTorch()
    {
        TrainedNetwork trained = OnnxNetwork.Load(Graph, null, "answers", Question);
        Network network = trained.Network;
        Assert.Equal([3, 4], network.OutputAxes);
        int target = network.ElementAt([1, 2]);
        Assert.Equal(6, target);
        Assert.Contains("ask", string.Join(" ", network.WeightLayers)); // the question's layers are randomized, too
        using IEngine engine = Engines.Create("cpu");
        using HostTensor image = SmallNetworks.Images(7, 1, 24, 20);
        using ForwardPass pass = ForwardPass.Run(engine, network, trained.Weights, image);
        AssertClose("answers", SmallNetworks.Download(engine, pass.Logits));
        using var explanation = new Explanation(pass, [target], network.Explained, [GradCam.Instance, InputGradient.Instance]);
        AssertClose("grad_cam", explanation.Download(explanation.NativeMap(GradCam.Instance))[0].Values.ToArray());
        AssertClose("gradient", [.. explanation.Download(InputGradient.Instance)[0].Values.ToArray().Where((_, i) => i % 17 == 0)]);
    }

    [Fact]
    public void The_other_output_and_a_batch_have_the_same_question()
    {
        TrainedNetwork trained = OnnxNetwork.Load(Graph, null, "sureness", Question);
        Assert.Equal([2], trained.Network.OutputAxes);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor image = SmallNetworks.Images(7, 1, 24, 20);
        using ForwardPass pass = ForwardPass.Run(engine, trained.Network, trained.Weights, image);
        AssertClose("sureness", SmallNetworks.Download(engine, pass.Logits));
        TrainedNetwork answers = OnnxNetwork.Load(Graph, null, "answers", Question);
        using var twice = new HostTensor(new Shape(2, 3, 24, 20), [.. image.Values.ToArray(), .. image.Values.ToArray()]);
        using ForwardPass both = ForwardPass.Run(engine, answers.Network, answers.Weights, twice);
        float[] logits = SmallNetworks.Download(engine, both.Logits);
        Assert.Equal(logits[..12], logits[12..]);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        Assert.Contains("it has 2 inputs (image, question)", Message(() => OnnxNetwork.Load(Graph, null, "answers")));
        Assert.Contains(
            "no output 'answer'; its outputs are answers, sureness", Message(() => OnnxNetwork.Load(Graph, null, "answer", Question)));
        Assert.Contains(
            "its output 'answers' is [N, 3, 4]; a classifier's is", Message(() => OnnxNetwork.Load(Graph, null, null, Question)));
        Assert.Contains("no element [3, 0]", Message(() => OnnxNetwork.Load(Graph, null, "answers", Question).Network.ElementAt([3, 0])));
        Weights wrong = new([new("question", new HostTensor(new Shape(1, 4), new float[4]))]);
        Assert.Contains("'question' is [1, 4]; 5, the same", Message(() => OnnxFile.Load(Graph, "answers", wrong)));
        Weights other = new([new("questions", new HostTensor(new Shape(1, 5), new float[5]))]);
        Assert.Contains("'questions', but its inputs are image, question", Message(() => OnnxFile.Load(Graph, "answers", other)));

        static string Message(Func<object> load) => Assert.ThrowsAny<InputException>(load).Message;
    }

    [Fact]
    public void A_configuration_names_the_element()
    {
        ExperimentConfig config = ExperimentConfig.Parse(
            "model: {architecture: onnx, weights: q.onnx, inputs: q.pth}\ntarget: {output: answers, index: [1, 2]}\n", "q.yaml", [],
            Catalogue.Vocabulary);
        Assert.Equal(new TargetElement("answers", [1, 2]), config.TargetElement);
        Assert.Equal(("answers", "q.pth"), (config.Model.Source(config.TargetElement).Output, config.Model.Source(null).Inputs));
        Assert.Contains("target: {output: answers, index: [1, 2]}", config.ToYaml());
        Assert.Equal(config, ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary));
        string message = Assert.Throws<ConfigException>(() => ExperimentConfig.Parse(
            "target: {output: answers, index: [-1], axis: 2}\n", "q.yaml", [], Catalogue.Vocabulary)).Message;
        Assert.Contains("target.index: must be a position from 0 for each axis", message);
        Assert.Contains("target.output: belongs to architecture: onnx", message);
        Assert.Contains("target.axis", message);
    }

    private static void AssertClose(string what, float[] actual)
    {
        float[] expected = [.. Expected.GetProperty(what).EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(
            largest > 0 && difference <= 2e-5f * largest, $"{what}: largest difference {difference:E2}, largest magnitude {largest:E2}");
    }
}
