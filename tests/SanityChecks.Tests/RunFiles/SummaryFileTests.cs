using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles;

public sealed class SummaryFileTests : IDisposable
{
    private const string Header = "randomization,step,layer,method,metric,resolution,reference,n,undefined,mean,sd,ci_low,ci_high,median,"
        + "draws,sd_draw,sd_image,mean_abs,abs_low,abs_high,mean_aligned,aligned_low,aligned_high";

    private const string Rest = ",1,,,,,,,,";

    private readonly TemporaryFolder folder = new();

    private string FilePath => folder.Of("summary.csv");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_are_read_empty_lines_are_none_and_empty_cells_are_null()
    {
        Write("cascading,0,,grad_cam,spearman,224x224,original,50,0,1,0,1,1,1", "",
            "cascading,1,\"a, \"\"b\"\"\",grad_cam,spearman,224x224,original,0,50,,,,,");
        IReadOnlyList<SummaryRow> rows = SummaryFile.Read(FilePath);
        Assert.Equal(
            new SummaryRow("cascading", 0, "", "grad_cam", "spearman", "224x224", "original", 50, 0, 1, 0, 1, 1, 1) { Draws = 1 }, rows[0]);
        Assert.Equal(
            new SummaryRow("cascading", 1, "a, \"b\"", "grad_cam", "spearman", "224x224", "original", 0, 50, null, null, null, null, null)
            {
                Draws = 1,
            },
            rows[1]);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<RunFileException>(() => SummaryFile.Read(FilePath));
        Assert.Equal((FilePath, null), (error.File, error.Line));
        Assert.Equal(FilePath + ": no such file; a run folder with finished scores has one.", error.Message);
    }

    [Theory]
    [InlineData("randomization,step,layer\n")]
    [InlineData("randomization;step;layer;method;metric;resolution;reference;n;undefined;mean;sd;ci_low;ci_high;median\n")]
    public void Another_header_is_refused_with_the_right_one(string content)
    {
        File.WriteAllText(FilePath, content);
        var error = Assert.Throws<RunFileException>(() => SummaryFile.Read(FilePath));
        Assert.Equal(1, error.Line);
        Assert.Equal($"{FilePath}:1: the header must be {Header}", error.Message);
    }

    [Theory]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,1,,,", "a row has 23 cells, not 22")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,1,,,,,", "a row has 23 cells, not 24")]
    [InlineData("cascading,x,fc,a,m,r,original,5,0,1,,,,", "step is 'x'; it must be a whole number from 0 on")]
    [InlineData("cascading,-1,fc,a,m,r,original,5,0,1,,,,", "step is '-1'; it must be a whole number from 0 on")]
    [InlineData("cascading,1,fc,a,m,r,original,5.0,0,1,,,,", "n is '5.0'; it must be a whole number from 0 on")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,\"0,5\",,,,", "mean is '0,5'; it must be a finite number with a decimal point, or empty")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,NaN,,,,", "mean is 'NaN'; it must be a finite number")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,1,,,,Infinity", "median is 'Infinity'; it must be a finite number")]
    [InlineData("cascading,1,fc,,m,r,original,5,0,1,,,,", "method is empty")]
    [InlineData(",1,fc,a,m,r,original,5,0,1,,,,", "randomization is empty")]
    [InlineData("cascading,1,,a,m,r,original,5,0,1,,,,", "layer must be empty at step 0 and named at every other")]
    [InlineData("cascading,0,fc,a,m,r,original,5,0,1,,,,", "layer must be empty at step 0 and named at every other")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,,,,,", "mean must be empty where n is 0 and given elsewhere")]
    [InlineData("cascading,1,fc,a,m,r,original,0,5,0,,,,", "mean must be empty where n is 0 and given elsewhere")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,1,,0.5,,", "ci_low and ci_high must be both given or both empty")]
    [InlineData("cascading,1,fc,a,m,r,original,0,5,,,0.5,0.6,", "an interval needs a mean")]
    [InlineData("cascading,1,fc,a,m,r,original,5,0,1,,0.6,0.5,", "ci_low is above ci_high")]
    [InlineData("cascading,0,,a,m,r,original,5,0,1,,,,", "step 0 of a, m stands in line 2 already")]
    [InlineData("cascading,1,\"fc\"x,a,m,r,original,5,0,1,,,,", "a quote is misplaced")]
    [InlineData("cascading,1,f\"c\",a,m,r,original,5,0,1,,,,", "a quote is misplaced")]
    [InlineData("casc\"ading,1,fc,a,m,r,original,5,0,1,,,,\ncascading,2,fc7,a,m,r,original,5,0,1,,,,", "a quote is misplaced")]
    [InlineData("cascading,1,\"fc,a,m,r,original,5,0,1,,,,", "the last row has no end: the file is not whole")]
    public void A_malformed_row_is_refused_with_its_line(string row, string reason)
    {
        Write("cascading,0,,a,m,r,original,5,0,1,,,,", row);
        var error = Assert.Throws<RunFileException>(() => SummaryFile.Read(FilePath));
        Assert.StartsWith($"{FilePath}:3: {reason}", error.Message);
        Assert.Equal(3, error.Line);
    }

    [Fact]
    public void A_step_has_one_layer_in_the_whole_file()
    {
        Write("cascading,1,fc8,a,m,r,original,5,0,1,,,,", "independent,1,conv1,a,m,r,original,5,0,1,,,,",
            "cascading,1,fc7,b,m,r,original,5,0,1,,,,");
        var error = Assert.Throws<RunFileException>(() => SummaryFile.Read(FilePath));
        Assert.EndsWith(":4: step 1 randomizes layer 'fc7' here and 'fc8' in line 2", error.Message);
    }

    [Fact]
    public void A_fault_is_named_with_its_line_below_an_empty_one_and_a_cell_of_two()
    {
        Write("", "cascading,1,\"f\nc\",a,m,r,original,5,0,1,,,,", "cascading,x,fc,a,m,r,original,5,0,1,,,,");
        Assert.Equal(5, Assert.Throws<RunFileException>(() => SummaryFile.Read(FilePath)).Line);
    }

    [Fact]
    public void Names_that_a_spreadsheet_would_compute_come_back_as_they_were()
    {
        var row = new SummaryRow("cascading", 1, "=fc8", "-grad_cam", "ssim", "input", "original", 0, 2, null, null, null, null, null);
        folder.Write("summary.csv", SummaryFile.Text([row]));
        Assert.Contains("'=fc8,'-grad_cam", File.ReadAllText(FilePath), StringComparison.Ordinal);
        Assert.Equal([row], SummaryFile.Read(FilePath));
    }

    [Fact]
    public void A_summary_without_rows_is_refused()
    {
        Write();
        Assert.Contains("there are no rows below the header", Assert.Throws<RunFileException>(() => SummaryFile.Read(FilePath)).Message);
    }

    /// <summary>A file of rows whose columns behind the median say that there is one draw, and no more.</summary>
    private void Write(params string[] rows) =>
        File.WriteAllLines(
            FilePath,
            [Header, .. rows.Select(row => row.Length == 0 ? row : row + Rest)]);
}
