using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Images.Sources;

/// <summary>Ranks in these tests were computed with Python's hashlib.</summary>
public sealed class ImageSourcesTests : IDisposable
{
    private const string Maltese = "n02085936", Tabby = "n02123045", Accordion = "n02672831";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private void Touch(params string[] files)
    {
        foreach (string file in files)
        {
            folder.Write(file, "");
        }
    }

    private static string[] Validation(string prefix = "") =>
        [.. Enumerable.Range(1, 6).Select(i => $"{prefix}ILSVRC2012_val_0000000{i}.JPEG")];

    private ImageSourceOptions ImageNet(params string[] synset) => new()
    {
        Source = ImageSource.Imagenet,
        Root = folder.Path,
        Synset = synset,
    };

    private ImageSourceOptions Plain => new() { Source = ImageSource.Folder, Root = folder.Path };

    [Fact]
    public void Folders_of_a_plain_folder_are_chosen_by_their_names()
    {
        Touch("cat/1.png", "cat/more/2.png", "living room/3.png", "n02123045/4.png", "5.png");
        ImageSelection all = ImageSources.Select(Plain, 1);
        Assert.Equal(["5.png", "cat/1.png", "cat/more/2.png", "living room/3.png", "n02123045/4.png"], Ids(all));
        Assert.Equal(["cat", "living room", "n02123045"], all.Folders);
        Assert.Equal(all.Folders, ImageSources.FoldersIn(folder.Path));
        Assert.Empty(ImageSources.FoldersIn(folder.Of("none")));
        Assert.Empty(all.Synsets);
        ImageSelection some = ImageSources.Select(Plain with { Synset = ["Living_Room", "CAT"] }, 1);
        Assert.Equal(["cat/1.png", "cat/more/2.png", "living room/3.png"], Ids(some));
        Assert.Equal(["cat", "living room"], some.Synsets);
        Assert.Equal(all.Folders, some.Folders);
        Assert.Equal(["n02123045/4.png"], Ids(ImageSources.Select(Plain with { Synset = ["tabby"] }, 1)));
        Assert.Equal(
            $"images.synset: 'car' is none of the 3 folders with images in '{folder.Path}' (cat, living room, n02123045); did you mean 'cat'?",
            Refused(Plain with { Synset = ["car"] }));
    }

    private static string[] Ids(ImageSelection selection) => [.. selection.Images.Select(image => image.Id)];

    private static string Refused(ImageSourceOptions options, ulong seed = 1) =>
        Assert.Throws<InputException>(() => ImageSources.Select(options, seed)).Message;

    [Theory]
    [InlineData(1, "a.jpg", 8352268652413859448)]
    [InlineData(1, "n02085936", 16444054197223077917)]
    public void The_rank_of_a_name_is_the_head_of_its_seeded_hash(ulong seed, string name, ulong rank) =>
        Assert.Equal(rank, SeededChoice.Rank(seed, name));

    [Theory]
    [InlineData(1, "n10565667", "26867 37561 42874")]
    [InlineData(2, "n10565667", "00529 11208 48689")]
    [InlineData(7, "n02787622", "18667 22234 49293")]
    [InlineData(ulong.MaxValue, "n10565667", "20796 38871 40033")]
    public void A_seed_chooses_the_same_synset_and_images_everywhere(ulong seed, string synset, string numbers)
    {
        string root = SharedFolder.PathOrSkip("data/imagenet-val");
        ImageSelection selection = ImageSources.Select(new() { Source = ImageSource.Imagenet, Root = root, Count = 3 }, seed);
        Assert.Equal([synset], selection.Synsets);
        Assert.Equal(numbers.Split(' ').Select(number => $"{synset}/ILSVRC2012_val_000{number}.JPEG"), Ids(selection));
        Assert.All(selection.Images, image => Assert.True(File.Exists(image.Place)));
        Assert.Empty(selection.Warnings);
    }

