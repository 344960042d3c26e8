using SanityChecks.Images.Shapes;

namespace SanityChecks.Tests.Images.Shapes;

public class OutlineTests
{
    private static readonly Outline Square = Outlines.Polygon([new(-1, -1), new(1, -1), new(1, 1), new(-1, 1)]);

    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(0.5, 0, -0.5)]
    [InlineData(3, 0, 2)]
    [InlineData(4, 5, 5)]
    public void A_polygon_measures_to_its_nearest_edge_or_corner(double x, double y, double distance)
    {
        Assert.Equal(distance, Square(new Vector(x, y)), 1e-12);
        Assert.Equal(distance, Outlines.Box(1, 1)(new Vector(x, y)), 1e-12);
    }

    [Fact]
    public void A_ring_is_a_disc_without_a_smaller_one()
    {
        Outline ring = Outlines.Ring(0.5, 1), made = Outlines.Difference(Outlines.Disc(default, 1), Outlines.Disc(default, 0.5));
        foreach (Vector point in (Vector[])[new(0.75, 0), new(0.1, 0.2), new(2, 0), new(0, -0.6)])
        {
            Assert.Equal(made(point), ring(point), 1e-12);
        }
    }

    [Fact]
    public void A_stroke_is_round_at_its_ends()
    {
        Outline stroke = Outlines.Stroke([new(0, 0), new(1, 0), new(1, 1)], 0.25);
        Assert.Equal(-0.25, stroke(new Vector(0.5, 0)), 1e-12);
        Assert.Equal(0.75, stroke(new Vector(-1, 0)), 1e-12);
        Assert.Equal(0.25, stroke(new Vector(1.5, 0.5)), 1e-12);
    }

    [Fact]
    public void A_union_takes_the_nearer_and_an_intersection_the_further_edge()
    {
        Outline left = Outlines.Disc(new Vector(-1, 0), 1.5), right = Outlines.Disc(new Vector(1, 0), 1.5);
        Vector point = new(1, 0);
        Assert.Equal(-1.5, Outlines.Union(left, right)(point), 1e-12);
        Assert.Equal(0.5, Outlines.Intersection(left, right)(point), 1e-12);
        Assert.Equal(-0.25, Outlines.HalfPlane(new Vector(0, 1))(new Vector(9, -0.25)), 1e-12);
    }
}
