namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>The very lines that a user reads; one who changes a message changes them here.</summary>
public class ConfigProblemTests
{
    [Theory]
    [InlineData("seeds: 3", "c.yaml:1: seeds: unknown key, nearest is 'seed'; allowed at the top: experiment, protocol, seed, model, images, preprocessing, target, randomization, methods, layer, metrics, references, ceiling, faithfulness, faithfulness_steps, localization, maps, undefined, specifications, output, strict, engine")]
    [InlineData("seed: 1\nimages:\n  root: x\n  cout: 20\n", "c.yaml:4: images.cout: unknown key, nearest is 'images.count'; allowed in images: source, root, synset, count, batch, paths, list, solution, annotations")]
    [InlineData("model: { weight: imagenet, architecture: vgg16 }", "c.yaml:1: model.weight: unknown key, nearest is 'model.weights'; allowed in model: architecture, weights, graph, inputs, classes")]
    [InlineData("output: { draws: 2 }", "c.yaml:1: output.draws: unknown key, nearest is 'randomization.draws'; allowed in output: maps, maps_for_images")]
    [InlineData("images:\n  root: x\n  target: dog\n", "c.yaml:3: images.target: unknown key, nearest is 'target'; allowed in images: source, root, synset, count, batch, paths, list, solution, annotations")]
    [InlineData("output: { bath: 2 }", "c.yaml:1: output.bath: unknown key, nearest is 'images.batch'; allowed in output: maps, maps_for_images")]
    [InlineData("output: { color_of_the_sky: 2 }", "c.yaml:1: output.color_of_the_sky: unknown key; allowed in output: maps, maps_for_images")]
    [InlineData("model: { images.count: 3 }", "c.yaml:1: model.images.count: unknown key, write 'images:' and the rest indented below it (dots are for --set); allowed in model: architecture, weights, graph, inputs, classes")]
    [InlineData("output: { Maps: png }", "c.yaml:1: output.Maps: unknown key, nearest is 'output.maps'; allowed in output: maps, maps_for_images")]
    public void An_unknown_key_is_named_with_the_nearest_valid_one(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));

    [Theory]
    [InlineData("methods: [grad_cam,\n  gradcam]", "c.yaml:2: methods: 'gradcam' is not known, nearest is 'grad_cam'; allowed: grad_cam, guided_backprop, guided_grad_cam, gradient, deconvnet")]
    [InlineData("metrics: [spearman, ssmi]", "c.yaml:1: metrics: 'ssmi' is not known, nearest is 'ssim'; allowed: spearman, spearman_abs, ssim, hog")]
    [InlineData("experiment: cascade", "c.yaml:1: experiment: 'cascade' is not known; allowed: cascading_randomization, independent_randomization")]
    [InlineData("experiment: independent", "c.yaml:1: experiment: 'independent' is not known, nearest is 'independent_randomization'; allowed: cascading_randomization, independent_randomization")]
    [InlineData("references: [original, shufled]", "c.yaml:1: references: 'shufled' is not known, nearest is 'shuffled'; allowed: original, other_image, shuffled")]
    [InlineData("references: shuffled", "c.yaml:1: references: must contain original, which charts and tables are of")]
    [InlineData("model: { architecture: VGG-16 }", "c.yaml:1: model.architecture: 'VGG-16' is not known, nearest is 'vgg16'; allowed: vgg16, vgg19, squeezenet1_1")]
    [InlineData("model: { weights: imagnet }", "c.yaml:1: model.weights: 'imagnet' is not known, nearest is 'imagenet'; allowed: imagenet, shapes, or the path of a file (.safetensors, .pth, .pt, .onnx)")]
    [InlineData("randomization: { initializer: normal }", "c.yaml:1: randomization.initializer: 'normal' is not known, nearest is 'he_normal'; allowed: pytorch_default, he_normal, trained_normal, truncated_normal, permutation")]
    [InlineData("randomization: { order: topdown }", "c.yaml:1: randomization.order: 'topdown' is not known, nearest is 'top_down'; allowed: top_down, bottom_up, as_listed")]
    [InlineData("randomization: { bias: none }", "c.yaml:1: randomization.bias: 'none' is not known; allowed: with_weight, keep, zero")]
    [InlineData("randomization: { batch_norm: reset }", "c.yaml:1: randomization.batch_norm: 'reset' is not known, nearest is 'reset_statistics'; allowed: keep_statistics, reset_statistics")]
    [InlineData("images: { source: folders }", "c.yaml:1: images.source: 'folders' is not known, nearest is 'folder'; allowed: imagenet, folder, list, shapes")]
    [InlineData("preprocessing: crop", "c.yaml:1: preprocessing: 'crop' is not known; allowed: imagenet, squash")]
    [InlineData("output: { maps: jpg }", "c.yaml:1: output.maps: 'jpg' is not known; allowed: png, npy, both, none")]
    public void An_unknown_name_is_named_with_the_nearest_and_all_allowed(string yaml, string line) =>
        Assert.Equal(line, Known.Problems(yaml));

    [Theory]
    [InlineData("seed: one", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not 'one'")]
    [InlineData("seed: '1'", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not the quoted text '1'")]
    [InlineData("seed: -1", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not '-1'")]
    [InlineData("seed: 18446744073709551616", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not '18446744073709551616'")]
    [InlineData("seed: 1.5", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not '1.5'")]
    [InlineData("seed: [1]", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not a list")]
    [InlineData("seed:", "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not empty")]
    [InlineData("images: { count: 0 }", "c.yaml:1: images.count: must be an integer from 1 to 2147483647, not '0'")]
    [InlineData("images: { count: 2147483648 }", "c.yaml:1: images.count: must be an integer from 1 to 2147483647, not '2147483648'")]
    [InlineData("images: { batch: 0 }", "c.yaml:1: images.batch: must be auto or an integer from 1 to 2147483647, not '0'")]
    [InlineData("images: { batch: automatic }", "c.yaml:1: images.batch: must be auto or an integer from 1 to 2147483647, not 'automatic'")]
    [InlineData("randomization: { draws: 0 }", "c.yaml:1: randomization.draws: must be an integer from 1 to 2147483647, not '0'")]
    [InlineData("output: { maps_for_images: -1 }", "c.yaml:1: output.maps_for_images: must be an integer from 0 to 2147483647, not '-1'")]
    [InlineData("strict: yes", "c.yaml:1: strict: must be true or false, not 'yes'")]
    [InlineData("target: -3", "c.yaml:1: target: a class index counts from 0, not '-3'")]
    [InlineData("target: [1, 2]", "c.yaml:1: target: must be predicted, label, repredicted, or the index, name or WordNet id of one class, not a list")]
    [InlineData("layer: ''", "c.yaml:1: layer: must be auto or the name of a layer, not the quoted text ''")]
    [InlineData("images: { root: }", "c.yaml:1: images.root: must be the path of a folder, not empty")]
    [InlineData("images: 3", "c.yaml:1: images: must be a section of keys, not '3'")]
    [InlineData("images: [count, 3]", "c.yaml:1: images: must be a section of keys, not a list")]
    [InlineData("output: { maps: { png: 1 } }", "c.yaml:1: output.maps: must be one of png, npy, both, none, not a section")]
    public void A_value_of_the_wrong_kind_says_what_is_right(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));

    [Theory]
    [InlineData("metrics: []", "c.yaml:1: metrics: must be a list of names from: spearman, spearman_abs, ssim, hog; the list is empty")]
    [InlineData("metrics:", "c.yaml:1: metrics: must be a list of names from: spearman, spearman_abs, ssim, hog; it is empty")]
    [InlineData("metrics: { ssim: true }", "c.yaml:1: metrics: an entry has no name")]
    [InlineData("metrics: [[ssim]]", "c.yaml:1: metrics: must be a list of names from: spearman, spearman_abs, ssim, hog; an entry is a list")]
    [InlineData("metrics:\n- ssim\n-\n", "c.yaml:3: metrics: must be a list of names from: spearman, spearman_abs, ssim, hog; an entry is empty")]
    [InlineData("metrics:\n- ssim\n- hog\n- ssim\n", "c.yaml:4: metrics: 'ssim' is listed twice; give one of them another name with as")]
    [InlineData("methods: [gradient, gradient]", "c.yaml:1: methods: 'gradient' is listed twice")]
    [InlineData("randomization: { layers: [] }", "c.yaml:1: randomization.layers: must be all, conv, blocks, or a list of names of layers and blocks; the list is empty")]
    [InlineData("randomization: { layers: [fc8, conv] }", "c.yaml:1: randomization.layers: 'conv' stands alone, without other names")]
    [InlineData("images: { synset: [random, n02085936] }", "c.yaml:1: images.synset: 'random' stands alone, without other names")]
    public void A_list_is_checked_entry_by_entry(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));

    [Theory]
    [InlineData("images: { source: list }", "c.yaml:1: images.source: source: list needs images.paths (a list of images) or images.list (a text file)")]
    [InlineData("images:\n  source: list\n  paths: [a.jpg]\n  list: b.txt\n", "c.yaml:4: images.list: given together with images.paths; keep one of the two")]
    [InlineData("images:\n  paths: [a.jpg]\n", "c.yaml:2: images.paths: belongs to source: list, but the source is imagenet; remove it or set images.source=list")]
    [InlineData("images:\n  source: folder\n  list: b.txt\n", "c.yaml:3: images.list: belongs to source: list, but the source is folder; remove it or set images.source=list")]
    [InlineData("images:\n  source: folder\n  solution: s.csv\n", "c.yaml:3: images.solution: belongs to source: imagenet, but the source is folder; remove it or set images.source=imagenet")]
    public void A_key_that_the_source_does_not_use_is_refused(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));

    [Fact]
    public void Every_problem_is_reported_at_once_in_the_order_of_the_file()
    {
        const string Yaml = "metrics: [ssimm]\nimages:\n  count: none\n  cuont: 3\nseed: x\n";
        string[] lines = Known.Problems(Yaml, "output.maps=gif", "strikt=true").Split('\n');
        Assert.Equal(
            ["c.yaml:1: metrics", "c.yaml:3: images.count", "c.yaml:4: images.cuont", "c.yaml:5: seed",
                "--set output.maps=gif: output.maps", "--set strikt=true: strikt"],
            lines.Select(line => line[..line.LastIndexOf(": ", line.IndexOfAny(['\'', ',', '0']), StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_long_or_broken_value_stays_on_one_short_line()
    {
        string line = Known.Problems($"seed: \"a\\nb\\tc{new string('x', 5000)}\"");
        Assert.StartsWith(
            "c.yaml:1: seed: must be an integer from 0 to 18446744073709551615, not the quoted text 'a\\u000Ab\\u0009cxxx", line);
        Assert.DoesNotContain('\n', line);
        Assert.True(line.Length < 200, line);
    }
}
