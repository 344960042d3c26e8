using SanityChecks.Reporting;

namespace SanityChecks.Tests.Reporting;

public sealed class SummaryFileTests : IDisposable
{
    private readonly RunFolder run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Rows_are_read_with_their_lines_and_empty_cells_are_null()
    {
        Write("cascading,0,,grad_cam,spearman,224x224,50,0,1,0,1,1,1", "", "cascading,1,\"a, \"\"b\"\"\",grad_cam,spearman,224x224,0,50,,,,,");
        IReadOnlyList<SummaryRow> rows = SummaryFile.Read(run.Path);
        Assert.Equal(new SummaryRow("cascading", 0, "", "grad_cam", "spearman", "224x224", 50, 0, 1, 0, 1, 1, 1, 2), rows[0]);
        Assert.Equal(new SummaryRow("cascading", 1, "a, \"b\"", "grad_cam", "spearman", "224x224", 0, 50, null, null, null, null, null, 4), rows[1]);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<RunFolderException>(() => SummaryFile.Read(run.Path));
        Assert.Equal((run.Summary, null), (error.File, error.Line));
        Assert.StartsWith(run.Summary + ": there is no such file", error.Message);
    }

    [Theory]
    [InlineData("randomization,step,layer\n")]
    [InlineData("randomization;step;layer;method;metric;resolution;n;undefined;mean;sd;ci_low;ci_high;median\n")]
    public void Another_header_is_refused_with_the_right_one(string content)
    {
        File.WriteAllText(run.Summary, content);
        var error = Assert.Throws<RunFolderException>(() => SummaryFile.Read(run.Path));
        Assert.Equal(1, error.Line);
        Assert.Equal($"{run.Summary}:1: the header must be {RunFolder.Header}", error.Message);
    }

    [Theory]
    [InlineData("cascading,1,fc,a,m,r,5,0,1,,,", "12 cells where the header has 13")]
    [InlineData("cascading,1,fc,a,m,r,5,0,1,,,,,", "14 cells where the header has 13")]
    [InlineData("cascading,x,fc,a,m,r,5,0,1,,,,", "step is 'x'; it must be a whole number from 0 on")]
    [InlineData("cascading,-1,fc,a,m,r,5,0,1,,,,", "step is '-1'; it must be a whole number from 0 on")]
    [InlineData("cascading,1,fc,a,m,r,5.0,0,1,,,,", "n is '5.0'; it must be a whole number from 0 on")]
    [InlineData("cascading,1,fc,a,m,r,5,0,\"0,5\",,,,", "mean is '0,5'; it must be a finite number with a decimal point, or empty")]
    [InlineData("cascading,1,fc,a,m,r,5,0,NaN,,,,", "mean is 'NaN'; it must be a finite number")]
    [InlineData("cascading,1,fc,a,m,r,5,0,1,,,,Infinity", "median is 'Infinity'; it must be a finite number")]
    [InlineData("cascading,1,fc,,m,r,5,0,1,,,,", "method is empty")]
    [InlineData(",1,fc,a,m,r,5,0,1,,,,", "randomization is empty")]
    [InlineData("cascading,1,,a,m,r,5,0,1,,,,", "layer must be empty at step 0 and named at every other")]
    [InlineData("cascading,0,fc,a,m,r,5,0,1,,,,", "layer must be empty at step 0 and named at every other")]
    [InlineData("cascading,1,fc,a,m,r,5,0,,,,,", "mean must be empty where n is 0 and given elsewhere")]
    [InlineData("cascading,1,fc,a,m,r,0,5,0,,,,", "mean must be empty where n is 0 and given elsewhere")]
    [InlineData("cascading,1,fc,a,m,r,5,0,1,,0.5,,", "ci_low and ci_high must be both given or both empty")]
    [InlineData("cascading,1,fc,a,m,r,0,5,,,0.5,0.6,", "an interval needs a mean")]
    [InlineData("cascading,1,fc,a,m,r,5,0,1,,0.6,0.5,", "ci_low is above ci_high")]
    [InlineData("cascading,0,,a,m,r,5,0,1,,,,", "step 0 of a, m stands in line 2 already")]
    [InlineData("cascading,1,\"fc\"x,a,m,r,5,0,1,,,,", "a quote is misplaced")]
    [InlineData("cascading,1,\"fc,a,m,r,5,0,1,,,,", "a quote is misplaced")]
    public void A_malformed_row_is_refused_with_its_line(string row, string reason)
    {
        Write("cascading,0,,a,m,r,5,0,1,,,,", row);
        var error = Assert.Throws<RunFolderException>(() => SummaryFile.Read(run.Path));
        Assert.StartsWith($"{run.Summary}:3: {reason}", error.Message);
        Assert.Equal(3, error.Line);
    }

    [Fact]
    public void A_step_has_one_layer_in_the_whole_file()
    {
        Write("cascading,1,fc8,a,m,r,5,0,1,,,,", "independent,1,conv1,a,m,r,5,0,1,,,,", "cascading,1,fc7,b,m,r,5,0,1,,,,");
        var error = Assert.Throws<RunFolderException>(() => SummaryFile.Read(run.Path));
        Assert.EndsWith(":4: step 1 randomizes layer 'fc7' here and 'fc8' in line 2", error.Message);
    }

    [Fact]
    public void A_summary_without_rows_is_refused()
    {
        Write();
        Assert.Contains("there are no rows below the header", Assert.Throws<RunFolderException>(() => SummaryFile.Read(run.Path)).Message);
    }

    private void Write(params string[] rows) => File.WriteAllLines(run.Summary, [RunFolder.Header, .. rows]);
}