    [Fact]
    public void A_folder_per_synset_gives_labels_and_readable_ids()
    {
        Touch($"{Tabby}/b.JPEG", $"{Tabby}/a.JPEG", $"{Maltese}/c.JPEG", "n99999999/d.JPEG", "tiger_cat/e.JPEG", "notes/f.JPEG");
        ImageSelection selection = ImageSources.Select(ImageNet("all"), 1);
        Assert.Equal([$"{Maltese}/c.JPEG", $"{Tabby}/a.JPEG", $"{Tabby}/b.JPEG", "n99999999/d.JPEG", "tiger_cat/e.JPEG"], Ids(selection));
        Assert.Equal([153, 281, 281, null, 282], selection.Images.Select(image => image.Label));
        Assert.Equal([Maltese, Tabby, Tabby, "n99999999", "n02123159"], selection.Images.Select(image => image.Wnid));

        Assert.Equal([$"{Tabby}/a.JPEG", $"{Tabby}/b.JPEG"], Ids(ImageSources.Select(ImageNet("Tabby cat"), 1)));
        Assert.Equal([$"{Maltese}/c.JPEG", "n99999999/d.JPEG"], Ids(ImageSources.Select(ImageNet("n99999999", Maltese, "153"), 1)));
    }

    [Fact]
    public void A_random_synset_passes_over_empty_folders()
    {
        // Seed 1 ranks tabby first, then accordion, then Maltese.
        Touch($"{Maltese}/1.JPEG", $"{Accordion}/1.JPEG", $"{Tabby}/1.JPEG");
        Assert.Equal([Tabby], ImageSources.Select(ImageNet("random"), 1).Synsets);
        File.Delete(folder.Of(Tabby, "1.JPEG"));
        Assert.Equal([Accordion], ImageSources.Select(ImageNet("random"), 1).Synsets);
    }

    [Fact]
    public void A_flat_folder_gives_the_same_images_as_a_folder_per_synset()
    {
        Touch(Validation("flat/val/"));
        Touch(Validation($"sorted/{Tabby}/"));
        folder.Write("flat/LOC_val_solution.csv", "ImageId,PredictionString\n"
            + string.Concat(
                Validation().Select(file => $"{Path.GetFileNameWithoutExtension(file)},{Tabby} 111 108 472 389 {Tabby} 1 2 3 4 \n")));

        ImageSelection flat = ImageSources.Select(ImageNet("random") with { Root = folder.Of("flat", "val"), Count = 2 }, 1);
        ImageSelection sorted = ImageSources.Select(ImageNet("random") with { Root = folder.Of("sorted"), Count = 2 }, 1);
        Assert.Equal(["ILSVRC2012_val_00000002.JPEG", "ILSVRC2012_val_00000003.JPEG"], Ids(flat));
        Assert.Equal(Ids(flat).Select(id => $"{Tabby}/{id}"), Ids(sorted));
        Assert.All(flat.Images, image => Assert.Equal((281, Tabby), (image.Label, image.Wnid)));
    }

    [Theory]
    [InlineData("\"ImageId\",\"PredictionString\"\r\n\"ILSVRC2012_val_00000004\",\"n02123045 1 2 3 4\"\r\n")]
    [InlineData("\ufeffImageId,PredictionString\nILSVRC2012_val_00000004 , n02123045 1 2 3 4 n02123045 5 6 7 8\n\n")]
    [InlineData("\"ILSVRC2012_val_00000004\",n02123045 1 2 3 4")]
    public void The_solution_is_read_as_csv(string text)
    {
        Touch(Validation());
        string solution = folder.Write("elsewhere/solution.csv", text);
        Assert.Equal(["ILSVRC2012_val_00000004.JPEG"], Ids(ImageSources.Select(ImageNet("tabby") with { Solution = solution }, 1)));
    }

