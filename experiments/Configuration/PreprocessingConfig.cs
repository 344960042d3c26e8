using System.Globalization;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Configuration;

/// <summary>How images become the network's input, section <c>preprocessing</c>; the name of a preset alone is a section with its values,
/// and a section with <c>name</c> begins with them.</summary>
public sealed record PreprocessingConfig
{
    /// <summary>The key of the section.</summary>
    internal const string Key = "preprocessing";

    private const int LargestSide = 10_000;

    private static readonly (string Spelling, PixelRange Range)[] Ranges =
        [("0..1", PixelRange.ToOne), ("0..255", PixelRange.ToByte), ("image", PixelRange.OfImage)];

    /// <summary>Key <c>fit</c>: how images come to their size.</summary>
    public ImageFit Fit { get; init; } = ImageFit.Crop;

    /// <summary>Key <c>size</c>: height and width, one number for a square, or null (<c>auto</c>) for the network's own.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Key <c>resize</c>: to what length the shorter side is resized before a crop; null (<c>auto</c>) for
    /// <see cref="Preprocessing.ResizeFor"/>.</summary>
    public int? Resize { get; init; }

    /// <summary>Key <c>mean</c>: of red, green and blue, or one value for all channels.</summary>
    public IReadOnlyList<float> Mean { get; init; } = Normalization.ImageNet.Mean;

    /// <summary>Key <c>deviation</c>: as <see cref="Mean"/>, above 0.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = Normalization.ImageNet.Deviation;

    /// <summary>Key <c>range</c>: what black and white are before the mean is taken off.</summary>
    public PixelRange Range { get; init; } = PixelRange.ToOne;

    /// <summary>Key <c>channels</c>; null (<c>auto</c>) for red, green and blue, or gray for a network of one channel.</summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>The section for the name of a preset.</summary>
    /// <param name="name">One of <see cref="Preprocessing.All"/>.</param>
    /// <exception cref="InputException">There is none.</exception>
    public static PreprocessingConfig Of(string name)
    {
        Preprocessing preset = Preprocessing.Find(name);
        Normalization values = preset.Normalization;
        return new PreprocessingConfig
        {
            Fit = preset.Way,
            Mean = values.Mean,
            Deviation = values.Deviation,
            Range = values.Range,
            Channels = values.Channels == ChannelOrder.Rgb ? null : values.Channels,
        };
    }

    /// <summary>The same with everything that it leaves to the network.</summary>
    /// <param name="made">The images that the network was made for.</param>
    /// <exception cref="InputException">Its channels are others than this gives, or mean and deviation are those of other
    /// channels.</exception>
    public PreprocessingConfig For(ImageSize made)
    {
        ArgumentNullException.ThrowIfNull(made);
        ChannelOrder channels = Channels ?? (made.Channels == 1 ? ChannelOrder.Gray : ChannelOrder.Rgb);
        int count = channels == ChannelOrder.Gray ? 1 : 3;
        if (count != made.Channels)
        {
            throw new InputException(
                $"channels: {Spelling.Of(channels)} is {Plural(count)}, but the network's images have {made.Channels}");
        }

        foreach ((string key, IReadOnlyList<float> values) in new[] { ("mean", Mean), ("deviation", Deviation) })
        {
            if (values.Count > count)
            {
                throw new InputException(
                    $"{key}: {List(values)} is of three channels, but the network's images have one: give mean and deviation of one value, such as {{mean: 0.1307, deviation: 0.3081}}");
            }
        }

        (int Height, int Width)? size = Fit == ImageFit.AsIs ? null : Size ?? (made.Height, made.Width);
        int? resize = size is { } side && Fit == ImageFit.Crop ? Resize ?? Preprocessing.ResizeFor(side.Height, side.Width) : null;
        return resize < Math.Max(size?.Height ?? 0, size?.Width ?? 0)
            ? throw new InputException($"resize: {resize} is less than a side of the size {SizeText(size)} that is cut out")
            : this with { Channels = channels, Size = size, Resize = resize };
    }

