namespace SanityChecks.RunFiles;

/// <summary>Where a run's numbers come from: <c>manifest.json</c>.</summary>
public sealed record Manifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Version of SanityChecks.</summary>
    public string Version { get; init; } = "";

    /// <summary>Commit that it was built from; null for a build outside a repository.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether every image has been scored and every file written.</summary>
    public bool Complete { get; init; }

    /// <summary>The experiment in its own words; null in what no experiment wrote.</summary>
    public ExperimentRecord? Experiment { get; init; }

    /// <summary>The methods, in the configuration's order.</summary>
    public IReadOnlyList<MethodRecord> Methods { get; init; } = [];

    /// <summary>What is recorded of each network beside the similarity of maps.</summary>
    public IReadOnlyList<MeasureRecord> Measures { get; init; } = [];

    /// <summary>The engine, and the instruction set or device that it used.</summary>
    public required EngineRecord Engine { get; init; }

    /// <summary>The experiment's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The weight file.</summary>
    public required FileRecord Weights { get; init; }

    /// <summary>The other files that the network was read from: tensors and graph of an ONNX file, the list of classes.</summary>
    public IReadOnlyList<FileRecord> WeightParts { get; init; } = [];

    /// <summary>How images became the network's input; null in what no experiment wrote.</summary>
    public PreprocessingRecord? Preprocessing { get; init; }

    /// <summary>WordNet ids of the synsets that the images are of, or names of folders or of classes of Shapes.</summary>
    public IReadOnlyList<string> Synsets { get; init; } = [];

    /// <summary>The classes that occur in the scores, as what an image shows or what is explained, by index; none of a network whose
    /// classes have no names. Known when all is scored.</summary>
    public IReadOnlyList<ClassRecord> Classes { get; init; } = [];

    /// <summary>The chosen images, in order.</summary>
    public required IReadOnlyList<FileRecord> Images { get; init; }

    /// <summary>The images that could not be used, and why.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; init; } = [];

    /// <summary>Versions of the libraries.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = new SortedDictionary<string, string>();

    /// <summary>The machine.</summary>
    public required MachineRecord Machine { get; init; }

    /// <summary>When each session of the run began, how long it took, and how many images it scored; a session that was killed is
    /// missing.</summary>
    public IReadOnlyList<SessionRecord> Sessions { get; init; } = [];

    /// <summary>The program that wrote it, for people.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="commit">Its commit, or null.</param>
    public static string ProgramOf(string version, string? commit) =>
        $"version {version}{(commit is null ? "" : $" ({commit[..Math.Min(10, commit.Length)]})")}";

    /// <summary>Reads a run folder's manifest; null where there is none or it cannot be read as one.</summary>
    public static Manifest? Read(string folder) => RecordFile.Read<Manifest>(Path.Combine(folder, FileName));

    /// <summary>Writes the manifest into a run folder.</summary>
    public void Write(string folder) => RecordFile.Write(Path.Combine(folder, FileName), this);
}

/// <summary>How images became the network's input.</summary>
/// <param name="Fit">crop, squash or as_is.</param>
/// <param name="Height">Rows; null for images that stayed as they were.</param>
/// <param name="Width">Pixels a row; as the height.</param>
/// <param name="Resize">To what length the shorter side was resized before the middle was cut out; null where nothing was.</param>
/// <param name="Range">What black and white were before the mean was taken off: 0..1, 0..255, or image for the image's own
/// extremes.</param>
/// <param name="Channels">rgb, bgr or gray.</param>
/// <param name="Mean">Of red, green and blue, or one value for all channels.</param>
/// <param name="Deviation">As the mean.</param>
public sealed record PreprocessingRecord(
    string Fit, int? Height, int? Width, int? Resize, string Range, string Channels, IReadOnlyList<float> Mean,
    IReadOnlyList<float> Deviation);

/// <summary>An attribution method as charts name it.</summary>
/// <param name="Id">What the column <c>method</c> says.</param>
/// <param name="Title">As the literature writes it.</param>
/// <param name="Family">What it has in common with others, as files are named; null in a run of an earlier version.</param>
/// <param name="FamilyTitle">The same for people.</param>
/// <param name="IsControl">Whether no network has a part in its maps.</param>
public sealed record MethodRecord(string Id, string Title, string? Family = null, string? FamilyTitle = null, bool IsControl = false);

/// <summary>An engine as the manifest names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Instruction set or device, and threads.</param>
/// <param name="Facts">Device, driver, versions and switches; null for an engine that has none.</param>
public sealed record EngineRecord(string Name, string Description, IReadOnlyDictionary<string, string>? Facts = null);

/// <summary>An input file.</summary>
/// <param name="Name">An image's id, or the weight file's name: never a folder of this machine.</param>
/// <param name="Sha256">Of its bytes, in lower-case hexadecimal.</param>
public sealed record FileRecord(string Name, string Sha256);

/// <summary>A class of the network.</summary>
/// <param name="Index">As the columns <c>label</c> and <c>target</c> name it: which logit it is, from 0.</param>
/// <param name="Name">For people.</param>
public sealed record ClassRecord(int Index, string Name);

/// <summary>An image that could not be used.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedImage(string Name, string Reason);

/// <summary>The machine of a run.</summary>
/// <param name="System">Operating system.</param>
/// <param name="Architecture">Of the process.</param>
/// <param name="Framework">.NET's version.</param>
/// <param name="Cores">Logical processors.</param>
public sealed record MachineRecord(string System, string Architecture, string Framework, int Cores);

/// <summary>One start of the program on a run folder.</summary>
/// <param name="Started">When, in UTC.</param>
/// <param name="Seconds">How long it took, loading the weights excepted.</param>
/// <param name="Images">How many images it scored, each once for each draw.</param>
public sealed record SessionRecord(DateTime Started, double Seconds, int Images);