    [Fact]
    public void Images_that_the_solution_does_not_name_are_left_out_with_a_warning()
    {
        Touch(Validation());
        string solution = folder.Write("elsewhere/solution.csv", $"ILSVRC2012_val_00000004,{Tabby} 1 2 3 4\n");
        ImageSelection selection = ImageSources.Select(ImageNet("tabby") with { Solution = solution }, 1);
        Assert.Equal(["ILSVRC2012_val_00000004.JPEG"], Ids(selection));
        Assert.Contains("5 of the 6 images", Assert.Single(selection.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_folder_without_its_synsets_says_what_is_missing()
    {
        Touch(Validation("val/"));
        ImageSourceOptions options = ImageNet("random") with { Root = folder.Of("val") };
        Assert.Contains(
            "neither a folder per synset nor a solution file; put Kaggle's LOC_val_solution.csv", Refused(options),
            StringComparison.Ordinal);
        folder.Write("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "490\n361\n");
        string message = Refused(options);
        Assert.Contains("the devkit's own ILSVRC ids, whose synsets stand in meta.mat alone", message, StringComparison.Ordinal);
        Assert.Contains("LOC_val_solution.csv", message, StringComparison.Ordinal);
        Assert.Contains(
            "images.solution: there is no file 'none.csv'", Refused(options with { Solution = "none.csv" }), StringComparison.Ordinal);
        string bad = folder.Write("bad.csv", "ImageId,PredictionString\nILSVRC2012_val_00000001,490\n");
        Assert.StartsWith($"{bad}, line 2:", Refused(options with { Solution = bad }), StringComparison.Ordinal);
        string other = folder.Write("other.csv", $"x,{Tabby} 1 2 3 4\n");
        Assert.Contains("none of the 6 images", Refused(options with { Solution = other }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("taby", "did you mean 'tabby'")]
    [InlineData("n02123046", "did you mean 'n02123045'")]
    [InlineData("accordion", "is not among the 2 synsets")]
    [InlineData("crane", "names several ImageNet classes")]
    public void A_synset_that_is_not_there_is_answered_with_those_that_are(string synset, string part)
    {
        Touch($"{Tabby}/a.JPEG", $"{Maltese}/c.JPEG");
        string message = Refused(ImageNet(synset));
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Contains($"'{synset}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_images_than_the_count_are_all_taken_with_a_warning()
    {
        Touch($"{Tabby}/b.JPEG", $"{Tabby}/a.JPEG");
        ImageSelection selection = ImageSources.Select(ImageNet("tabby") with { Count = 50 }, 1);
        Assert.Equal(2, selection.Images.Count);
        Assert.Equal($"50 images of {Tabby} were asked for, but only 2 are there; all are taken", Assert.Single(selection.Warnings));
        Assert.Empty(ImageSources.Select(ImageNet("tabby") with { Count = 2 }, 1).Warnings);
    }

    [Fact]
    public void A_larger_count_keeps_what_a_smaller_one_took()
    {
        Touch(Validation($"{Tabby}/"));
        string[] previous = [];
        for (int count = 1; count <= 6; count++)
        {
            string[] now = Ids(ImageSources.Select(ImageNet("tabby") with { Count = count }, 1));
            Assert.Equal(count, now.Length);
            Assert.Subset(now.ToHashSet(), previous.ToHashSet());
            Assert.Equal(now.Order(StringComparer.Ordinal), now);
            previous = now;
        }
    }

    [Fact]
    public void A_folder_gives_every_image_by_extension_or_content_in_ordinal_order()
    {
        Touch("b.JPG", "B.jpeg", "a/z.PnG", "a/deep/er/y.jpg", "notes.txt", "._b.jpg", ".hidden/x.jpg", $"{Tabby}/1.png", "short");
        folder.Write("no-extension", [0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]);
        folder.Write("picture.dat", [0x89, .. "PNG\r\n\u001a\n"u8]);
        ImageSelection selection = ImageSources.Select(Plain, 1);
        Assert.Equal(["B.jpeg", "a/deep/er/y.jpg", "a/z.PnG", "b.JPG", $"{Tabby}/1.png", "no-extension", "picture.dat"], Ids(selection));
        Assert.Equal([null, null, null, null, 281, null, null], selection.Images.Select(image => image.Label));
    }

    [Fact]
    public void A_folder_with_a_count_ranks_by_relative_path()
    {
        Touch("a/1.jpg", "a/2.jpg", "b/1.jpg", "c.png");
        Assert.Equal(["b/1.jpg", "c.png"], Ids(ImageSources.Select(Plain with { Count = 2 }, 1)));
    }

    [Fact]
    public void A_file_is_taken_once_by_the_name_of_the_place_where_it_is()
    {
        Touch("a/1.jpg", "b/2.jpg", "z/3.jpg");
        Link("a/loop", folder.Path);
        Link("a/again", folder.Of("a"));
        Link("aa", folder.Of("b"));
        Link("b/0.jpg", folder.Of("z", "3.jpg"));
        Link("outside", Directory.CreateDirectory(folder.Of("..", Path.GetFileName(folder.Path) + "-other")).FullName);
        File.WriteAllBytes(folder.Of("outside", "4.jpg"), []);
        try
        {
            ImageSelection selection = ImageSources.Select(Plain, 1);

            Assert.Equal(["a/1.jpg", "b/2.jpg", "outside/4.jpg", "z/3.jpg"], Ids(selection));
            Assert.Equal(
                [$"1 name(s) in '{folder.Path}' lead to images that are there by another name, left out: b/0.jpg"], selection.Warnings);
        }
        finally
        {
            Directory.Delete(folder.Path + "-other", recursive: true);
        }
    }

    [Fact]
    public void A_root_that_is_reached_through_a_link_is_not_entered_again()
    {
        Touch("real/a/1.jpg");
        Link("linked", folder.Of("real"));
        Link("real/a/up", "..");

        Assert.Equal(["a/1.jpg"], Ids(ImageSources.Select(Plain with { Root = folder.Of("linked") }, 1)));
    }

    [Fact]
    public void A_link_up_gives_a_synset_no_images_of_others()
    {
        Touch($"{Tabby}/a.JPEG", $"{Maltese}/c.JPEG");
        Link($"{Tabby}/up", "..");
        Link($"{Tabby}/other.JPEG", $"../{Maltese}/c.JPEG");

        ImageSelection selection = ImageSources.Select(ImageNet("all"), 1);

        Assert.Equal([$"{Maltese}/c.JPEG", $"{Tabby}/a.JPEG"], Ids(selection));
        Assert.Equal(
            [$"1 image(s) in '{folder.Path}' are linked to from the folder of another synset too, and count once, for the first"],
            selection.Warnings);
    }

    private void Link(string name, string target)
    {
        try
        {
            // Whether the target is a folder matters on Windows alone.
            if (Directory.Exists(Path.GetFullPath(target, Path.GetDirectoryName(folder.Of(name))!)))
            {
                Directory.CreateSymbolicLink(folder.Of(name), target);
            }
            else
            {
                File.CreateSymbolicLink(folder.Of(name), target);
            }
        }
        catch (IOException)
        {
            Assert.Skip("this account may not make links");
        }
    }

    [Fact]
    public void A_synset_folder_given_by_itself_labels_its_images()
    {
        Touch($"{Tabby}/a.JPEG");
        Assert.Equal(281, Assert.Single(ImageSources.Select(Plain with { Root = folder.Of(Tabby) }, 1).Images).Label);
    }

    [Fact]
    public void A_missing_or_empty_root_says_where_it_looked_and_which_key_sets_it()
    {
        string absent = folder.Of("absent");
        Assert.Equal($"images.root: the folder '{absent}' does not exist (looked for {absent}); set images.root in the configuration or with --set images.root=FOLDER", Refused(Plain with { Root = absent }));
        Assert.Contains("give the folder", Refused(Plain with { Root = null }), StringComparison.Ordinal);
        Assert.Contains("is a file, not a folder", Refused(Plain with { Root = folder.Write("file", "") }), StringComparison.Ordinal);
        Assert.Contains("there are no images", Refused(Plain), StringComparison.Ordinal);
        Assert.Contains("neither folders named by synset", Refused(ImageNet("random")), StringComparison.Ordinal);
        Directory.CreateDirectory(folder.Of(Tabby));
        Assert.Contains("hold no images", Refused(ImageNet("random")), StringComparison.Ordinal);
        Assert.Contains("no images of the synset", Refused(ImageNet("tabby")), StringComparison.Ordinal);
        Assert.Contains("images.count: 0", Refused(Plain with { Count = 0 }), StringComparison.Ordinal);
        Assert.Contains("the list is empty", Refused(ImageNet()), StringComparison.Ordinal);
    }
}
