using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Training;

namespace SanityChecks.Tests.Experiments.Training;

public class TrainingConfigTests
{
    private static TrainingConfig Parse(string yaml, params string[] overrides) =>
        TrainingConfig.Parse(yaml, "t.yaml", [.. overrides], Catalogue.Vocabulary);

    private static string Problems(string yaml, params string[] overrides) =>
        Assert.Throws<ConfigException>(() => Parse(yaml, overrides)).Message;

    [Fact]
    public void What_is_not_given_has_its_default_and_the_resolved_text_reads_back()
    {
        TrainingConfig config = Parse("seed: 7");
        Assert.Equal(new TrainingConfig { Seed = 7 }, config);
        Assert.Equal(config, Parse(config.ToYaml()));
        TrainingConfig small = SmallTraining.Config("train.layers=[fc8,conv5]", "model.hidden=auto", "train.clip=0.25");
        Assert.Equal(small, Parse(small.ToYaml()));
        Assert.NotEqual(small, config);
    }

    [Fact]
    public void Steps_take_the_size_of_the_stage_in_which_their_first_picture_lies()
    {
        TrainConfig train = Parse("train: { images: 100, batch: 8, stages: [{ size: 32, images: 20 }, { size: 64, images: 16 }] }").Train;
        Assert.Equal(13, train.Steps);
        Assert.Equal([32, 32, 32, 64, 64, 224, 224], Enumerable.Range(0, 7).Select(step => train.SizeOf(step, 224)));
    }

    [Theory]
    [InlineData("sede: 3", "t.yaml:1: sede: unknown key, nearest is 'seed'; allowed at the top: seed, model, data, train, log_every, validate_every, checkpoint_every, engine")]
    [InlineData("train:\n  stages:\n    - { size: 96, images: 3, image: 3 }\n", "t.yaml:3: train.stages.image: unknown key, nearest is 'train.stages.images'; allowed in train.stages: size, images")]
    [InlineData("train:\n  learning_rte: 3\n", "t.yaml:2: train.learning_rte: unknown key, nearest is 'train.learning_rate'; allowed in train: stages, layers, images, batch, optimizer, learning_rate, momentum, weight_decay, warm_up, label_smoothing, clip")]
    [InlineData("train: { optimizer: adm }", "t.yaml:1: train.optimizer: 'adm' is not known, nearest is 'adam'; allowed: adam, sgd")]
    [InlineData("train: { learning_rate: fast }", "t.yaml:1: train.learning_rate: must be a number from 1E-09 to 100, not 'fast'")]
    [InlineData("train: { learning_rate: 0 }", "t.yaml:1: train.learning_rate: must be a number from 1E-09 to 100, not '0'")]
    [InlineData("train: { clip: -1 }", "t.yaml:1: train.clip: must be a number, at least 0, not '-1'")]
    [InlineData("train: { clip: NaN }", "t.yaml:1: train.clip: must be a number, at least 0, not 'NaN'")]
    [InlineData("train: { stages: 96 }", "t.yaml:1: train.stages: must be a list of stages such as { size: 96, images: 20000 }; it is '96'")]
    [InlineData("train: { stages: [96] }", "t.yaml:1: train.stages: must be a list of stages such as { size: 96, images: 20000 }; an entry is '96'")]
    [InlineData("train: { stages: [{ size: 96 }] }", "t.yaml:1: train.stages: each stage needs size and images, such as { size: 96, images: 20000 }")]
    [InlineData("train: { images: 10, stages: [{ size: 96, images: 11 }] }", "t.yaml:1: train.stages: has 11 images, more than the 10 of train.images")]
    [InlineData("data: { size: 31 }", "t.yaml:1: data.size: must be an integer from 32 to 1024, not '31'")]
    [InlineData("data: { source: folder }", "t.yaml: data.root: source: folder needs the folder that holds a folder of images for each class")]
    [InlineData("data: { root: x }", "t.yaml:1: data.root: belongs to source: folder, but the source is shapes; remove it or set data.source=folder")]
    [InlineData("data: { crop: 0.5 }", "t.yaml:1: data.crop: belongs to source: folder, but the source is shapes; remove it or set data.source=folder")]
    [InlineData("data: { validation: 0.2 }", "t.yaml:1: data.validation: must be a whole number of images: shapes have no end to take a share of")]
    [InlineData("data: { source: folder, root: x, validation: 2.5 }", "t.yaml:1: data.validation: must be a whole number of images, or a share below 1")]
    [InlineData("model: { weights: imagenet, width: 0.5 }", "t.yaml:1: model.width: belongs to weights: random; trained weights have the width that they have")]
    [InlineData("model: { weights: rundom }", "t.yaml:1: model.weights: 'rundom' is not known, nearest is 'random'; allowed: random, imagenet, shapes, or the path of a file (.safetensors, .pth, .pt, .onnx)")]
    public void A_wrong_key_or_value_is_named_with_its_line_and_what_is_right(string yaml, string line) =>
        Assert.Equal(line, Problems(yaml));

    [Fact]
    public void Every_problem_is_reported_at_once() =>
        Assert.Equal(3, Problems("seed: x\ntrain: { batch: 0 }\n", "data.size=big").Split('\n').Length);
}
