using System.Text;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.RunFiles;

public class CsvTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" spaces ", " spaces ")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@now, please", "\"'@now, please\"")]
    [InlineData("+tench", "'+tench")]
    [InlineData("-tench", "'-tench")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("+1E-05", "+1E-05")]
    [InlineData("'tis", "'tis")]
    [InlineData("'=1+1", "''=1+1")]
    public void A_cell_is_written_as_RFC_4180_asks_and_never_as_a_formula(string cell, string written) =>
        Assert.Equal($"x,{written},y\r\n", CsvText.Record(["x", cell, "y"]));

    [Fact]
    public void Nasty_cells_come_back_as_they_were()
    {
        string[] pieces =
            ["a", ",", "\"", "\"\"", "\r", "\n", "\r\n", "'", "''", "=", "+", "-", "@", " ", "\t", "ü", "日本", "🐟", "0", "-1", "=1", "'="];
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            string[][] records = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
                string.Concat(Enumerable.Range(0, random.Next(0, 5)).Select(_ => pieces[random.Next(pieces.Length)]))).ToArray())];
            string[] texts = [.. records.Select(CsvText.Record)];
            CsvRecord[] read = [.. CsvText.Records(Encoding.UTF8.GetBytes(string.Concat(texts)))];
            Assert.Equal(records, read.Select(record => record.Cells));
            Assert.All(read, record => Assert.True(record.IsSound));
            Assert.Equal(
                texts.Select((_, i) => (long)Encoding.UTF8.GetByteCount(string.Concat(texts.Take(i + 1)))),
                read.Select(record => record.End));
        }
    }

    [Theory]
    [InlineData("a,\"b\",\"\",\"\"\"\",\"c\"\"d\"\r\n", true)]
    [InlineData("a\"b\r\nc\"\r\n", false)]
    [InlineData("\"a\"b\r\n", false)]
    [InlineData("\"a\"b\"\"\r\n", false)]
    [InlineData("\"a\" ,b\r\n", false)]
    [InlineData(" \"a\"\n", false)]
    public void A_quote_stands_around_a_cell_or_doubled_in_one(string text, bool sound) =>
        Assert.Equal(sound, CsvText.Records(Encoding.UTF8.GetBytes(text)).First().IsSound);

    [Theory]
    [InlineData("a\"b,c\r\n")]
    [InlineData("\"a\"b\"\"\r\n")]
    [InlineData("a\",\"b\"\"c\"\r\n")]
    public void A_misplaced_quote_swallows_no_record_below(string text) =>
        Assert.Equal([false, true], CsvText.Records(Encoding.UTF8.GetBytes(text + "x,\"y\"\r\n")).Select(record => record.IsSound));

    [Fact]
    public void A_record_knows_the_line_on_which_it_begins()
    {
        byte[] text = Encoding.UTF8.GetBytes("a\r\n\"b\nc\r\n\"\r\n\nd\n");
        Assert.Equal([1, 2, 5, 6], CsvText.Records(text).Select(record => record.Line));
    }

    [Fact]
    public void A_record_that_was_cut_off_is_left_out_wherever_the_cut_is()
    {
        byte[] first = Encoding.UTF8.GetBytes(CsvText.Record(["a, b", "c"]));
        byte[] second = Encoding.UTF8.GetBytes(CsvText.Record(["\"ü\"\r\n", "=d"]));
        for (int cut = 0; cut < second.Length; cut++)
        {
            CsvRecord record = Assert.Single(CsvText.Records([.. first, .. second[..cut]]));
            Assert.Equal(["a, b", "c"], record.Cells);
            Assert.Equal(first.Length, record.End);
        }

        Assert.Equal(2, CsvText.Records([.. first, .. second]).Count());
        Assert.Empty(CsvText.Records([]));
    }
}
