using System.Net.Http.Headers;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>The part of a file that has arrived, and the tag by which the server tells whether the rest still belongs to it.</summary>
/// <param name="file">The finished file's path; the part lies beside it as <c>.part</c>, the tag as <c>.part.tag</c>.</param>
internal sealed class PartialDownload(string file)
{
    private readonly string tagFile = file + ".part.tag";

    /// <summary>The part's path.</summary>
    public string Path { get; } = file + ".part";

    /// <summary>Bytes that have arrived in this or an earlier run.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The strong ETag or the date of the response that the part came from; null when the server gave none.</summary>
    public RangeConditionHeaderValue? Condition =>
        File.Exists(tagFile) && RangeConditionHeaderValue.TryParse(File.ReadAllText(tagFile), out RangeConditionHeaderValue? condition)
            ? condition
            : null;

    /// <summary>Forgets an earlier part and remembers the tag of the response that a new one comes from.</summary>
    public void Begin(HttpResponseMessage response)
    {
        Delete();
        RangeConditionHeaderValue? condition = response.Headers.ETag is { IsWeak: false } tag ? new(tag)
            : response.Content.Headers.LastModified is DateTimeOffset date ? new(date)
            : null;
        if (condition is not null)
        {
            File.WriteAllText(tagFile, condition.ToString());
        }
    }

    /// <summary>Removes what has arrived.</summary>
    public void Delete()
    {
        File.Delete(Path);
        File.Delete(tagFile);
    }

    /// <summary>Makes the part the finished file.</summary>
    public void Finish()
    {
        File.Move(Path, file, overwrite: true);
        File.Delete(tagFile);
    }
}
