using System.Collections.Frozen;
using System.Globalization;

namespace SanityChecks.Imaging.Drawing;

/// <summary>A straight piece of pen stroke, in font units (see <see cref="StrokeGlyphs"/>) or in pixels; its length may be 0.</summary>
internal readonly record struct Stroke(double X0, double Y0, double X1, double Y1);

/// <summary>A character's strokes, how wide their centre lines are, and the room it wants on both sides, in font units.</summary>
internal sealed record Glyph(Stroke[] Strokes, double Width, double LeftGap, double RightGap);

/// <summary>The glyphs of <see cref="StrokeGlyphs"/>, flattened to straight strokes.</summary>
internal static class StrokeFont
{
    /// <summary>Height of small letters without ascenders, in font units.</summary>
    public const double SmallHeight = 10;

    /// <summary>Height of capitals and digits, in font units.</summary>
    public const double CapitalHeight = 14;

    /// <summary>How far tails reach below the base line, in font units.</summary>
    public const double TailDepth = 4;

    /// <summary>Width of a blank between words, in font units.</summary>
    public const double Blank = 5;

    private const int PiecesPerCurve = 10;

    private static readonly FrozenDictionary<char, Glyph> Glyphs = StrokeGlyphs.All.ToFrozenDictionary(pair => pair.Key, pair => Parse(pair.Value));

    private static readonly Glyph Missing = Parse(StrokeGlyphs.Missing);

    /// <summary>The glyph of a character; an empty box for one that the font lacks.</summary>
    public static Glyph Of(char character) => Glyphs.GetValueOrDefault(character, Missing);

    /// <summary>Whether the font has the character, or needs nothing to draw it.</summary>
    public static bool Has(char character) => character == ' ' || Glyphs.ContainsKey(character);

    private static Glyph Parse(string definition)
    {
        string[] tokens = definition.Split(' ');
        List<Stroke> strokes = [];
        (double X, double Y) pen = default;
        bool down = false;
        int at = 1;
        while (at < tokens.Length)
        {
            string command = tokens[at++];
            switch (command)
            {
                case "M":
                    pen = (Next(), Next());
                    down = true;
                    break;
                case "L":
                    LineTo(Next(), Next());
                    break;
                case "C":
                    CurveTo(pen, (Next(), Next()), (Next(), Next()), (Next(), Next()));
                    break;
                case "A":
                    Arc(Next(), Next(), Next(), Next(), Next(), Next());
                    break;
                case "O":
                    down = false;
                    Arc(Next(), Next(), Next(), Next(), 0, 360);
                    down = false;
                    break;
                case "D":
                    Dot(Next(), Next());
                    break;
                default:
                    throw new FormatException($"glyph path command '{command}'");
            }
        }

        double width = strokes.Max(stroke => Math.Max(stroke.X0, stroke.X1));
        return new Glyph([.. strokes], width, Gap(definition[0]), Gap(definition[1]));

        double Next() => double.Parse(tokens[at++], CultureInfo.InvariantCulture);

        // A square as wide as two thirds of a pen: a single touch of it would look fainter than the letters.
        void Dot(double x, double y)
        {
            const double side = 0.9;
            strokes.Add(new Stroke(x, y, x + side, y));
            strokes.Add(new Stroke(x, y + side, x + side, y + side));
        }

        void LineTo(double x, double y)
        {
            strokes.Add(new Stroke(pen.X, pen.Y, x, y));
            pen = (x, y);
        }

        void CurveTo((double X, double Y) a, (double X, double Y) b, (double X, double Y) c, (double X, double Y) d)
        {
            for (int i = 1; i <= PiecesPerCurve; i++)
            {
                double t = (double)i / PiecesPerCurve;
                double u = 1 - t;
                double wa = u * u * u, wb = 3 * u * u * t, wc = 3 * u * t * t, wd = t * t * t;
                LineTo((wa * a.X) + (wb * b.X) + (wc * c.X) + (wd * d.X), (wa * a.Y) + (wb * b.Y) + (wc * c.Y) + (wd * d.Y));
            }
        }

        void Arc(double cx, double cy, double rx, double ry, double from, double to)
        {
            int pieces = (int)Math.Ceiling(Math.Abs(to - from) / 10);
            for (int i = 0; i <= pieces; i++)
            {
                double angle = (from + ((to - from) * i / pieces)) * Math.PI / 180;
                double x = cx + (rx * Math.Cos(angle));
                double y = cy + (ry * Math.Sin(angle));
                if (i == 0 && !down)
                {
                    pen = (x, y);
                }

                LineTo(x, y);
            }

            down = true;
        }
    }

    private static double Gap(char side) => side switch
    {
        's' => 2.5,
        'o' => 1.9,
        'v' => 1.1,
        _ => throw new FormatException($"glyph side '{side}'"),
    };
}
