using SanityChecks.Images;
using SanityChecks.Images.Shapes;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Cli;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Images.Sources;

/// <summary>Boxes from ImageNet's XML files and from the table beside drawn pictures.</summary>
public sealed class AnnotationFileTests : IDisposable
{
    private const string Two = """
        <annotation>
          <folder>val</folder>
          <filename>ILSVRC2012_val_00000007</filename>
          <size><width>500</width><height>375</height><depth>3</depth></size>
          <object>
            <name>n02123045</name><pose>Unspecified</pose>
            <bndbox><xmin>0</xmin><ymin>23</ymin><xmax>399</xmax><ymax>374</ymax></bndbox>
          </object>
          <object><name>n02085936</name><bndbox><xmin>410</xmin><ymin>9</ymin><xmax>500</xmax><ymax>9</ymax></bndbox></object>
        </annotation>
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private ImageTruth Read(string xml, int width = 500, int height = 375)
    {
        File.WriteAllText(folder.Of("a.xml"), xml);
        return AnnotationFile.Read(folder.Of("a.xml"), (width, height));
    }

    [Fact]
    public void Every_object_has_its_class_and_its_box_with_its_last_pixels_within_the_picture()
    {
        ImageTruth truth = Read(Two);
        Assert.Equal((500, 375), (truth.Width, truth.Height));
        Assert.Equal(
            [new("n02123045", new PixelBox(0, 23, 400, 352), null), new("n02085936", new PixelBox(410, 9, 90, 1), null)],
            truth.Objects.ToArray());

        // Of a picture that was made smaller since, and of a file that states no size.
        Assert.Equal(new PixelBox(0, 11, 200, 177), Read(Two, 250, 188).Objects[0].Box);
        Assert.Equal(
            new PixelBox(0, 23, 400, 177),
            Read(Two.Replace("<width>500</width><height>375</height>", "<width>0</width>", StringComparison.Ordinal), 450, 200).Objects[0].Box);
        Assert.Empty(Read("<annotation/>").Objects);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><annotation>&x;</annotation>", "cannot be read as XML: For security reasons DTD is prohibited")]
    [InlineData("<annotation>", "cannot be read as XML: ")]
    [InlineData("<html/>", "1: expected <annotation>, as in ImageNet's files of boxes, not <html>")]
    [InlineData("<annotation><object/></annotation>", "1: <object> has no <bndbox>")]
    [InlineData("<annotation><object><name>a</name>\n<bndbox><xmin>1</xmin></bndbox></object></annotation>", "2: <bndbox> has no <xmax>")]
    [InlineData("<annotation><object><name>a</name><bndbox><xmin>x</xmin><xmax>3</xmax><ymin>1</ymin><ymax>2</ymax></bndbox></object></annotation>", "1: <xmin> is 'x'; it must be a number of pixels")]
    [InlineData("<annotation><object><name>a</name><bndbox><xmin>9</xmin><xmax>3</xmax><ymin>1</ymin><ymax>2</ymax></bndbox></object></annotation>", "1: xmin 9 to xmax 3 is no part of a picture of 500 x 375 pixels")]
    [InlineData("<annotation><object><name>a</name><bndbox><xmin>500</xmin><xmax>503</xmax><ymin>1</ymin><ymax>2</ymax></bndbox></object></annotation>", "1: xmin 500 to xmax 503 is no part of a picture of 500 x 375 pixels")]
    public void What_is_no_annotation_is_refused_with_its_place(string xml, string message)
    {
        string said = Assert.ThrowsAny<InputException>(() => Read(xml)).Message;
        Assert.StartsWith(folder.Of("a.xml"), said, StringComparison.Ordinal);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_found_by_the_picture_s_path_its_name_or_its_synset()
    {
        Directory.CreateDirectory(folder.Of("n01440764"));
        File.WriteAllText(folder.Of("n01440764", "n01440764_10026.xml"), Two);
        File.WriteAllText(folder.Of("b.xml"), Two);
        Assert.Equal(folder.Of("n01440764", "n01440764_10026.xml"), AnnotationFile.Find(folder.Path, "n01440764/n01440764_10026.JPEG"));
        Assert.Equal(folder.Of("n01440764", "n01440764_10026.xml"), AnnotationFile.Find(folder.Path, "n01440764_10026.JPEG"));
        Assert.Equal(folder.Of("b.xml"), AnnotationFile.Find(folder.Path, "n01440764/b.png"));
        Assert.Null(AnnotationFile.Find(folder.Path, "c.png"));
    }

    [Fact]
    public void Drawn_pictures_find_their_objects_in_the_table_beside_them_and_scenes_know_their_own()
    {
        string drawn = folder.Of("drawn");
        Assert.Equal(0, ProgramCall.Run("shapes", "--count", "2", "--size", "48", "--pairs", "--out", drawn).Code);
        ShapeScene scene = ShapeScenes.DrawPair(1, "study", 1, 48);
        var item = new ImageFileItem("a", Path.Combine(drawn, "images", "gear-ring", "00001.png"), null, null);
        Assert.True(item.HasTruth);
        ImageTruth truth = item.Truth()!;
        Assert.Equal(["gear", "ring"], truth.Objects.Select(one => one.Class));
        Assert.Equal(scene.Objects.Select(one => one.Box), truth.Objects.Select(one => one.Box));
        Assert.All(scene.Objects.Zip(truth.Objects), pair => Assert.Equal(pair.First.Mask, pair.Second.Mask));

        // The sheet lies beside the table, but is no scene.
        Assert.False(new ImageFileItem("b", Path.Combine(drawn, "sheet.png"), null, null).HasTruth);
        Assert.Null(new ImageFileItem("b", Path.Combine(drawn, "sheet.png"), null, null).Truth());
        File.Delete(Path.Combine(drawn, "masks", "gear-ring", "00001-ring.png"));
        Assert.Contains("the mask cannot be read", Assert.Throws<InputException>(() => item.Truth()).Message, StringComparison.Ordinal);

        ImageItem study = ImageSources.Select(
            new ImageSourceOptions { Source = ImageSource.Shapes, Synset = ["all"], Count = 3 }, 5).Images[2];
        Assert.True(study.HasTruth);
        Assert.Equal(ShapeScenes.Draw(5, "study", 2, 224).Objects[0].Mask, study.Truth()!.Objects.Single().Mask);
    }

    [Fact]
    public void Images_of_a_source_take_their_boxes_from_a_folder()
    {
        Directory.CreateDirectory(folder.Of("photos"));
        PngFile.Save(Pattern.Noise(500, 375, 1), folder.Of("photos", "a.png"));
        PngFile.Save(Pattern.Noise(40, 30, 2), folder.Of("photos", "b.png"));
        Directory.CreateDirectory(folder.Of("boxes"));
        File.WriteAllText(folder.Of("boxes", "a.xml"), Two);
        var options = new ImageSourceOptions { Source = ImageSource.Folder, Root = folder.Of("photos"), Annotations = folder.Of("boxes") };
        IReadOnlyList<ImageItem> images = ImageSources.Select(options, 1).Images;
        Assert.Equal([true, false], images.Select(image => image.HasTruth));
        Assert.Equal(2, images[0].Truth()!.Objects.Count);
        Assert.Null(images[1].Truth());
        Assert.Contains(
            "images.annotations: there is no folder 'nowhere'",
            Assert.Throws<InputException>(() => ImageSources.Select(options with { Annotations = "nowhere" }, 1)).Message,
            StringComparison.Ordinal);
    }
}
