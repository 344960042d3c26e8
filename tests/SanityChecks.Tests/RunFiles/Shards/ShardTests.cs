using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

namespace SanityChecks.Tests.RunFiles.Shards;

public class ShardTests
{
    /// <summary>Five images in two draws among three, by hand: 3, 3 and 4 units, of which 1, 2 and 2 are of the first draw.</summary>
    [Theory]
    [InlineData(1, new[] { 0, 5, 6 })]
    [InlineData(2, new[] { 1, 2, 7 })]
    [InlineData(3, new[] { 3, 4, 8, 9 })]
    public void Units_are_dealt_out_in_two_runs_each(int number, int[] places)
    {
        Assert.Equal(places, new Shard(number, 3).UnitPlaces(5, 2));
        Assert.Equal(places.Length, new Shard(number, 3).Units(5, 2));
    }

    [Fact]
    public void Every_unit_is_one_shards_and_shards_differ_by_at_most_one()
    {
        foreach ((int images, int draws) in
            from images in Enumerable.Range(1, 13) from draws in Enumerable.Range(1, 5) select (images, draws))
        {
            for (int count = 1; count <= images * draws; count++)
            {
                int[][] dealt = [.. Shard.All(count).Select(shard => shard.UnitPlaces(images, draws).ToArray())];
                Assert.Equal(Enumerable.Range(0, images * draws), dealt.SelectMany(places => places).Order());
                Assert.InRange(dealt.Max(places => places.Length) - dealt.Min(places => places.Length), 0, 1);
                int[] first = [.. dealt.Select(places => places.Count(place => place < images))];
                Assert.InRange(first.Max() - first.Min(), 0, 1);

                // A merge writes all runs of the first draw, then all others.
                Assert.Equal(
                    Enumerable.Range(0, images * draws),
                    dealt.SelectMany(places => places.Where(place => place < images))
                        .Concat(dealt.SelectMany(places => places.Where(place => place >= images))));
            }
        }
    }

    [Fact]
    public void A_shard_is_written_as_its_number_of_how_many()
    {
        Assert.Equal(new Shard(3, 12), Shard.Parse("3/12"));
        Assert.Equal(("3/12", "0003-of-0012"), (new Shard(3, 12).ToString(), new Shard(3, 12).FolderName));
    }

    [Theory]
    [InlineData("0/6", "There is no shard 0 of 6: they are counted from 1.")]
    [InlineData("7/6", "There is no shard 7 of 6: they are counted from 1.")]
    [InlineData("1/0", "There is no shard 1 of 0: they are counted from 1.")]
    [InlineData("", "'' is no shard; one is the third of six: 3/6.")]
    [InlineData("3", "'3' is no shard; one is the third of six: 3/6.")]
    [InlineData("-1/6", "'-1/6' is no shard; one is the third of six: 3/6.")]
    [InlineData("3/99999999999", "'3/99999999999' is no shard; one is the third of six: 3/6.")]
    public void What_is_no_shard_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => Shard.Parse(text)).Message);
}
