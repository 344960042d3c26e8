using System.Text.Json;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests.RunFiles.Statistics;

/// <summary>Specifications, what their choices decide, and responses, against NumPy and SciPy (<c>make_specifications.py</c>).</summary>
public class SpecificationCurveTests
{
    private static readonly JsonElement Expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "RunFiles", "Statistics", "specifications.json"))).RootElement;

    private static readonly Specification Networks = new("top_down", "he_normal", "predicted");

    private static double Number(string name) => Expected.GetProperty(name).GetDouble();

    /// <summary>Rows of a table [step][draw][image]; the untouched network's are the first draw's.</summary>
    private static IEnumerable<ScoreRow> Rows(string table, string method, string metric, string resolution, string reference) =>
        from step in Expected.GetProperty(table).EnumerateArray().Select((draws, step) => (draws, step))
        from draw in step.draws.EnumerateArray().Select((images, draw) => (images, draw: draw + 1))
        where step.step > 0 || draw.draw == 1
        from image in draw.images.EnumerateArray().Select((value, image) => (value, image))
        select new ScoreRow(
            $"image{image.image}", null, 0, 1, 1, "cascading", step.step, step.step == 0 ? "" : $"layer{step.step}",
            step.step == 0 ? 0 : draw.draw, method, metric, resolution, reference, image.value.GetDouble(), "ok");

    private static ScoreTable Table(params string[] references) => new(
    [
        .. Rows("scores", "grad_cam", "ssim_of_abs", "input", ScoreRow.Original),
        .. references.SelectMany(reference => Rows("null", "grad_cam", "ssim_of_abs", "input", reference)),
        .. Rows("answers", ScoreRow.Network, "logit_distance", ScoreRow.Output, ScoreRow.Original),
    ]);

    private static SpecificationRow Row(ScoreTable table, bool connected = true) =>
        Assert.Single(SpecificationCurve.Of(table, connected, Networks, [("ssim_of_abs", "ssim", "abs")]));

    [Fact]
    public void A_specification_is_how_far_the_curve_lies_on_the_way_from_the_null_to_the_originals()
    {
        SpecificationRow row = Row(Table(ScoreRow.OtherImage));
        Assert.Equal(["ssim", "abs", "top_down", "he_normal", "predicted"], row.Options);
        Assert.Equal(("grad_cam", 10), (row.Method, row.N));
        Assert.Equal(Number("area"), row.Area!.Value, 1e-12);
        Assert.Equal(Number("null_area"), row.NullArea!.Value, 1e-12);
        Assert.Equal(Number("part"), row.Part!.Value, 1e-12);
        Assert.InRange(row.Part.Value, row.Low!.Value, row.High!.Value);
        Assert.Equal(Number("part_of_steps_alone"), Row(Table(ScoreRow.OtherImage), connected: false).Part!.Value, 1e-12);
    }

    [Fact]
    public void Without_a_null_the_way_begins_at_0() => Assert.Equal(Number("area"), Row(Table()).Part!.Value, 1e-12);

    [Fact]
    public void A_row_comes_back_from_its_cells()
    {
        SpecificationRow row = Row(Table(ScoreRow.OtherImage));
        Assert.Equal(row, SpecificationRow.Parse([.. row.Cells]));
        var share = new ChoiceShareRow("grad_cam", "metric", 2, 24, 0.25);
        Assert.Equal(share, ChoiceShareRow.Parse([.. share.Cells]));
    }

    [Fact]
    public void A_choice_has_the_share_of_the_variance_that_lies_between_its_options()
    {
        SpecificationRow[] rows = [.. Expected.GetProperty("rows").EnumerateArray().Select(Parsed)];
        IReadOnlyList<ChoiceShareRow> shares = SpecificationCurve.Shares(rows);
        JsonElement expected = Expected.GetProperty("shares");
        Assert.Equal(["metric", "maps", "initializer", "target", "together"], shares.Select(share => share.Choice));
        Assert.All(shares, share => Assert.Equal(expected.GetProperty(share.Choice).GetDouble(), share.Share!.Value, 1e-9));
        Assert.Equal(1, shares.Sum(share => share.Share!.Value), 1e-12);
        Assert.Equal([2, 3, 2, 2, 0], shares.Select(share => share.Options));
    }

    /// <summary>Of the options of the missing one, an eighth of the combinations of its treatment of maps lack a score, a twelfth of those
    /// of the others.</summary>
    [Fact]
    public void An_option_that_lacks_combinations_is_left_out_and_where_specifications_agree_no_choice_decides()
    {
        SpecificationRow[] rows = [.. Expected.GetProperty("rows").EnumerateArray().Select(Parsed)];
        IReadOnlyList<ChoiceShareRow> some = SpecificationCurve.Shares([rows[0] with { Part = null }, .. rows[1..]]);
        IReadOnlyList<ChoiceShareRow> without = SpecificationCurve.Shares([.. rows.Where(row => row.Maps != rows[0].Maps)]);
        Assert.Equal(without, some);
        Assert.All(some, share => Assert.Equal(16, share.N));
        Assert.Equal(1, some.Sum(share => share.Share!.Value), 1e-12);
        Assert.All(SpecificationCurve.Shares([.. rows.Select(row => row with { Part = 0.5 })]), share => Assert.Null(share.Share));
        Assert.All(SpecificationCurve.Shares([.. rows.Select(row => row with { Part = null })]), share => Assert.Null(share.Share));
    }

    [Fact]
    public void Responses_are_the_correlations_over_the_steps_and_over_the_images()
    {
        IReadOnlyList<ResponseRow> rows = Responses.Of(Table(ScoreRow.OtherImage), ["logit_distance"]);
        Assert.Equal([ResponseRow.Steps, ResponseRow.Images], rows.Select(row => row.Over));
        Assert.Equal(Number("over_steps"), rows[0].Mean!.Value, 1e-12);
        Assert.Equal(Number("over_images"), rows[1].Mean!.Value, 1e-12);
        Assert.Equal([10, 6], rows.Select(row => row.N));
        Assert.All(rows, row => Assert.InRange(row.Mean!.Value, row.Low!.Value, row.High!.Value));
        Assert.Empty(Responses.Of(Table(), []));
    }

    private static SpecificationRow Parsed(JsonElement row)
    {
        string[] options = [.. row.GetProperty("options").EnumerateArray().Select(option => option.GetString()!)];
        return new SpecificationRow(
            "grad_cam", options[0], options[1], new Specification(options[2], options[3], options[4]), 1, null, null,
            row.GetProperty("part").GetDouble(), null, null);
    }
}
