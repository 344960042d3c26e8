using System.CommandLine;
using System.Globalization;
using SanityChecks.Images;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;

namespace SanityChecks.Cli.Explanations;

/// <summary>The options that say how maps become pictures.</summary>
internal sealed class PictureOptions
{
    private const string Multiply = "multiply";

    private readonly Option<string?> colors = new("--colormap")
    {
        Description = $"{string.Join(", ", ColorMap.Names)}: the colors of all maps, signed ones about 0; two with a comma between: of maps without a sign, and of signed ones. jet,diverging by default.",
        HelpName = "NAME",
    };

    private readonly Option<string?> blend = new("--blend")
    {
        Description = $"How maps lie over the image: the map's share, 0 to 1, or {Multiply}, the image darkened where the map is low. By default 0.5 for maps without a sign, and signed maps alone.",
        HelpName = "SHARE",
    };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(colors);
        command.Options.Add(blend);
    }

    /// <summary>What a call asks for.</summary>
    /// <exception cref="InputException">A name or number is not allowed, or the two options contradict each other.</exception>
    public MapStyle Style(ParseResult parsed)
    {
        MapStyle style = new() { Blend = parsed.GetValue(blend) is { } how ? Blend(how) : null };
        if (parsed.GetValue(colors) is not { } named)
        {
            return style;
        }

        if (style.Blend is { Multiplies: true })
        {
            throw new InputException($"{blend.Name} {Multiply} shows the image's own colors; leave out {colors.Name}.");
        }

        string[] names = named.Split(',', StringSplitOptions.TrimEntries);
        return names.Length <= 2
            ? style with { Positive = Find(names[0]), Signed = Find(names[^1]) }
            : throw new InputException($"{colors.Name} {named}: one name, or two: of maps without a sign, and of signed ones.");
    }

    private ColorMap Find(string name) => ColorMap.Find(name) ?? throw new InputException(
        $"{colors.Name} {name}: there is no such color map; allowed: {string.Join(", ", ColorMap.Names)}.");

    private MapBlend Blend(string text) => text == Multiply ? MapBlend.Multiply
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1
            ? new MapBlend(share)
            : throw new InputException($"{blend.Name} {text}: a number from 0 to 1 with a decimal point, or {Multiply}.");
}
