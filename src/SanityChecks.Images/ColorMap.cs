namespace SanityChecks.Images;

/// <summary>A named scale of 256 colors for the values 0 to 1.</summary>
/// <remarks>
/// Color number <c>floor(256 v)</c>, at most 255, stands for the value v. Jet, viridis, plasma and inferno are matplotlib's, which
/// differ from OpenCV's of the same name by a few units.
/// </remarks>
public sealed class ColorMap
{
    private readonly byte[] table;

    private ColorMap(string name, byte[] table, Rgb undefined)
    {
        Name = name;
        this.table = table;
        Undefined = undefined;
    }

    /// <summary>Dark blue, cyan, yellow, dark red: the scale of most published Grad-CAM figures, though not uniform in lightness.</summary>
    public static ColorMap Jet { get; } = new("jet", JetTable(), NeutralGray);

    /// <summary>Dark violet, green, yellow; uniform in lightness and safe for color-blind readers.</summary>
    public static ColorMap Viridis { get; } = new("viridis", Convert.FromBase64String(ColorTables.Viridis), NeutralGray);

    /// <summary>Dark blue, magenta, yellow; uniform in lightness.</summary>
    public static ColorMap Plasma { get; } = new("plasma", Convert.FromBase64String(ColorTables.Plasma), NeutralGray);

    /// <summary>Black, red, pale yellow; uniform in lightness.</summary>
    public static ColorMap Inferno { get; } = new("inferno", Convert.FromBase64String(ColorTables.Inferno), NeutralGray);

    /// <summary>Black to white: color number i is (i, i, i).</summary>
    public static ColorMap Gray { get; } =
        new("gray", Table((0, new Rgb(0, 0, 0)), (255, new Rgb(255, 255, 255))), new Rgb(150, 90, 160));

    /// <summary>Blue, white, red, for signed maps: number 128, the value 0.5, is pure white, and darkness grows evenly to both
    /// ends.</summary>
    public static ColorMap Diverging { get; } =
        new("diverging", Table(
            (0, new Rgb(8, 36, 104)), (48, new Rgb(36, 102, 188)), (92, new Rgb(150, 196, 232)), (128, new Rgb(255, 255, 255)),
            (164, new Rgb(248, 186, 156)), (208, new Rgb(208, 64, 54)), (255, new Rgb(104, 6, 30))), NeutralGray);

    /// <summary>All maps, in the order in which they are offered.</summary>
    public static IReadOnlyList<ColorMap> All { get; } = [Jet, Viridis, Plasma, Inferno, Gray, Diverging];

    /// <summary>The names that <see cref="Find"/> knows: jet, viridis, plasma, inferno, gray, diverging.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(map => map.Name)];

    /// <summary>The name, in lower case.</summary>
    public string Name { get; }

    /// <summary>The color of NaN: a middle gray, or a dull violet where the scale itself is gray.</summary>
    public Rgb Undefined { get; }

    /// <summary>One of the 256 colors.</summary>
    /// <exception cref="IndexOutOfRangeException">The number is not 0 to 255.</exception>
    public Rgb this[int number] => new(table[3 * number], table[(3 * number) + 1], table[(3 * number) + 2]);

    /// <summary>The map of that name, whatever its case, with <c>grey</c> for gray; null when there is none.</summary>
    public static ColorMap? Find(string name) =>
        All.FirstOrDefault(map => map.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ??
        ("grey".Equals(name, StringComparison.OrdinalIgnoreCase) ? Gray : null);

    /// <summary>The color of a value: the ends' colors below 0 and above 1, infinities included, and <see cref="Undefined"/> for
    /// NaN.</summary>
    public Rgb At(float value) => float.IsNaN(value) ? Undefined : this[(int)Math.Clamp(value * 256, 0f, 255f)];

    /// <summary>An image with one pixel per value.</summary>
    /// <param name="unitValues">Values, columns fastest, each colored as by <see cref="At"/>.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">The number of values is not <c>width * height</c>, or a side is below 1.</exception>
    public RgbImage Apply(ReadOnlySpan<float> unitValues, int width, int height)
    {
        byte[] pixels = new byte[3L * unitValues.Length];
        for (int i = 0; i < unitValues.Length; i++)
        {
            At(unitValues[i]).WriteTo(pixels.AsSpan(3 * i));
        }

        return new RgbImage(width, height, pixels);
    }

    private static Rgb NeutralGray => new(128, 128, 128);

    // Byte = floor(255 v), as matplotlib converts; the stops are those of its definition, in shares of the scale.
    private static byte[] JetTable()
    {
        byte[] table = new byte[768];
        for (int i = 0; i < 256; i++)
        {
            double x = i / 255.0;
            table[3 * i] = (byte)(255 * Interpolate(x, [(0, 0), (0.35, 0), (0.66, 1), (0.89, 1), (1, 0.5)]));
            table[(3 * i) + 1] = (byte)(255 * Interpolate(x, [(0, 0), (0.125, 0), (0.375, 1), (0.64, 1), (0.91, 0), (1, 0)]));
            table[(3 * i) + 2] = (byte)(255 * Interpolate(x, [(0, 0.5), (0.11, 1), (0.34, 1), (0.65, 0), (1, 0)]));
        }

        return table;
    }

    private static byte[] Table(params (int Number, Rgb Color)[] stops)
    {
        byte[] table = new byte[768];
        for (int i = 0; i < 256; i++)
        {
            table[3 * i] = Channel(color => color.Red);
            table[(3 * i) + 1] = Channel(color => color.Green);
            table[(3 * i) + 2] = Channel(color => color.Blue);

            byte Channel(Func<Rgb, byte> of) =>
                (byte)(0.5 + Interpolate(i, [.. stops.Select(stop => ((double)stop.Number, (double)of(stop.Color)))]));
        }

        return table;
    }

    private static double Interpolate(double x, ReadOnlySpan<(double X, double Y)> stops)
    {
        int next = 1;
        while (x > stops[next].X)
        {
            next++;
        }

        (double x0, double y0) = stops[next - 1];
        (double x1, double y1) = stops[next];
        return y0 + ((y1 - y0) / (x1 - x0) * (x - x0));
    }
}
