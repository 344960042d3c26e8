using System.Globalization;

namespace SanityChecks.Saliency;

/// <summary>What the header of a .npy file says, in the words of NumPy.</summary>
/// <param name="Element">Byte order, kind and bytes of an element, as in <c>&lt;f4</c>.</param>
/// <param name="FortranOrder">Whether the first axis is the fastest.</param>
/// <param name="Axes">The shape, outermost first; not yet checked against anything but 0.</param>
internal sealed record NpyHeader(string Element, bool FortranOrder, long[] Axes)
{
    /// <summary>Reads the Python dictionary of a header: three keys in any order, with text, True or False, and integers.</summary>
    /// <exception cref="FormatException">The text is anything else; the message says what was expected where.</exception>
    public static NpyHeader Parse(string text)
    {
        var reader = new Reader(text);
        string? element = null;
        bool? fortran = null;
        long[]? axes = null;
        reader.Expect('{');
        while (!reader.Take('}'))
        {
            string key = reader.Text();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when element is null:
                    element = reader.Peek('[') ? "a record" : reader.Text();
                    break;
                case "fortran_order" when fortran is null:
                    fortran = reader.Boolean();
                    break;
                case "shape" when axes is null:
                    axes = reader.Integers();
                    break;
                default:
                    throw new FormatException($"unexpected key '{key}'; there are descr, fortran_order and shape, once each");
            }

            if (element == "a record")
            {
                return new NpyHeader(element, false, []);
            }

            if (!reader.Take(','))
            {
                reader.Expect('}');
                break;
            }
        }

        reader.ExpectEnd();
        return new NpyHeader(
            element ?? throw new FormatException("descr is missing"),
            fortran ?? throw new FormatException("fortran_order is missing"),
            axes ?? throw new FormatException("shape is missing"));
    }

    private sealed class Reader(string text)
    {
        private int position;

        public bool Peek(char symbol)
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }

            return position < text.Length && text[position] == symbol;
        }

        public bool Take(char symbol)
        {
            bool found = Peek(symbol);
            position += found ? 1 : 0;
            return found;
        }

        public void Expect(char symbol)
        {
            if (!Take(symbol))
            {
                throw Expected($"'{symbol}'");
            }
        }

        public void ExpectEnd()
        {
            if (Peek('\0') || position < text.Length)
            {
                throw Expected("nothing more");
            }
        }

        public string Text()
        {
            char quote = Peek('"') ? '"' : '\'';
            Expect(quote);
            int end = text.IndexOf(quote, position);
            if (end < 0)
            {
                throw Expected("a closing quote");
            }

            string found = text[position..end];
            position = end + 1;
            return found;
        }

        public bool Boolean() => Word("True") || (Word("False") ? false : throw Expected("True or False"));

        public long[] Integers()
        {
            var integers = new List<long>();
            Expect('(');
            while (!Take(')'))
            {
                integers.Add(Integer());
                Take('L'); // Python 2 wrote long integers so
                if (!Take(','))
                {
                    Expect(')');
                    break;
                }
            }

            return [.. integers];
        }

        private long Integer()
        {
            Peek('0');
            int start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            return long.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
                ? value
                : throw Expected("an integer from 0 to 2^63 - 1");
        }

        private bool Word(string word)
        {
            bool found = Peek(word[0]) && string.CompareOrdinal(text, position, word, 0, word.Length) == 0;
            position += found ? word.Length : 0;
            return found;
        }

        private FormatException Expected(string what) =>
            new(string.Create(CultureInfo.InvariantCulture, $"expected {what} at character {position}"));
    }
}
