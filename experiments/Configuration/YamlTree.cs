using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SanityChecks.Experiments.Configuration;

/// <summary>YAML text as a tree whose nodes know their line.</summary>
/// <remarks>
/// Built from YamlDotNet's events, because its document model throws at the first repeated key and forgets where the first one stood.
/// Aliases are followed; merge keys, tags, several documents in one file and nesting deeper than a configuration needs are refused.
/// </remarks>
internal sealed class YamlTree
{
    // Deeper than any key; it also keeps a hostile file from exhausting the stack.
    private const int Deepest = 8;

    private readonly Parser parser;
    private readonly Func<long, long, Place> placeOf;
    private readonly ConfigProblems problems;
    private readonly Dictionary<string, ConfigNode> anchors = [];

    private YamlTree(string text, Func<long, long, Place> placeOf, ConfigProblems problems)
    {
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        this.placeOf = placeOf;
        this.problems = problems;
    }

    /// <summary>The text's only document, or null where it holds none (nothing, or comments only).</summary>
    /// <param name="text">YAML 1.2 as far as YamlDotNet reads it.</param>
    /// <param name="placeOf">From a line and a column, both from 1, to the place that problems name; column 0: the line as a whole.</param>
    /// <param name="problems">Receives repeated keys; the first value is kept.</param>
    /// <param name="path">The full key that the document is the value of; empty for a whole file.</param>
    /// <exception cref="ConfigException">The text is not YAML, or uses one of the refused features.</exception>
    public static ConfigNode? Read(string text, Func<long, long, Place> placeOf, ConfigProblems problems, string path = "")
    {
        bool indentation = true;
        for (int i = 0, line = 1; i < text.Length; i++)
        {
            line += text[i] == '\n' ? 1 : 0;

            // YamlDotNet takes a no-break space, as web pages are indented with, for the first letter of a key.
            if (indentation && char.GetUnicodeCategory(text[i]) == UnicodeCategory.SpaceSeparator && text[i] != ' ')
            {
                throw new ConfigException(
                    $"{placeOf(line, 0).Text}: the line is indented with U+{(int)text[i]:X4}, another kind of space; use plain spaces");
            }

            indentation = text[i] is '\n' or '\r' || (indentation && text[i] is ' ' or '\t');

            // YamlDotNet takes U+0000 for the end and would drop the rest in silence.
            if (char.IsControl(text[i]) && text[i] is not ('\t' or '\n' or '\r' or '\u0085'))
            {
                throw new ConfigException($"{placeOf(line, 0).Text}: control character U+{(int)text[i]:X4}; a configuration is plain text");
            }
        }

        var tree = new YamlTree(text, placeOf, problems);
        try
        {
            return tree.ReadDocument(path);
        }
        catch (YamlException error)
        {
            throw tree.NotYaml(error.Start, error.Message, text, error);
        }
        catch (InvalidOperationException error)
        {
            // YamlDotNet 16 throws this for a list whose bracket is never closed.
            throw tree.NotYaml(
                tree.parser.Current?.Start ?? Mark.Empty, "a bracket, brace or quote that begins near here is not closed", text, error);
        }
    }

    private ConfigNode? ReadDocument(string path)
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        parser.Consume<DocumentStart>();
        ConfigNode root = ReadNode(path, 0);
        parser.Consume<DocumentEnd>();
        return parser.TryConsume<DocumentStart>(out DocumentStart? second)
            ? throw Refused(second.Start, "a second document ('---'); a configuration is one document")
            : root is ConfigScalar { IsNull: true } ? null : root;
    }

    private ConfigNode ReadNode(string path, int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return anchors.TryGetValue(alias.Value.Value, out ConfigNode? target)
                ? target
                : throw Refused(
                    alias.Start,
                    $"alias '*{Quoting.Shorten(alias.Value.Value)}' has no anchor before it; put a text that begins with '*' in quotes");
        }

        var start = parser.Require<NodeEvent>();
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            throw Refused(start.Start, $"tag '{Quoting.Shorten(start.Tag.Value)}'; a configuration needs no tags, remove it");
        }

        if (depth > Deepest)
        {
            throw Refused(start.Start, "nested too deeply for a configuration");
        }

        ConfigNode node = start switch
        {
            MappingStart => ReadMap(path, depth),
            SequenceStart => ReadList(path, depth),
            _ => ReadScalar(),
        };
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private ConfigScalar ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        return new ConfigScalar(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private ConfigList ReadList(string path, int depth)
    {
        Place place = At(parser.Consume<SequenceStart>().Start);
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(path, depth + 1));
        }

        return new ConfigList(place, items);
    }

    private ConfigMap ReadMap(string path, int depth)
    {
        Place place = At(parser.Consume<MappingStart>().Start);
        var entries = new List<ConfigEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out Scalar? name))
            {
                throw Refused(parser.Current!.Start, "a list, section or alias stands where a key should be");
            }

            if (name is { Value: "<<", Style: ScalarStyle.Plain })
            {
                throw Refused(name.Start, "'<<' merges a section into another, which is not read; write its keys here");
            }

            string key = name.Value;
            string full = path.Length == 0 ? key : $"{path}.{key}";
            ConfigNode value = ReadNode(full, depth + 1);
            if (entries.Find(entry => entry.Key == key) is { } first)
            {
                problems.Add(At(name.Start), Quoting.Shorten(full), $"given twice, first at {first.Place.Text}; keep one");
                continue;
            }

            entries.Add(new ConfigEntry(key, At(name.Start), value));
        }

        return new ConfigMap(place, entries);
    }

    private Place At(Mark mark) => placeOf(mark.Line, 0);

    private ConfigException Refused(Mark mark, string message) => new($"{placeOf(mark.Line, mark.Column).Text}: {message}");

    private ConfigException NotYaml(Mark mark, string reason, string text, Exception error)
    {
        int tab = Array.FindIndex(text.Split('\n'), line => line.TrimStart(' ').StartsWith('\t') && line.Trim().Length > 0);
        if (tab >= 0)
        {
            return new ConfigException($"{placeOf(tab + 1, 0).Text}: not valid YAML: the line is indented with a tab; use spaces", error);
        }

        string hint = reason switch
        {
            _ when reason.Contains("invalid mapping", StringComparison.Ordinal) =>
                " (is a key indented differently from its neighbours, or does a text with ': ' lack quotes?)",
            _ when reason.Contains("cannot start any token", StringComparison.Ordinal) => " (put the text in quotes)",
            _ => "",
        };
        return new ConfigException(
            $"{placeOf(mark.Line, mark.Column).Text}: not valid YAML: {Quoting.Shorten(reason.TrimEnd('.'))}{hint}", error);
    }
}
