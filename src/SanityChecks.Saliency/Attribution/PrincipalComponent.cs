using MathNet.Numerics.LinearAlgebra;

namespace SanityChecks.Saliency.Attribution;

/// <summary>The first principal component of a layer's channels over its positions.</summary>
internal static class PrincipalComponent
{
    /// <summary>Projects each position's channels, centered over positions, onto the component.</summary>
    /// <param name="values">[channels, positions]; centered here.</param>
    /// <param name="positions">How many positions there are.</param>
    /// <param name="map">Gets the projections, the largest magnitude positive; all 0 where every channel is constant, and NaN where a value
    /// is not finite.</param>
    public static void Project(double[] values, int positions, Span<double> map)
    {
        if (!Array.TrueForAll(values, double.IsFinite))
        {
            map.Fill(double.NaN);
            return;
        }

        int channels = values.Length / positions;
        for (int channel = 0; channel < channels; channel++)
        {
            Span<double> row = values.AsSpan(channel * positions, positions);
            double mean = 0;
            foreach (double value in row)
            {
                mean += value;
            }

            mean /= positions;
            foreach (ref double value in row)
            {
                value -= mean;
            }
        }

        // [positions, channels], column by column. The smaller of the two products has the same largest eigenvalue.
        Matrix<double> centered = Matrix<double>.Build.Dense(positions, channels, values);
        Matrix<double> product = positions <= channels
            ? centered.TransposeAndMultiply(centered)
            : centered.TransposeThisAndMultiply(centered);
        var eigen = product.Evd(Symmetricity.Symmetric);
        int last = product.RowCount - 1; // Eigenvalues are in rising order.
        var vector = eigen.EigenVectors.Column(last);
        var projection = positions <= channels
            ? vector * Math.Sqrt(Math.Max(eigen.EigenValues[last].Real, 0))
            : centered * vector;
        double sign = Math.Sign(projection[projection.AbsoluteMaximumIndex()]);
        for (int i = 0; i < positions; i++)
        {
            map[i] = sign * projection[i];
        }
    }
}
