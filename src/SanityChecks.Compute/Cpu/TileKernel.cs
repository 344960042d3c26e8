namespace SanityChecks.Compute.Cpu;

/// <summary>The right matrix of a product as a kernel reads it: for each row where its values lie, sixteen columns in one piece.</summary>
internal unsafe interface ITileColumns<TSelf>
    where TSelf : struct, ITileColumns<TSelf>
{
    /// <summary>From sixteen columns of a row to the next sixteen.</summary>
    nint NextSixteen { get; }

    /// <summary>Sixteen values of row k.</summary>
    float* Row(int k);

    /// <summary>The same rows from some columns, a multiple of eight, further on.</summary>
    TSelf From(int column);
}

/// <summary>Panels of sixteen columns: [columns / 16][depth][16].</summary>
internal readonly unsafe struct PackedColumns(float* panels, int depth) : ITileColumns<PackedColumns>
{
    public nint NextSixteen => (nint)depth * TileKernel.Columns;

    public float* Row(int k) => panels + ((nint)k * TileKernel.Columns);

    public PackedColumns From(int column) => new(panels + (column / TileKernel.Columns * NextSixteen) + (column % TileKernel.Columns), depth);
}

/// <summary>A padded image read where it lies: row k is the image shifted by <c>offsets[k]</c>.</summary>
internal readonly unsafe struct ShiftedColumns(float* image, int* offsets) : ITileColumns<ShiftedColumns>
{
    public nint NextSixteen => TileKernel.Columns;

    public float* Row(int k) => image + offsets[k];

    public ShiftedColumns From(int column) => new(image + column, offsets);
}

/// <summary>A matrix as it lies, row after row.</summary>
internal readonly unsafe struct StridedColumns(float* matrix, nint stride) : ITileColumns<StridedColumns>
{
    public nint NextSixteen => TileKernel.Columns;

    public float* Row(int k) => matrix + (k * stride);

    public StridedColumns From(int column) => new(matrix + column, stride);
}

/// <summary>How a tile begins and ends.</summary>
/// <param name="Bias">Six values to add, one a row; null to add to what C holds.</param>
/// <param name="Lower">Smallest value to store.</param>
/// <param name="Upper">Largest value to store.</param>
/// <param name="Clamp">Whether to clamp; NaN stays NaN.</param>
internal readonly record struct TileEdges(nint Bias, float Lower, float Upper, bool Clamp);

/// <summary>The innermost product: six rows of C from a panel of A and columns of B.</summary>
/// <remarks>
/// <para>C[i, j] = (sum over k of a[k * 6 + i] * b[k, j]) + start, then clamped to [lower, upper] where asked.</para>
/// <para>
/// Each element is a chain of fused multiply-adds in the order of k that starts from 0, and is added to what C holds: the
/// result depends on neither the tile, the batch, the number of threads nor the vectors. Adding blocks of a few hundred products instead
/// of one long chain keeps the error against the double-precision reference near 16 * 2^-24 of the sum's size for any K: it matters,
/// since a ReLU or a maximum near a tie turns a rounding error into another map.
/// </para>
/// </remarks>
internal static unsafe class TileKernel
{
    public const int Rows = 6;

    /// <summary>Columns come in multiples of this.</summary>
    public const int Columns = 16;

    /// <summary>Computes six rows of C.</summary>
    /// <param name="set">The vectors to use.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="a">[depth][6], full.</param>
    /// <param name="b">The right matrix.</param>
    /// <param name="columns">How many columns; a multiple of sixteen that C and B have room for.</param>
    /// <param name="c">The first of six rows.</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="edges">How the sums begin and end.</param>
    public static void Multiply<TColumns>(InstructionSet set, int depth, float* a, TColumns b, int columns, float* c, nint stride, in TileEdges edges)
        where TColumns : struct, ITileColumns<TColumns>
    {
        float* sums = stackalloc float[Rows * TileKernel512.Columns];
        int width = set.Bits switch { 512 => TileKernel512.Columns, 256 => TileKernel256.Columns, _ => TileKernel128.Columns };
        for (int column = 0; column < columns; column += width)
        {
            int count = Math.Min(width, columns - column);
            switch (set.Bits)
            {
                case 512:
                    TileKernel512.Sum(depth, a, b.From(column), count, sums);
                    Finish<Lanes512>(sums, count, c + column, stride, edges);
                    break;
                case 256:
                    TileKernel256.Sum(depth, a, b.From(column), sums);
                    Finish<Lanes256>(sums, count, c + column, stride, edges);
                    break;
                default:
                    TileKernel128.Sum(depth, a, b.From(column), sums);
                    Finish<Lanes128>(sums, count, c + column, stride, edges);
                    break;
            }
        }
    }

    private static void Finish<T>(float* sums, int columns, float* c, nint stride, in TileEdges edges)
        where T : struct, ILanes<T>
    {
        T lower = T.All(edges.Clamp ? edges.Lower : float.NegativeInfinity), upper = T.All(edges.Clamp ? edges.Upper : float.PositiveInfinity);
        float* bias = (float*)edges.Bias;
        for (int i = 0; i < Rows; i++, sums += columns, c += stride)
        {
            T start = T.All(bias == null ? 0 : bias[i]);
            for (int j = 0; j < columns; j += T.Count)
            {
                T sum = T.Load(sums + j) + (bias == null ? T.Load(c + j) : start);
                (edges.Clamp ? T.Clamp(sum, lower, upper) : sum).Store(c + j);
            }
        }
    }
}
