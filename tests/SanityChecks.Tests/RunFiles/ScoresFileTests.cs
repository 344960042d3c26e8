using System.Text;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles;

public sealed class ScoresFileTests : IDisposable
{
    private const int RowsPerImage = 2;

    private static readonly string[] Names = ["=1.png", "\"2\",\n.png"];

    private readonly TemporaryFolder folder = new();

    public ScoresFileTests() => Directory.CreateDirectory(folder.Of("run"));

    private string FilePath => folder.Of("run", "scores.csv");

    public void Dispose() => folder.Dispose();

    private static IEnumerable<ScoreRow> Rows(string image, int count = RowsPerImage) =>
        Enumerable.Range(0, count).Select(step => new ScoreRow(
        image, 7, 3, 1.5f, -2.25f, "cascading", step, step == 0
            ? ""
            : "fc8", Math.Min(step, 1), "grad_cam", "ssim", "input", ScoreRow.Original, 1 / (3.0 + step), "ok"));

    private byte[] Written(params string[] images)
    {
        using (ScoresFile file = ScoresFile.Open(FilePath, _ => RowsPerImage))
        {
            file.Append(images.SelectMany(image => Rows(image)));
        }

        return File.ReadAllBytes(FilePath);
    }

    private string Refused(int rowsPerImage = RowsPerImage)
    {
        byte[] before = File.ReadAllBytes(FilePath);
        string message = Assert.ThrowsAny<InputException>(() => ScoresFile.Open(FilePath, _ => rowsPerImage)).Message;
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.StartsWith(FilePath, message, StringComparison.Ordinal);
        return message;
    }

    [Fact]
    public void The_file_begins_with_the_columns_of_the_schema()
    {
        Assert.Equal(
            "image,label,target,logit,original_logit,randomization,step,layer,draw,method,metric,resolution,reference,value,status\r\n",
            Encoding.UTF8.GetString(Written()));
        Assert.Empty(ScoresFile.Read(FilePath));
    }

    [Fact]
    public void Rows_read_back_to_the_last_bit()
    {
        Written(Names);
        Assert.Equal(Names.SelectMany(name => Rows(name)), ScoresFile.Read(FilePath));
    }

    [Fact]
    public void An_undefined_value_and_an_unknown_label_are_empty_cells()
    {
        var row = new ScoreRow(
            "a.png", null, 3, 0.5f, float.NaN, "cascading", 0, "", 0, "grad_cam", "ssim", "input", ScoreRow.Original, null,
            "constant_both");
        Assert.Equal("a.png,,3,0.5,NaN,cascading,0,,0,grad_cam,ssim,input,original,,constant_both\r\n", CsvText.Record(row.Cells));
        Assert.Equal(row, ScoreRow.Parse([.. row.Cells]));
    }

    [Fact]
    public void Cut_off_at_any_byte_it_goes_on_after_the_last_whole_image()
    {
        byte[] whole = Written(Names);
        long[] ends = [.. Enumerable.Range(0, Names.Length + 1).Select(images => (long)Encoding.UTF8.GetByteCount(
            CsvText.Record(ScoreRow.Columns) + string.Concat(
                Names.Take(images).SelectMany(name => Rows(name)).Select(row => CsvText.Record(row.Cells)))))];
        Assert.Equal(whole.Length, ends[^1]);
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(FilePath, whole[..cut]);
            int finished = Math.Max(0, ends.Count(end => end <= cut) - 1);
            using (ScoresFile file = ScoresFile.Open(FilePath, _ => RowsPerImage))
            {
                Assert.Equal(Names[..finished].Select(name => new Unit(name, 1)), file.Finished);
                Assert.Equal(ends[finished], new FileInfo(FilePath).Length);
                file.Append(Names[finished..].SelectMany(name => Rows(name)));
            }

            Assert.Equal(whole, File.ReadAllBytes(FilePath));
        }
    }

    [Fact]
    public void A_second_run_on_the_same_file_is_refused_until_the_first_ends()
    {
        ScoresFile first = ScoresFile.Open(FilePath, _ => RowsPerImage);
        string message = Assert.Throws<InputException>(() => ScoresFile.Open(FilePath, _ => RowsPerImage)).Message;
        Assert.Contains($"{FilePath} is in use: is another run writing to this folder?", message, StringComparison.Ordinal);
        first.Dispose();
        ScoresFile.Open(FilePath, _ => RowsPerImage).Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_that_nobody_would_see_are_refused(bool replaced)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file cannot be deleted there");
        using ScoresFile file = ScoresFile.Open(FilePath, _ => RowsPerImage);
        file.Append(Rows("a.png"));
        file.RequireInPlace();
        File.Delete(FilePath);
        if (replaced)
        {
            File.WriteAllText(FilePath, "another's");
        }

        Assert.StartsWith(
            $"{FilePath} is not the file any more that rows were written to: was the folder deleted",
            Assert.Throws<IOException>(file.RequireInPlace).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => file.Append(Rows("b.png")));
    }

    [Theory]
    [InlineData("image,label\r\n")]
    [InlineData("notes of mine")]
    [InlineData("\uFEFFimage,label,target,randomization,step,layer,draw,method,metric,resolution,reference,value,status\r\n")]
    public void A_file_with_another_header_is_refused_and_left_alone(string content)
    {
        folder.Write("run/scores.csv", content);
        Assert.Contains("does not begin with the header image,label,", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_file_with_another_number_of_rows_for_an_image_is_refused_and_left_alone(int rowsPerImage)
    {
        Written(Names);
        Assert.Contains("belongs to another run", Refused(rowsPerImage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_with_a_cell_too_few_is_refused_and_left_alone()
    {
        Written();
        File.AppendAllText(FilePath, "a.png,7,3,cascading\r\n");
        Assert.Contains("scores.csv:2: a row has 15 cells, not 4", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_word_for_a_sound_score_is_that_of_the_metrics() => Assert.Equal(ScoreStatus.Ok, ScoreRow.Ok);

    [Fact]
    public void A_cell_that_is_no_number_is_named_with_its_line()
    {
        Written("a.png");
        File.AppendAllText(FilePath, CsvText.Record(Rows("b.png", 1).Single().Cells.Select(cell => cell == "3" ? "three" : cell)));
        Assert.StartsWith(
            $"{FilePath}:4: ", Assert.Throws<RunFileException>(() => ScoresFile.Read(FilePath)).Message, StringComparison.Ordinal);
    }
}
