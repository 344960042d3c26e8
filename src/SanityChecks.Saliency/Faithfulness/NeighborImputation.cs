namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Gives each removed pixel the weighted mean of its eight neighbors, removed ones too: 1/6 for one beside or above it, 1/12 for
/// one across a corner, and the weights of neighbors outside the image shared out among the others (Rong et al. 2022, section 4.2 and the
/// authors' <c>imputations.py</c>).</summary>
/// <remarks>
/// With d the sum of a pixel's weights, d x - sum of w x over removed neighbors = sum of w v over the known ones. The matrix is that of a
/// graph whose known nodes are held: symmetric, and positive definite as long as one pixel is known, since from each removed one a way
/// leads there. Conjugate gradients in double precision, one channel after the other, solve it until the residual is 1e-12 of the right
/// side; the preconditioner is the incomplete Cholesky factor without new entries, what it drops added to the diagonal (Gustafsson 1978),
/// of which a small part is left out so that no pivot vanishes. Sums run over the pixels in order, whatever the processor.
/// </remarks>
internal static class NeighborImputation
{
    // Twelfths.
    private const double Edge = 2, Corner = 1;
    private const double Residual = 1e-12, Added = 0.97;

    private static readonly (int Down, int Across)[] Neighbors = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)];

    /// <summary>Replaces the removed pixels of an image; all of them by the channel's mean where none is known.</summary>
    /// <param name="image">[C, H, W].</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="removed">Indices into [H, W], each once, in any order.</param>
    public static void Fill(Span<float> image, int height, int width, ReadOnlySpan<int> removed)
    {
        if (removed.IsEmpty)
        {
            return;
        }

        // The order of the sums is that of the pixels.
        int[] places = removed.ToArray();
        Array.Sort(places);
        System? system = removed.Length < height * width ? new System(height, width, places) : null;
        for (int first = 0; first < image.Length; first += height * width)
        {
            Span<float> plane = image.Slice(first, height * width);
            double[] values = system is null ? [] : system.Solve(plane);
            double mean = system is null ? Mean(plane) : 0;
            for (int i = 0; i < places.Length; i++)
            {
                plane[places[i]] = (float)(system is null ? mean : values[i]);
            }
        }
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>The equations of the removed pixels, in twelfths.</summary>
    private sealed class System
    {
        private readonly int height;
        private readonly int width;
        private readonly int[] places;

        // For each pixel its neighbors' numbers in the order of Neighbors; where one is not unknown the number behind the last, of which
        // every vector has a 0.
        private readonly int[] neighbors;
        private readonly double[] diagonal;
        private readonly double[] pivots;
        private readonly double knownWeight;

        public System(int height, int width, int[] places)
        {
            (this.height, this.width, this.places) = (height, width, places);
            int unknowns = places.Length;
            int[] numbers = new int[height * width];
            Array.Fill(numbers, unknowns);
            for (int i = 0; i < unknowns; i++)
            {
                numbers[places[i]] = i;
            }

            neighbors = new int[8 * unknowns];
            diagonal = new double[unknowns];
            pivots = new double[unknowns];
            double[] later = new double[unknowns + 1];
            for (int i = 0; i < unknowns; i++)
            {
                for (int k = 0; k < 8; k++)
                {
                    int place = Neighbor(places[i], k), number = place < 0 ? unknowns : numbers[place];
                    neighbors[(8 * i) + k] = number;
                    diagonal[i] += place < 0 ? 0 : Weight(k);
                    later[i] += k >= 4 && number < unknowns ? Weight(k) : 0;
                    knownWeight += place >= 0 && number == unknowns ? Weight(k) : 0;
                }

                pivots[i] = diagonal[i];
                for (int k = 0; k < 4; k++)
                {
                    if (neighbors[(8 * i) + k] is var j && j < unknowns)
                    {
                        double weight = Weight(k);
                        pivots[i] -= weight / pivots[j] * (weight + (Added * (later[j] - weight)));
                    }
                }
            }
        }

        /// <summary>The values of the removed pixels of one channel.</summary>
        public double[] Solve(ReadOnlySpan<float> plane)
        {
            int unknowns = places.Length;
            double[] solution = new double[unknowns + 1], residual = RightSide(plane), preconditioned = new double[unknowns + 1];
            double[] direction = new double[unknowns + 1], product = new double[unknowns + 1];
            double enough = Residual * Residual * Dot(residual, residual), before = 0;

            // Everywhere the mean of what is known around: the solution itself where the picture is flat.
            solution.AsSpan(0, unknowns).Fill(residual.Sum() / knownWeight);
            Multiply(solution, product);
            for (int i = 0; i < unknowns; i++)
            {
                residual[i] -= product[i];
            }

            while (Dot(residual, residual) > enough)
            {
                Precondition(residual, preconditioned);
                double now = Dot(residual, preconditioned), share = before == 0 ? 0 : now / before;
                for (int i = 0; i < unknowns; i++)
                {
                    direction[i] = preconditioned[i] + (share * direction[i]);
                }

                Multiply(direction, product);
                double step = now / Dot(direction, product);
                for (int i = 0; i < unknowns; i++)
                {
                    solution[i] += step * direction[i];
                    residual[i] -= step * product[i];
                }

                before = now;
            }

            return solution;
        }

        /// <summary>What the known neighbors of each removed pixel add up to.</summary>
        private double[] RightSide(ReadOnlySpan<float> plane)
        {
            double[] sums = new double[places.Length + 1];
            for (int i = 0; i < places.Length; i++)
            {
                for (int k = 0; k < 8; k++)
                {
                    if (neighbors[(8 * i) + k] == places.Length && Neighbor(places[i], k) is var place && place >= 0)
                    {
                        sums[i] += Weight(k) * plane[place];
                    }
                }
            }

            return sums;
        }

        private void Multiply(double[] vector, double[] product)
        {
            ReadOnlySpan<int> all = neighbors;
            for (int i = 0; i < diagonal.Length; i++)
            {
                ReadOnlySpan<int> own = all.Slice(8 * i, 8);
                product[i] = (diagonal[i] * vector[i])
                    - (Corner * (vector[own[0]] + vector[own[2]] + vector[own[5]] + vector[own[7]]))
                    - (Edge * (vector[own[1]] + vector[own[3]] + vector[own[4]] + vector[own[6]]));
            }
        }

        /// <summary>Solves (D + L) D^-1 (D + L') z = r, with the pivots as D and the matrix's own entries below the diagonal as
        /// L.</summary>
        private void Precondition(double[] residual, double[] solution)
        {
            ReadOnlySpan<int> all = neighbors;
            for (int i = 0; i < pivots.Length; i++)
            {
                ReadOnlySpan<int> own = all.Slice(8 * i, 4);
                solution[i] = (residual[i] + (Corner * (solution[own[0]] + solution[own[2]]))
                    + (Edge * (solution[own[1]] + solution[own[3]]))) / pivots[i];
            }

            for (int i = pivots.Length - 1; i >= 0; i--)
            {
                ReadOnlySpan<int> own = all.Slice((8 * i) + 4, 4);
                solution[i] += ((Edge * (solution[own[0]] + solution[own[2]]))
                    + (Corner * (solution[own[1]] + solution[own[3]]))) / pivots[i];
            }
        }

        private double Dot(double[] a, double[] b)
        {
            double sum = 0;
            for (int i = 0; i < places.Length; i++)
            {
                sum += a[i] * b[i];
            }

            return sum;
        }

        /// <summary>A pixel's neighbor, or -1 where that lies outside.</summary>
        private int Neighbor(int place, int k)
        {
            (int y, int x) = Math.DivRem(place, width);
            (y, x) = (y + Neighbors[k].Down, x + Neighbors[k].Across);
            return y < 0 || y >= height || x < 0 || x >= width ? -1 : (y * width) + x;
        }

        private static double Weight(int k) => Neighbors[k] is (0, _) or (_, 0) ? Edge : Corner;
    }
}
