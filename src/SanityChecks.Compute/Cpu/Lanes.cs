using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SanityChecks.Compute.Cpu;

/// <summary>A vector of floats, for kernels that read the same for every instruction set. Each element is computed alike in all of
/// them.</summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf All(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>factor * value + sum, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf factor, TSelf value, TSelf sum);

    /// <summary>sum = factor * value + sum, rounded once.</summary>
    /// <remarks>Where the sum is its own result the JIT compiler keeps it in its register; through <see cref="MultiplyAdd"/> it moves it to
    /// another and back.</remarks>
    static abstract void AddProduct(ref TSelf sum, TSelf factor, TSelf value);

    /// <inheritdoc cref="Limits"/>
    static abstract TSelf Clamp(TSelf value, TSelf lower, TSelf upper);

    /// <summary>Reads 2 * Count floats: elements 0, 2, 4, ... to a, 1, 3, 5, ... to b.</summary>
    static abstract void Deal(float* source, out TSelf a, out TSelf b);

    /// <summary>Reads 4 * Count floats: elements 0, 4, 8, ... to a, 1, 5, 9, ... to b, and so on.</summary>
    static abstract void Deal(float* source, out TSelf a, out TSelf b, out TSelf c, out TSelf d);

    /// <summary>The inverse of the two-way <see cref="Deal(float*, out TSelf, out TSelf)"/>.</summary>
    static abstract void Gather(TSelf a, TSelf b, float* destination);

    /// <summary>The inverse of the four-way <see cref="Deal(float*, out TSelf, out TSelf, out TSelf, out TSelf)"/>.</summary>
    static abstract void Gather(TSelf a, TSelf b, TSelf c, TSelf d, float* destination);

    void Store(float* destination);
}

