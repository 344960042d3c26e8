using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Tests.Experiments.Configuration;

public class NearestNameTests
{
    private static readonly string[] Names =
        ["grad_cam", "guided_backprop", "guided_grad_cam", "gradient", "ssim", "hog", "spearman", "spearman_abs"];

    [Theory]
    [InlineData("gradcam", "grad_cam")]
    [InlineData("Grad-CAM", "grad_cam")]
    [InlineData("guided gradcam", "guided_grad_cam")]
    [InlineData("guided", "guided_backprop")]
    [InlineData("ssmi", "ssim")]
    [InlineData("sim", "ssim")]
    [InlineData("ssim2", "ssim")]
    [InlineData("hgo", "hog")]
    [InlineData("gradients", "gradient")]
    [InlineData("spearmen", "spearman")]
    [InlineData("spearman_absolute", "spearman_abs")]
    public void A_slip_of_the_pen_finds_its_name(string typed, string meant) => Assert.Equal(meant, NearestName.Suggest(typed, Names));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("png")]
    [InlineData("lrp")]
    [InlineData("occlusion")]
    public void A_different_word_finds_none(string typed) => Assert.Null(NearestName.Suggest(typed, Names));

    [Fact]
    public void Nothing_to_choose_from_or_a_page_of_text_finds_none()
    {
        Assert.Null(NearestName.Suggest("ssim", []));
        Assert.Null(NearestName.Suggest("ssim" + new string('x', 100), Names));
    }

    [Fact]
    public void The_first_of_equally_near_names_wins() => Assert.Equal("vgg16", NearestName.Suggest("vgg1", ["vgg16", "vgg19"]));

    [Fact]
    public void An_explanation_lists_what_is_allowed()
    {
        Assert.Equal("'ssimm' is not known, nearest is 'ssim'; allowed: ssim, hog", NearestName.Explain("ssimm", ["ssim", "hog"]));
        Assert.Equal("'psnr' is not known; allowed: ssim, hog", NearestName.Explain("psnr", ["ssim", "hog"]));
    }
}
