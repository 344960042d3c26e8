using Onnx;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>Every case of an operator in Debian's libonnx-testdata that the importer takes gives the expected output.</summary>
/// <remarks>The images of a case are its first axis. Its inputs are taken for layers or for initializers, in three ways; each that the
/// importer takes must give what is expected.</remarks>
public class OnnxOperatorTests(ITestOutputHelper output)
{
    private const string Folder = "/usr/share/libonnx-testdata/data";
    private const int FewestPassed = 235;

    private enum Way
    {
        FirstIsImages,
        AllAreLayers,
        AllAreConstants,
    }

    [Fact]
    public void Every_case_that_is_taken_gives_what_is_expected()
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"needs {Folder} of Debian's libonnx-testdata, which is not here");
        var passed = new List<string>();
        var wrong = new List<string>();
        var refused = new List<(string Operator, string Reason)>();
        using IEngine engine = Engines.Create("cpu");
        foreach (string set in new[] { "node", "simple", "pytorch-operator", "pytorch-converted" })
        {
            foreach (string folder in Directory.GetDirectories(Path.Combine(Folder, set)).Order(StringComparer.Ordinal))
            {
                Try(engine, folder, passed, wrong, refused);
            }
        }

        output.WriteLine($"{passed.Count} cases pass, {wrong.Count} are wrong, {refused.Count} are not taken:");
        foreach (IGrouping<string, (string Operator, string Reason)> same in refused.GroupBy(one => one.Operator).OrderBy(same => same.Key))
        {
            output.WriteLine($"  {same.Key}: {same.Count()} ({string.Join("; ", same.Select(one => one.Reason).Distinct().Take(3))})");
        }

        foreach (string line in (string[])["wrong:", .. wrong, "passed:", .. passed])
        {
            output.WriteLine(line);
        }

        Assert.Empty(wrong);
        Assert.InRange(passed.Count, FewestPassed, int.MaxValue);
    }

    private static void Try(
        IEngine engine, string folder, List<string> passed, List<string> wrong, List<(string Operator, string Reason)> refused)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        foreach (OperatorSetIdProto old in model.OpsetImport.Where(one => one.Version == 6))
        {
            // PyTorch's cases are of version 6, whose convolutions, poolings and functions are those of 7.
            old.Version = 7;
        }

        string operators = string.Join('+', model.Graph.Node.Select(node => node.OpType).Distinct().Take(3));
        string data = Path.Combine(folder, "test_data_set_0");
        Constant[] inputs;
        Constant expected;
        try
        {
            var reader = new TensorReader(new ExternalFiles(null));
            inputs = [.. Directory.GetFiles(data, "input_*.pb").OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)
                .Select(file => reader.Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(file))))];
            expected = reader.Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(data, "output_0.pb"))));
        }
        catch (Exception error) when (error is UnsupportedNodeException or IOException)
        {
            refused.Add((operators, "data of another kind"));
            return;
        }

        if (model.Graph.Input.Any(input => input.Type.TensorType?.ElemType == (int)TensorProto.Types.DataType.Bfloat16))
        {
            refused.Add((operators, "numbers of 16 bits that the case writes as integers"));
            return;
        }

        if (model.Graph.Input.Any(input => input.Type.TensorType?.ElemType == (int)TensorProto.Types.DataType.Double)
            && inputs.Any(input => input.Floats?.Values.ToArray().Any(float.IsInfinity) == true))
        {
            refused.Add((operators, "numbers that no float of 32 bits holds"));
            return;
        }

        var reasons = new List<string>();
        bool taken = false, equal = true;
        foreach (Way way in Enum.GetValues<Way>())
        {
            try
            {
                Constant found = Run(engine, model, inputs, way);
                taken = true;
                string? difference = Difference(expected, found, operators is "Cast" or "CastLike");
                if (difference is not null)
                {
                    wrong.Add($"{Path.GetFileName(folder)} {way}: {difference}");
                    equal = false;
                }
            }
            catch (UnsupportedNodeException error)
            {
                reasons.Add(error.Message);
            }
        }

        if (!taken)
        {
            refused.Add((operators, reasons[0]));
        }
        else if (equal)
        {
            passed.Add(Path.GetFileName(folder));
        }
    }

    private static Constant Run(IEngine engine, ModelProto model, Constant[] inputs, Way way)
    {
        string output = model.Graph.Output[0].Name;
        GraphImport import = OnnxFile.Begin(model, output, new ExternalFiles(null), 1 << 24, keepsHead: true);
        string[] names = [.. model.Graph.Input.Select(input => input.Name).Where(name => !import.IsInitializer(name))];
        HostTensor? images = null;
        for (int i = 0; i < Math.Min(names.Length, inputs.Length); i++)
        {
            Constant input = inputs[i];
            if (way == Way.AllAreConstants || (way == Way.FirstIsImages && i > 0) || !input.IsFloat)
            {
                import.Define(names[i], GraphValue.Of(input));
                continue;
            }

            if (input.Shape.Rank == 0 || input.Count == 0 || (images is not null && input.Shape[0] != images.Shape[0]))
            {
                throw new UnsupportedNodeException("no images");
            }

            int[] axes = input.Shape.Axes[1..].ToArray();
            Layer layer = images is null
                ? import.AddSource("input", null, axes)
                : import.AddSource(names[i], new GivenOperation(input.Floats), axes, import.Layers[0]);
            images ??= input.Floats;
            import.Define(names[i], GraphValue.Of(layer, axes));
        }

        GraphValue value = import.Run(output);
        if (import.Unsupported is [var first, ..])
        {
            throw new UnsupportedNodeException(first.Reason);
        }

        if (value.Constant is { } constant)
        {
            return images is null || constant.IsFloat
                ? constant
                : new Constant(constant.Shape, Array.ConvertAll(constant.Integers, one => one == Constant.Batch ? images.Shape[0] : one));
        }

        var network = new Network("case", import.Layers, import.Layers[0]);
        var weights = new Weights(import.Layers.SelectMany(layer => layer.TensorNames.Zip(import.Tensors(layer), KeyValuePair.Create)));
        using ForwardPass pass = ForwardPass.RunStoringAll(engine, network, weights, images!);
        Tensor stored = pass[import.Layers[value.Layer!.Index]];
        Assert.Equal([images!.Shape[0], .. value.Stored], stored.Shape.Axes.ToArray());
        var result = new Constant(new HostTensor(stored.Shape, SmallNetworks.Download(engine, stored)));
        return value.Order is { } order ? Seen(result, order) : result;
    }

    private static Constant Seen(Constant stored, IReadOnlyList<int> order)
    {
        int[] axes = [0, .. order.Select(axis => axis + 1)];
        int[] steps =
            [.. axes.Select(axis => stored.Shape.Axes[(axis + 1)..].ToArray().Aggregate(1, (product, length) => product * length))];
        var shape = new Shape([.. axes.Select(axis => stored.Shape[axis])]);
        float[] values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            int rest = i, place = 0;
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                (rest, int index) = Math.DivRem(rest, shape[axis]);
                place += index * steps[axis];
            }

            values[i] = stored.Floats!.Values[place];
        }

        return new Constant(new HostTensor(shape, values));
    }

    private static string? Difference(Constant expected, Constant found, bool isRounded)
    {
        if (isRounded && expected.IsFloat != found.IsFloat)
        {
            throw new UnsupportedNodeException("numbers of 16 bits that the case writes as integers");
        }

        if (expected.Shape != found.Shape || expected.IsFloat != found.IsFloat)
        {
            return $"{found.Shape}, not {expected.Shape}";
        }

        if (!expected.IsFloat)
        {
            return expected.Integers.SequenceEqual(found.Integers!) ? null : "other integers";
        }

        double largest = 1, difference = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            if (float.IsNaN(expected.Floats.Values[i]) && float.IsNaN(found.Floats!.Values[i]))
            {
                continue;
            }

            largest = Math.Max(largest, Math.Abs(expected.Floats.Values[i]));
            difference = Math.Max(difference, Math.Abs(expected.Floats.Values[i] - (double)found.Floats!.Values[i]));
        }

        // Numbers of 16 bits are 32-bit floats here, and casts to them round nothing.
        return difference <= (isRounded ? 0.01 : 1e-5) * largest ? null : $"difference {difference:E2} of {largest:E2}";
    }

    /// <summary>A second input of a case as a layer.</summary>
    private sealed class GivenOperation(HostTensor value) : Operation
    {
        public override Tensor Forward(
            IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
            engine.Upload(value.Shape, value.Values);

        public override Tensor[] InputGradients(in BackwardStep step) => throw new NotSupportedException();
    }
}
