using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The transforms of one of Winograd's minimal filterings with 3 x 3 windows: Y = A' [(G g G') * (B' d B)] A (Lavin and Gray
/// 2016).</summary>
/// <remarks>
/// A tile of <see cref="Inputs"/> x <see cref="Inputs"/> values of each channel gives <see cref="Outputs"/> x <see cref="Outputs"/>
/// outputs, by one product for each of its elements and not nine for each output.
/// All is computed lane by lane, a lane being a tile: the result does not depend on the vectors.
/// </remarks>
internal unsafe interface IWinogradTile
{
    /// <summary>Tiles side by side in memory.</summary>
    public const int Group = 16;

    /// <summary>Rows and columns of the outputs of a tile.</summary>
    static abstract int Outputs { get; }

    /// <summary>Rows and columns of a tile.</summary>
    static abstract int Inputs { get; }

    /// <summary>Elements of a tile, each of which is a matrix product of its own.</summary>
    static abstract int Positions { get; }

    /// <summary>Whether an output reads nothing but its own window, and not the rest of its tile: equal windows then have equal sums more
    /// often.</summary>
    static abstract bool KeepsWindowsApart { get; }

    /// <summary>G g G' of four filters side by side, in double precision.</summary>
    /// <param name="filters">Nine taps, row by row, each a vector of four filters' values.</param>
    /// <param name="transformed">Gets a vector for each position.</param>
    static abstract void Filter(Vector256<double>* filters, Vector256<double>* transformed);

    /// <summary>B' d for some columns of a row of tiles: as many rows as a tile has to as many.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="columns">At least this many columns are computed, up to a vector more.</param>
    /// <param name="result">The first row of the result.</param>
    /// <param name="resultStride">From one row of the result to the next.</param>
    static abstract void Down<T>(float* rows, nint stride, int columns, float* result, nint resultStride)
        where T : struct, ILanes<T>;

    /// <summary>(B' d) B for the sixteen tiles of a group, one row of the tiles.</summary>
    /// <param name="left">The first <see cref="Outputs"/> columns of each tile in turn.</param>
    /// <param name="right">The next <see cref="Outputs"/> columns of each tile in turn, of which the first two belong to the tile.</param>
    /// <param name="result">Gets sixteen values, one of each tile, for the first column.</param>
    /// <param name="next">From one column of the result to the next.</param>
    static abstract void Across<T>(float* left, float* right, float* result, nint next)
        where T : struct, ILanes<T>;

    /// <summary>A' m A, plus bias, clamped, for the sixteen tiles of a group.</summary>
    /// <param name="products">Element (0, 0) of the sixteen tiles.</param>
    /// <param name="next">From one element of the tiles to the next.</param>
    /// <param name="bias">Added to all.</param>
    /// <param name="lower">Smallest value to store.</param>
    /// <param name="upper">Largest value to store.</param>
    /// <param name="rows">The first row of the outputs, <see cref="Outputs"/> columns for each tile.</param>
    /// <param name="stride">From one row to the next.</param>
    static abstract void Output<T>(float* products, nint next, float bias, float lower, float upper, float* rows, nint stride)
        where T : struct, ILanes<T>;
}
