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
