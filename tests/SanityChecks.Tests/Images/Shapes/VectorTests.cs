using SanityChecks.Images.Shapes;

namespace SanityChecks.Tests.Images.Shapes;

public class VectorTests
{
    [Fact]
    public void A_turn_is_the_cosine_and_sine_of_its_angle()
    {
        foreach (double part in Enumerable.Range(-40, 400).Select(i => i / 97.0))
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * part);
            Vector turn = Vector.Turn(part);
            Assert.Equal(cosine, turn.X, 1e-13);
            Assert.Equal(sine, turn.Y, 1e-13);
        }
    }
}