/// <summary>Sixteen floats, AVX-512.</summary>
internal unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private Vector512<float> value = value;

    public static int Count => 16;

    private static Vector512<int> Even => Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);

    private static Vector512<int> Odd => Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);

    private static Vector512<int> Low => Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);

    private static Vector512<int> High => Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 factor, Lanes512 value, Lanes512 sum) =>
        new(Vector512.FusedMultiplyAdd(factor.value, value.value, sum.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes512 sum, Lanes512 factor, Lanes512 value) =>
        sum.value = Vector512.FusedMultiplyAdd(factor.value, value.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Clamp(Lanes512 value, Lanes512 lower, Lanes512 upper) =>
        new(Limits.Clamp(value.value, lower.value, upper.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(float* source, out Lanes512 a, out Lanes512 b)
    {
        Vector512<float> first = Vector512.Load(source), second = Vector512.Load(source + 16);
        a = new(Avx512F.PermuteVar16x32x2(first, Even, second));
        b = new(Avx512F.PermuteVar16x32x2(first, Odd, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(float* source, out Lanes512 a, out Lanes512 b, out Lanes512 c, out Lanes512 d)
    {
        Vector512<float> first = Vector512.Load(source);
        Vector512<float> second = Vector512.Load(source + 16);
        Vector512<float> third = Vector512.Load(source + 32);
        Vector512<float> fourth = Vector512.Load(source + 48);
        Vector512<float> even = Avx512F.PermuteVar16x32x2(first, Even, second), odd = Avx512F.PermuteVar16x32x2(first, Odd, second);
        Vector512<float> moreEven = Avx512F.PermuteVar16x32x2(third, Even, fourth), moreOdd = Avx512F.PermuteVar16x32x2(third, Odd, fourth);
        a = new(Avx512F.PermuteVar16x32x2(even, Even, moreEven));
        b = new(Avx512F.PermuteVar16x32x2(odd, Even, moreOdd));
        c = new(Avx512F.PermuteVar16x32x2(even, Odd, moreEven));
        d = new(Avx512F.PermuteVar16x32x2(odd, Odd, moreOdd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(Lanes512 a, Lanes512 b, float* destination)
    {
        Avx512F.PermuteVar16x32x2(a.value, Low, b.value).Store(destination);
        Avx512F.PermuteVar16x32x2(a.value, High, b.value).Store(destination + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(Lanes512 a, Lanes512 b, Lanes512 c, Lanes512 d, float* destination)
    {
        Vector512<float> even = Avx512F.PermuteVar16x32x2(a.value, Low, c.value);
        Vector512<float> moreEven = Avx512F.PermuteVar16x32x2(a.value, High, c.value);
        Vector512<float> odd = Avx512F.PermuteVar16x32x2(b.value, Low, d.value);
        Vector512<float> moreOdd = Avx512F.PermuteVar16x32x2(b.value, High, d.value);
        Avx512F.PermuteVar16x32x2(even, Low, odd).Store(destination);
        Avx512F.PermuteVar16x32x2(even, High, odd).Store(destination + 16);
        Avx512F.PermuteVar16x32x2(moreEven, Low, moreOdd).Store(destination + 32);
        Avx512F.PermuteVar16x32x2(moreEven, High, moreOdd).Store(destination + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination) => value.Store(destination);
}

/// <summary>Eight floats, AVX2.</summary>
internal unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private Vector256<float> value = value;

    public static int Count => 8;

    private static Vector256<int> Pairs => Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);

    private static Vector256<int> Unpaired => Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 factor, Lanes256 value, Lanes256 sum) =>
        new(Vector256.FusedMultiplyAdd(factor.value, value.value, sum.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes256 sum, Lanes256 factor, Lanes256 value) =>
        sum.value = Vector256.FusedMultiplyAdd(factor.value, value.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Clamp(Lanes256 value, Lanes256 lower, Lanes256 upper) =>
        new(Limits.Clamp(value.value, lower.value, upper.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(float* source, out Lanes256 a, out Lanes256 b)
    {
        Vector256<float> first = Vector256.Load(source), second = Vector256.Load(source + 8);
        a = new(Avx2.Permute4x64(Avx.Shuffle(first, second, 0x88).AsDouble(), 0xD8).AsSingle());
        b = new(Avx2.Permute4x64(Avx.Shuffle(first, second, 0xDD).AsDouble(), 0xD8).AsSingle());
    }

    // Within a vector [a a b b | c c d d], of two [a a a a | c c c c] and [b b b b | d d d d], then the halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(float* source, out Lanes256 a, out Lanes256 b, out Lanes256 c, out Lanes256 d)
    {
        Vector256<double> first = Paired(source), second = Paired(source + 8), third = Paired(source + 16), fourth = Paired(source + 24);
        Vector256<float> ac = Avx.UnpackLow(first, second).AsSingle(), bd = Avx.UnpackHigh(first, second).AsSingle();
        Vector256<float> moreAc = Avx.UnpackLow(third, fourth).AsSingle(), moreBd = Avx.UnpackHigh(third, fourth).AsSingle();
        a = new(Avx.Permute2x128(ac, moreAc, 0x20));
        b = new(Avx.Permute2x128(bd, moreBd, 0x20));
        c = new(Avx.Permute2x128(ac, moreAc, 0x31));
        d = new(Avx.Permute2x128(bd, moreBd, 0x31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(Lanes256 a, Lanes256 b, float* destination)
    {
        Vector256<float> low = Avx.UnpackLow(a.value, b.value), high = Avx.UnpackHigh(a.value, b.value);
        Avx.Permute2x128(low, high, 0x20).Store(destination);
        Avx.Permute2x128(low, high, 0x31).Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(Lanes256 a, Lanes256 b, Lanes256 c, Lanes256 d, float* destination)
    {
        Vector256<double> ac = Avx.Permute2x128(a.value, c.value, 0x20).AsDouble();
        Vector256<double> moreAc = Avx.Permute2x128(a.value, c.value, 0x31).AsDouble();
        Vector256<double> bd = Avx.Permute2x128(b.value, d.value, 0x20).AsDouble();
        Vector256<double> moreBd = Avx.Permute2x128(b.value, d.value, 0x31).AsDouble();
        Avx2.PermuteVar8x32(Avx.UnpackLow(ac, bd).AsSingle(), Unpaired).Store(destination);
        Avx2.PermuteVar8x32(Avx.UnpackHigh(ac, bd).AsSingle(), Unpaired).Store(destination + 8);
        Avx2.PermuteVar8x32(Avx.UnpackLow(moreAc, moreBd).AsSingle(), Unpaired).Store(destination + 16);
        Avx2.PermuteVar8x32(Avx.UnpackHigh(moreAc, moreBd).AsSingle(), Unpaired).Store(destination + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Paired(float* source) => Avx2.PermuteVar8x32(Vector256.Load(source), Pairs).AsDouble();
}

/// <summary>Four floats, any processor.</summary>
internal unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private Vector128<float> value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 All(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 factor, Lanes128 value, Lanes128 sum) =>
        new(Vector128.FusedMultiplyAdd(factor.value, value.value, sum.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes128 sum, Lanes128 factor, Lanes128 value) =>
        sum.value = Vector128.FusedMultiplyAdd(factor.value, value.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Clamp(Lanes128 value, Lanes128 lower, Lanes128 upper) =>
        new(Limits.Clamp(value.value, lower.value, upper.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(float* source, out Lanes128 a, out Lanes128 b)
    {
        a = new(Vector128.Create(source[0], source[2], source[4], source[6]));
        b = new(Vector128.Create(source[1], source[3], source[5], source[7]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deal(float* source, out Lanes128 a, out Lanes128 b, out Lanes128 c, out Lanes128 d)
    {
        a = new(Vector128.Create(source[0], source[4], source[8], source[12]));
        b = new(Vector128.Create(source[1], source[5], source[9], source[13]));
        c = new(Vector128.Create(source[2], source[6], source[10], source[14]));
        d = new(Vector128.Create(source[3], source[7], source[11], source[15]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(Lanes128 a, Lanes128 b, float* destination)
    {
        for (int i = 0; i < 4; i++, destination += 2)
        {
            destination[0] = a.value[i];
            destination[1] = b.value[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(Lanes128 a, Lanes128 b, Lanes128 c, Lanes128 d, float* destination)
    {
        for (int i = 0; i < 4; i++, destination += 4)
        {
            Vector128.Create(a.value[i], b.value[i], c.value[i], d.value[i]).Store(destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination) => value.Store(destination);
}