    /// <summary>Whether every key has the same value.</summary>
    /// <param name="other">Another one.</param>
    public bool Equals(PreprocessingConfig? other) =>
        other is not null && Settings().Select(setting => setting.Value).SequenceEqual(other.Settings().Select(setting => setting.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => YamlText.Document(Settings()).GetHashCode(StringComparison.Ordinal);

    /// <summary>What it stands for.</summary>
    /// <exception cref="InvalidOperationException">Something is left to the network (<see cref="For"/>).</exception>
    public Preprocessing Resolved() => new(
        Key, Fit, new Normalization(Range, Mean, Deviation, Channels ?? throw new InvalidOperationException("The channels are open.")))
    {
        Height = Size?.Height ?? 0,
        Width = Size?.Width ?? 0,
        Resize = Resize ?? 0,
    };

    /// <summary>What a manifest says of it.</summary>
    internal PreprocessingRecord Record() => new(
        Spelling.Of(Fit), Size?.Height, Size?.Width, Resize, RangeText, Channels is { } order ? Spelling.Of(order) : ExperimentConfig.Auto,
        Mean, Deviation);

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="presets">The names that are allowed.</param>
    /// <param name="problems">Receives what is wrong.</param>
    internal static PreprocessingConfig Read(ConfigSection section, IReadOnlyList<string> presets, ConfigProblems problems)
    {
        string name = section.Text("name", Preprocessing.ImageNet.Name, $"must be one of {string.Join(", ", presets)}");
        bool known = presets.Contains(name);
        if (!known)
        {
            problems.Add(section.PlaceOf("name"), Key, NearestName.Explain(name, presets));
        }

        PreprocessingConfig preset = Of(known ? name : Preprocessing.ImageNet.Name);
        ImageFit fit = section.Member("fit", preset.Fit);
        IReadOnlyList<double>? size = section.Numbers(
            "size", $"must be auto, pixels a side or [height, width], each an integer from 1 to {LargestSide}",
            numbers => numbers.Count is 1 or 2 && numbers.All(IsSide), orAuto: true);
        IReadOnlyList<double>? resize = section.Numbers(
            "resize", $"must be auto or an integer from 1 to {LargestSide}", numbers => numbers.Count == 1 && IsSide(numbers[0]),
            orAuto: true);
        string range = section.Name("range", preset.RangeText, [.. Ranges.Select(one => one.Spelling)]);
        string[] orders = [ExperimentConfig.Auto, .. Spelling.All<ChannelOrder>()];
        string channels = section.Name("channels", preset.Channels is { } order ? Spelling.Of(order) : ExperimentConfig.Auto, orders);
        var config = new PreprocessingConfig
        {
            Fit = fit,
            Size = size is null ? null : ((int)size[0], (int)size[^1]),
            Resize = (int?)resize?[0],
            Mean = Channel(section, "mean", "must be one number, or three of red, green and blue", _ => true) ?? preset.Mean,
            Deviation = Channel(
                section, "deviation", "must be one number above 0, or three of red, green and blue", number => number > 0)
                ?? preset.Deviation,
            Range = Ranges.FirstOrDefault(one => one.Spelling == range).Range,
            Channels = Spelling.TryParse(channels, out ChannelOrder read) ? read : null,
        };
        if (fit == ImageFit.AsIs && config.Size is not null)
        {
            problems.Add(section.PlaceOf("size"), $"{Key}.size", "has no effect with fit: as_is; remove it, or take crop or squash");
        }

        if (fit != ImageFit.Crop && config.Resize is not null)
        {
            problems.Add(section.PlaceOf("resize"), $"{Key}.resize", "belongs to fit: crop; remove it, or choose that");
        }
        else if (config is { Resize: { } shorter, Size: { } cut } && shorter < Math.Max(cut.Height, cut.Width))
        {
            problems.Add(
                section.PlaceOf("resize"), $"{Key}.resize",
                $"must be at least a side of the size {SizeText(cut)} that is cut out, not {config.Resize}");
        }

        return config;
    }

    /// <summary>The section in a resolved configuration.</summary>
    internal IEnumerable<Setting> Settings() =>
    [
        new($"{Key}.fit", [Spelling.Of(Fit)], false),
        new($"{Key}.size", [SizeText(Size)], false),
        new($"{Key}.resize", [Resize?.ToString(CultureInfo.InvariantCulture) ?? ExperimentConfig.Auto], false),
        new($"{Key}.mean", [List(Mean)], false),
        new($"{Key}.deviation", [List(Deviation)], false),
        new($"{Key}.range", [RangeText], false),
        new($"{Key}.channels", [Channels is { } order ? Spelling.Of(order) : ExperimentConfig.Auto], false),
    ];

    private string RangeText => Ranges.First(one => one.Range == Range).Spelling;

    private static bool IsSide(double number) => number is >= 1 and <= LargestSide && number == Math.Floor(number);

    private static IReadOnlyList<float>? Channel(ConfigSection section, string key, string what, Func<double, bool> fits) =>
        section.Numbers(
            key, what, numbers => numbers.Count is 1 or 3 && numbers.All(number => Math.Abs(number) < 1e6 && fits(number)), orAuto: false)
            is { } numbers ? [.. numbers.Select(number => (float)number)] : null;

    private static string SizeText((int Height, int Width)? size) =>
        size is { } sides ? FormattableString.Invariant($"[{sides.Height}, {sides.Width}]") : ExperimentConfig.Auto;

    private static string List(IReadOnlyList<float> values) =>
        $"[{string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]";

    private static string Plural(int count) => count == 1 ? "one channel" : FormattableString.Invariant($"{count} channels");
}
