namespace SanityChecks.Networks.WeightFiles;

/// <summary>How a weight file stores one element; in memory every weight is a 32-bit float.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32: read without change.</summary>
    F32,

    /// <summary>IEEE 754 binary16: read exactly.</summary>
    F16,

    /// <summary>The upper half of a binary32: read exactly.</summary>
    BF16,

    /// <summary>IEEE 754 binary64: rounded to the nearest binary32.</summary>
    F64,

    /// <summary>64-bit integers: never a weight; BatchNorm's counters are stored so.</summary>
    I64,

    /// <summary>32-bit integers: never a weight, but checkpoints keep such tensors beside the weights.</summary>
    I32,

    /// <summary>16-bit integers: as <see cref="I32"/>.</summary>
    I16,

    /// <summary>8-bit integers: as <see cref="I32"/>.</summary>
    I8,

    /// <summary>Bytes: as <see cref="I32"/>; the states of random number generators are stored so.</summary>
    U8,

    /// <summary>Truth values, a byte each: as <see cref="I32"/>.</summary>
    Bool,

    /// <summary>Complex numbers of two binary32: as <see cref="I32"/>.</summary>
    C64,

    /// <summary>Complex numbers of two binary64: as <see cref="I32"/>.</summary>
    C128,
}
