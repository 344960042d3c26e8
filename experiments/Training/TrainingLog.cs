using System.Globalization;
using System.Text;
using SanityChecks.RunFiles;
using SanityChecks.Training;

namespace SanityChecks.Experiments.Training;

/// <summary><c>log.csv</c> of a training: a row for every few steps, held open so that no second training writes to it.</summary>
public sealed class TrainingLog : IDisposable
{
    private readonly FileStream file;

    private TrainingLog(FileStream file, long lastStep)
    {
        this.file = file;
        LastStep = lastStep;
    }

    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["step", "images", "size", "learning_rate", "loss", "accuracy", "gradient_norm", "validation_loss", "validation_accuracy"];

    /// <summary>The step of the last row; 0 where there is none.</summary>
    public long LastStep { get; private set; }

    /// <summary>Opens the log for appending; rows of later steps than the checkpoint's, or torn ones, are cut off.</summary>
    /// <param name="path">Made, with its header, where it is missing.</param>
    /// <param name="step">The step from which the training goes on.</param>
    /// <exception cref="InputException">Another training holds the file.</exception>
    public static TrainingLog Open(string path, long step)
    {
        FileStream file = HeldFile.Open(path, "training");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        long end = 0, last = 0;
        foreach (CsvRecord record in CsvText.Records(bytes))
        {
            if (end > 0)
            {
                if (!long.TryParse(record.Cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out long row) || row > step)
                {
                    break;
                }

                last = row;
            }

            end = record.End;
        }

        file.SetLength(end);
        file.Position = end;
        var log = new TrainingLog(file, last);
        if (end == 0)
        {
            log.Append(Columns);
        }

        return log;
    }

    /// <summary>Adds a row and flushes it to the disk.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="images">Images seen.</param>
    /// <param name="size">Pixels a side of the last step's.</param>
    /// <param name="learningRate">The last step's.</param>
    /// <param name="sums">The steps since the last row, of which it shows the means.</param>
    /// <param name="batch">Images a step.</param>
    /// <param name="validation">The validation after the last step, where there was one.</param>
    public void Append(long step, long images, int size, double learningRate, RowSums sums, int batch, Evaluation? validation)
    {
        Append(
        [
            step.ToString(CultureInfo.InvariantCulture), images.ToString(CultureInfo.InvariantCulture),
            size.ToString(CultureInfo.InvariantCulture), Text(learningRate),
            Text(sums.Loss / sums.Steps), Text((double)sums.Correct / (sums.Steps * batch)), Text(sums.Norm / sums.Steps),
            Text(validation?.Loss), Text(validation?.Accuracy),
        ]);
        LastStep = step;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static string Text(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";

    private void Append(IEnumerable<string> cells)
    {
        file.Write(Encoding.UTF8.GetBytes(CsvText.Record(cells)));
        file.Flush(flushToDisk: true);
    }
}
