using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>One score: a row of <c>scores.csv</c>.</summary>
/// <param name="Image">The image's id.</param>
/// <param name="Label">Its class index; null where it is not known.</param>
/// <param name="Target">The class whose logit was explained.</param>
/// <param name="Logit">That logit, of the network of this step.</param>
/// <param name="OriginalLogit">The trained network's logit of the same class. Where the two have different signs, a map that is odd in the
/// logit shows the original's picture with its sign turned.</param>
/// <param name="Randomization">The kind of randomization: <c>cascading</c>.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Layer">What the step randomizes; empty at step 0.</param>
/// <param name="Draw">From 1; 0 at step 0, where nothing is drawn.</param>
/// <param name="Method">The attribution method; <see cref="Network"/> where networks are compared by their answers.</param>
/// <param name="Metric">The similarity, or the measure of a network.</param>
/// <param name="Resolution">At which size the maps were compared: <c>input</c>; <see cref="Output"/> where no maps were.</param>
/// <param name="Reference">What the map was compared with: <see cref="Original"/>, the trained network's map of the same image, or a
/// control.</param>
/// <param name="Value">The similarity to the reference; null where it is undefined.</param>
/// <param name="Status"><see cref="Ok"/>, or why there is no value.</param>
public sealed record ScoreRow(
    string Image, int? Label, int Target, float Logit, float OriginalLogit, string Randomization, int Step, string Layer, int Draw,
    string Method, string Metric,
    string Resolution, string Reference, double? Value, string Status)
{
    /// <summary>The reference that a map is compared with unless something else is asked for: the map that the trained network gives of the
    /// same image.</summary>
    public const string Original = "original";

    /// <summary>The reference that is the trained network's map of another image: what unrelated maps of one method have in
    /// common.</summary>
    public const string OtherImage = "other_image";

    /// <summary>The reference that is the map of a network that was trained to the same from another seed: how similar maps are that
    /// explain the same function by other weights.</summary>
    public const string OtherTraining = "other_training";

    /// <summary>The reference of what is measured of one map alone.</summary>
    public const string Itself = "itself";

    /// <summary>The reference that is no map but where the object is.</summary>
    public const string Truth = "truth";

    /// <summary>What stands for a method in rows of <see cref="Truth"/> that have what a map gets which shows nothing.</summary>
    public const string Chance = "chance";

    /// <summary>What stands for a method where the network's answers are compared instead of maps.</summary>
    public const string Network = "network";

    /// <summary>The resolution of a comparison of answers.</summary>
    public const string Output = "output";

    /// <summary>The status of a score that has a value.</summary>
    public const string Ok = "ok";

    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["image", "label", "target", "logit", "original_logit", "randomization", "step", "layer", "draw", "method", "metric", "resolution",
            "reference", "value", "status"];

    /// <summary>Where the draw stands among the columns.</summary>
    internal static int DrawColumn { get; } = Columns.ToList().IndexOf("draw");

    /// <summary>The sign of a score that a map would have whose sign follows the logit's: that of the product of the two logits.</summary>
    public int Sign => float.IsNaN(Logit) || float.IsNaN(OriginalLogit) ? 0 : Math.Sign(Logit) * Math.Sign(OriginalLogit);

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Image, Label?.ToString(CultureInfo.InvariantCulture) ?? "", Target.ToString(CultureInfo.InvariantCulture),
        Logit.ToString("R", CultureInfo.InvariantCulture), OriginalLogit.ToString("R", CultureInfo.InvariantCulture), Randomization,
        Step.ToString(CultureInfo.InvariantCulture), Layer, Draw.ToString(CultureInfo.InvariantCulture), Method, Metric, Resolution,
        Reference,
        Value?.ToString("R", CultureInfo.InvariantCulture) ?? "", Status,
    ];

    /// <summary>A row from its cells.</summary>
    /// <param name="cells">As many as there are columns.</param>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    /// <exception cref="OverflowException">A whole number is too large.</exception>
    public static ScoreRow Parse(IReadOnlyList<string> cells)
    {
        Require(cells.Count == Columns.Count, $"a row has {Columns.Count} cells, not {cells.Count}");
        var row = new ScoreRow(
            cells[0], cells[1].Length == 0 ? null : Integer(cells[1]), Integer(cells[2]), Single(cells[3]), Single(cells[4]), cells[5],
            Integer(cells[6]), cells[7], Integer(cells[8]), cells[9], cells[10], cells[11], cells[12],
            cells[13].Length == 0 ? null : double.Parse(cells[13], CultureInfo.InvariantCulture), cells[14]);
        Require(row.Value is null || double.IsFinite(row.Value.Value), $"value is '{cells[13]}'; it must be a finite number, or empty");
        Require(
            row.Status == Ok ? row.Value is not null : row.Value is null or 0,
            "there must be a value where the status is ok, and none elsewhere, or 0 where constant maps count as such");
        return row;
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static float Single(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new FormatException(reason);
        }
    }
}
