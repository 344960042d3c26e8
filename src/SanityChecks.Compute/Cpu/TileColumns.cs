namespace SanityChecks.Compute.Cpu;

/// <summary>The right matrix of a product as a kernel reads it: for each row where its values lie, sixteen columns in one piece.</summary>
internal unsafe interface ITileColumns<TSelf>
    where TSelf : struct, ITileColumns<TSelf>
{
    /// <summary>From sixteen columns of a row to the next sixteen.</summary>
    nint NextSixteen { get; }

    /// <summary>Sixteen values of the row that is this many ahead.</summary>
    float* Row(int ahead);

    /// <summary>The same columns, some rows further on.</summary>
    TSelf Past(int rows);

    /// <summary>The same rows from some columns, a multiple of eight, further on.</summary>
    TSelf From(int column);
}

/// <summary>Panels of sixteen columns: [columns / 16][depth][16].</summary>
internal readonly unsafe struct PackedColumns(float* panels, int depth) : ITileColumns<PackedColumns>
{
    public nint NextSixteen => (nint)depth * TileKernel.Columns;

    public float* Row(int ahead) => panels + (ahead * TileKernel.Columns);

    public PackedColumns Past(int rows) => new(panels + (rows * TileKernel.Columns), depth);

    public PackedColumns From(int column) =>
        new(panels + (column / TileKernel.Columns * NextSixteen) + (column % TileKernel.Columns), depth);
}

/// <summary>A padded image read where it lies: row k is the image shifted by <c>offsets[k]</c>.</summary>
internal readonly unsafe struct ShiftedColumns(float* image, int* offsets) : ITileColumns<ShiftedColumns>
{
    public nint NextSixteen => TileKernel.Columns;

    public float* Row(int ahead) => image + offsets[ahead];

    public ShiftedColumns Past(int rows) => new(image, offsets + rows);

    public ShiftedColumns From(int column) => new(image + column, offsets);
}

/// <summary>A matrix as it lies, row after row.</summary>
internal readonly unsafe struct StridedColumns(float* matrix, nint stride) : ITileColumns<StridedColumns>
{
    public nint NextSixteen => TileKernel.Columns;

    public float* Row(int ahead) => matrix + (ahead * stride);

    public StridedColumns Past(int rows) => new(matrix + (rows * stride), stride);

    public StridedColumns From(int column) => new(matrix + column, stride);
}
