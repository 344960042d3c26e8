using SanityChecks.Compute;

namespace SanityChecks.Tests.Compute;

public class ShapeTests
{
    [Fact]
    public void Shapes_with_the_same_axes_are_equal_and_print_in_brackets()
    {
        Assert.Equal(new Shape(2, 3, 4), new Shape(2, 3, 4));
        Assert.NotEqual(new Shape(2, 3, 4), new Shape(2, 12));
        Assert.Equal("[2, 3, 4]", new Shape(2, 3, 4).ToString());
        Assert.Equal(24, new Shape(2, 3, 4).Count);
        Assert.Equal(4, new Shape(2, 3, 4)[^1]);
    }

    [Fact]
    public void A_tensor_refuses_fewer_values_than_its_shape_holds()
    {
        var error = Assert.Throws<ArgumentException>(() => new HostTensor(new Shape(2, 3), new float[5]));
        Assert.Contains("[2, 3] needs 6 values, but 5", error.Message);
    }
}
