using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.RunFiles;
using SanityChecks.Training;

namespace SanityChecks.Tests.Training;

public sealed class FolderTrainingSetTests : IDisposable
{
    private static readonly Augmentation None = new(false, 1);

    private readonly PictureFolder pictures = new();

    public void Dispose() => pictures.Dispose();

    [Fact]
    public void Classes_are_the_folders_in_ordinal_order()
    {
        (FolderTrainingSet training, FolderTrainingSet validation) = FolderTrainingSet.Load(pictures.Root, 1, 0.3, None);
        Assert.Equal(PictureFolder.Classes, training.Classes);
        Assert.Equal(PictureFolder.Classes, validation.Classes);
    }

    [Theory]
    [InlineData(0.3, 9)]
    [InlineData(9, 9)]
    [InlineData(0.001, 3)]
    [InlineData(1000, 27)]
    public void Each_class_gives_its_share_of_files_and_no_file_is_in_both(double validation, int expected)
    {
        (FolderTrainingSet training, FolderTrainingSet kept) = FolderTrainingSet.Load(pictures.Root, 1, validation, None);
        Assert.Equal(expected, kept.Count);
        Assert.Equal(30, training.Files.Concat(kept.Files).Distinct().Count());
        Assert.All(kept.Files.CountBy(file => file.Split('/')[0]), one => Assert.Equal(expected / 3, one.Value));
    }

    [Fact]
    public void The_choice_depends_on_the_seed_and_the_names_alone()
    {
        string[] chosen = Kept(1);
        Assert.Equal(chosen, Kept(1));
        Assert.NotEqual(chosen, Kept(2));

        // Half of eleven stays five of the same ten, unless the new one is chosen.
        File.Copy(Path.Combine(pictures.Root, "lime", "00.png"), Path.Combine(pictures.Root, "lime", "new.png"));
        Assert.InRange(Kept(1).Except(chosen).Count(), 0, 1);

        string[] Kept(ulong seed) => [.. FolderTrainingSet.Load(pictures.Root, seed, 0.5, None).Validation.Files];
    }

    [Fact]
    public void Each_round_takes_every_file_once_in_an_order_of_its_own()
    {
        (FolderTrainingSet training, _) = FolderTrainingSet.Load(pictures.Root, 1, 0.3, None);
        string[][] rounds =
            [.. Enumerable.Range(0, 3).Select(round => Enumerable.Range(0, 21).Select(i => Bytes(training, (round * 21) + i)).ToArray())];
        Assert.All(rounds, round => Assert.Equal(21, round.Distinct().Count()));
        Assert.Equal(rounds[0].ToHashSet(), rounds[1].ToHashSet());
        Assert.NotEqual(rounds[0], rounds[1]);
        Assert.NotEqual(rounds[1], rounds[2]);
    }

    [Fact]
    public void An_index_gives_the_same_picture_whatever_was_asked_before_and_from_any_thread()
    {
        FolderTrainingSet Load() => FolderTrainingSet.Load(pictures.Root, 1, 0.3, new Augmentation(true, 0.3)).Training;
        FolderTrainingSet one = Load(), other = Load();
        string[] forwards = [.. Enumerable.Range(0, 84).Select(i => Bytes(one, i))];
        string[] backwards = [.. Enumerable.Range(0, 84).Reverse().AsParallel().AsOrdered().Select(i => Bytes(other, i))];
        Assert.Equal(forwards, backwards.Reverse());
    }

    [Fact]
    public void Pictures_carry_the_label_of_their_folder_and_the_size_that_is_asked_for()
    {
        (FolderTrainingSet training, FolderTrainingSet validation) = FolderTrainingSet.Load(
            pictures.Root, 1, 0.3, new Augmentation(true, 0.2));
        foreach (TrainingSet set in new TrainingSet[] { training, validation })
        {
            for (int i = 0; i < 9; i++)
            {
                Example example = set.Draw(i, 32 + i);
                Assert.Equal((32 + i, 32 + i), (example.Image.Width, example.Image.Height));
                double[] means =
                    [.. Enumerable.Range(0, 3).Select(c => example.Image.Pixels.Where((_, k) => k % 3 == c).Average(value => value))];
                Assert.Equal(example.Label, Array.IndexOf(means, means.Max()));
            }
        }
    }

