using SanityChecks.Compute;

namespace SanityChecks.Tests.Compute;

/// <summary>Quantiles against scipy.stats.norm.ppf, across the seams at 0.075 and e^-25 and far into the tails.</summary>
public class NormalQuantileTests
{
    [Theory]
    [InlineData(0.5, 0.0)]
    [InlineData(0.5000000001, 2.506628482030354e-10)]
    [InlineData(0.25, -0.6744897501960817)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.075, -1.4395314709384563)]
    [InlineData(0.0750000001, -1.4395314702320188)]
    [InlineData(0.925, 1.4395314709384563)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(1e-06, -4.753424308822899)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1.3e-11, -6.667611456510741)]
    [InlineData(1.4e-11, -6.656723091518184)]
    [InlineData(1e-12, -7.034483825301131)]
    [InlineData(1e-20, -9.262340089798409)]
    [InlineData(1e-100, -21.273453560965322)]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(0.999999, 4.753424308817087)]
    [InlineData(1 - 1.1102230246251565e-16, 8.209536151601387)]
    [InlineData(1.1102230246251565e-16, -8.209536151601387)]
    public void Quantiles_equal_scipy(double p, double expected) =>
        Assert.InRange(
            NormalQuantile.At(p), expected - (1e-12 * Math.Max(1, Math.Abs(expected))),
            expected + (1e-12 * Math.Max(1, Math.Abs(expected))));

    [Fact]
    public void Quantiles_rise_and_are_antisymmetric()
    {
        double last = double.NegativeInfinity;
        for (int i = 1; i < 4096; i++)
        {
            double z = NormalQuantile.At(i / 4096.0);
            Assert.True(z > last);
            Assert.Equal(-z, NormalQuantile.At(1 - (i / 4096.0)));
            last = z;
        }
    }
}
