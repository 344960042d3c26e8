using System.Net;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Images.Sources;

public class ImageUrlTests
{
    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("/data/a/photo.jpg")]
    [InlineData("C:\\photos\\a.jpg")]
    [InlineData("a b://c.png")]
    [InlineData("://a.png")]
    public void A_path_is_no_address(string path) => Assert.Null(ImageUrl.Parse(path));

    [Theory]
    [InlineData("ftp://host/a.png", "Images are read from files and over http and https, not over ftp.")]
    [InlineData("FILE:///etc/passwd", "Images are read from files and over http and https, not over file.")]
    [InlineData("http://", "An image's http address cannot be understood: it is not of the form http://host/path.")]
    [InlineData("https://me:secret@host/a.png?key=x", "The address https://host/a.png?... holds a user's name or a password, which would end up in files and logs; leave them out.")]
    [InlineData("https://token@host/a.png", "The address https://host/a.png holds a user's name or a password, which would end up in files and logs; leave them out.")]
    public void Other_addresses_are_refused_and_no_secret_repeated(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => ImageUrl.Parse(text)).Message);

    [Theory]
    [InlineData("https://host/a/dog.jpg", "dog", "https://host/a/dog.jpg")]
    [InlineData("HTTPS://Host:8443/a/dog.tar.jpg?key=secret#part", "dog.tar", "https://host:8443/a/dog.tar.jpg?...")]
    [InlineData("https://host/", "image", "https://host/")]
    [InlineData("https://host/a/..%2f..%2fetc%2fpasswd", "passwd", "https://host/a/..%2f..%2fetc%2fpasswd")]
    [InlineData("https://host/%2e%2e%5c%2e%2e%5cevil.png", "evil", "https://host/..%5c..%5cevil.png")]
    [InlineData("https://host/...png", "image", "https://host/...png")]
    [InlineData("https://host/a%00b%3Ac.png", "a-b-c", "https://host/a%00b%3ac.png")]
    public void Files_are_named_by_the_last_part_of_the_path(string text, string stem, string shown)
    {
        Uri url = ImageUrl.Parse(text)!;
        Assert.Equal(stem, ImageUrl.Stem(url));
        Assert.Equal(shown, ImageUrl.Shown(url), ignoreCase: true);
    }

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(
        120, ImageUrl.Stem(new Uri($"https://host/{new string('x', 300)}.png")).Length);

    [Theory]
    [InlineData("0.0.0.0", "of this machine")]
    [InlineData("127.8.9.1", "of this machine")]
    [InlineData("::", "of this machine")]
    [InlineData("::1", "of this machine")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.168.3.4", "private")]
    [InlineData("100.64.0.1", "private")]
    [InlineData("fc00::1", "private")]
    [InlineData("fdff::1", "private")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("fe80::1%3", "link-local")]
    [InlineData("224.0.0.1", "of many machines")]
    [InlineData("255.255.255.255", "of many machines")]
    [InlineData("ff02::1", "of many machines")]
    [InlineData("192.0.2.1", "reserved")]
    [InlineData("198.18.0.1", "reserved")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("2001:db8::1", "reserved")]
    [InlineData("2002:7f00:1::", "reserved")]
    [InlineData("2001:0:1::1", "reserved")]
    [InlineData("::127.0.0.1", "reserved")]
    [InlineData("::ffff:10.0.0.1", "private")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("64:ff9b::192.168.0.1", "private")]
    [InlineData("64:ff9b::8.8.8.8", null)]
    [InlineData("::ffff:8.8.8.8", null)]
    [InlineData("8.8.8.8", null)]
    [InlineData("172.15.255.255", null)]
    [InlineData("172.32.0.0", null)]
    [InlineData("100.128.0.0", null)]
    [InlineData("223.255.255.255", null)]
    [InlineData("2606:4700::1111", null)]
    public void Addresses_that_no_public_server_has_are_told(string address, string? kind) =>
        Assert.Equal(kind, PrivateAddress.KindOf(IPAddress.Parse(address)));
}