    [Fact]
    public void Without_variation_a_picture_is_its_middle_and_with_flips_half_are_mirrored()
    {
        RgbImage picture = PictureFolder.Picture(0, 3), middle = Augmentation.Middle(picture, 32);
        Assert.Equal(middle.Pixels, BilinearResize.ResizeShorterSideAndCrop(picture, 37, 32).Pixels);
        var stream = new RandomStream(1, 0, "x");
        Assert.Equal(middle.Pixels, None.Apply(picture, 32, stream, 5).Pixels);
        RgbImage[] drawn = [.. Enumerable.Range(0, 200).Select(i => new Augmentation(true, 1).Apply(picture, 32, stream, i))];
        RgbImage[] mirrored = [.. drawn.Where(image => !image.Pixels.SequenceEqual(middle.Pixels))];
        Assert.InRange(mirrored.Length, 75, 125);
        Assert.All(
            mirrored, image =>
                Assert.Equal(middle.Pixels.Chunk(96).SelectMany(row => row.Chunk(3).Reverse().SelectMany(pixel => pixel)), image.Pixels));
    }

    [Fact]
    public void Cuts_lie_within_the_picture_and_have_the_areas_that_are_asked_for()
    {
        // Red tells the column and green the row, so that a corner pixel tells where the cut lies.
        var ramp = new RgbImage(
            200, 100, [.. Enumerable.Range(0, 20000).SelectMany(i => new byte[] { (byte)(i % 200), (byte)(i / 200), 0 })]);
        var stream = new RandomStream(1, 0, "x");
        var areas = new List<double>();
        for (int i = 0; i < 100; i++)
        {
            byte[] pixels = new Augmentation(false, 0.25).Apply(ramp, 40, stream, i).Pixels;
            double width = (pixels[3 * 39] - pixels[0]) * 40 / 39.0, height = (pixels[(3 * 1560) + 1] - pixels[1]) * 40 / 39.0;
            areas.Add(width * height / 20000);
        }

        Assert.InRange(areas.Min(), 0.2, 0.4);
        Assert.InRange(areas.Max(), 0.55, 1.05);
    }

    [Fact]
    public void The_identity_tells_of_another_file_or_seed()
    {
        string Identity(ulong seed) => FolderTrainingSet.Load(pictures.Root, seed, 0.3, None).Training.Identity;
        string before = Identity(1);
        Assert.Equal(before, Identity(1));
        Assert.NotEqual(before, Identity(2));
        File.Delete(
            Path.Combine(
                pictures.Root, "lime", FolderTrainingSet.Load(pictures.Root, 1, 0.3, None).Training.Files.Last()["lime/".Length..]));
        Assert.NotEqual(before, Identity(1));
    }

    [Fact]
    public void A_folder_that_cannot_be_trained_on_is_refused_with_what_it_needs()
    {
        Assert.Contains("does not exist (looked for ", Refused("no/such/folder"), StringComparison.Ordinal);
        Assert.Contains("has 0 folder(s) with images", Refused(Path.Combine(pictures.Root, "lime")), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(pictures.Root, "pear"));
        Assert.Equal(3, FolderTrainingSet.Load(pictures.Root, 1, 0.3, None).Training.Classes.Count);
        File.Copy(Path.Combine(pictures.Root, "lime", "00.png"), Path.Combine(pictures.Root, "pear", "only.png"));
        Assert.Contains("the class 'pear'", Refused(pictures.Root), StringComparison.Ordinal);
        Directory.Move(Path.Combine(pictures.Root, "lime"), Path.Combine(pictures.Root, "lime, green"));
        Directory.Delete(Path.Combine(pictures.Root, "pear"), recursive: true);
        Assert.Contains("the class 'lime, green'", Refused(pictures.Root), StringComparison.Ordinal);
        Directory.Move(Path.Combine(pictures.Root, "lime, green"), Path.Combine(pictures.Root, "lime"));
        string other = Path.GetFileName(
            Directory.EnumerateDirectories(pictures.Root).First(one => !one.EndsWith("lime", StringComparison.Ordinal)));
        File.CreateSymbolicLink(Path.Combine(pictures.Root, other, "zz.png"), Path.Combine(pictures.Root, "lime", "00.png"));
        Assert.Contains("are the same file; a picture has one class", Refused(pictures.Root), StringComparison.Ordinal);

        static string Refused(string root) => Assert.Throws<InputException>(() => FolderTrainingSet.Load(root, 1, 0.3, None)).Message;
    }

    [Fact]
    public void A_file_that_is_no_picture_is_named()
    {
        (FolderTrainingSet training, _) = FolderTrainingSet.Load(pictures.Root, 1, 0.3, None);
        string broken = Path.Combine(pictures.Root, training.Files.First());
        File.WriteAllText(broken, "no picture");
        Assert.Contains(
            broken, Assert.Throws<InputException>(() => Enumerable.Range(0, 21).Select(i => training.Draw(i, 32)).ToArray()).Message,
            StringComparison.Ordinal);
    }

    private static string Bytes(TrainingSet set, long index) => Convert.ToHexString(set.Draw(index, 32).Image.Pixels);
}
