using System.Net;
using System.Net.Sockets;

namespace SanityChecks.Images.Sources;

/// <summary>Addresses that no public server has: this machine, its networks, groups of machines, and what is set aside for other
/// uses.</summary>
/// <remarks>By IANA's registries of special-purpose addresses. Where an address of version 6 stands for one of version 4, that one
/// counts.</remarks>
public static class PrivateAddress
{
    private static readonly (IPNetwork Network, string Kind)[] Special =
    [
        .. Kinds("of this machine", "0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128"),
        .. Kinds("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
        .. Kinds("link-local", "169.254.0.0/16", "fe80::/10"),
        .. Kinds("of many machines", "224.0.0.0/4", "ff00::/8", "255.255.255.255/32"),
    ];

    private static readonly IPNetwork[] Reserved = Networks(
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "2001::/23",
        "2001:db8::/32", "2002::/16", "3fff::/20");

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3"), Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What keeps an address from being a public one, as the end of <c>the address is ...</c>; null for a public one.</summary>
    /// <param name="address">Of version 4 or 6.</param>
    public static string? KindOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress meant = Meant(address);
        (IPNetwork Network, string Kind) special = Special.FirstOrDefault(one => one.Network.Contains(meant));
        bool reserved = Reserved.Any(one => one.Contains(meant))
            || (meant.AddressFamily == AddressFamily.InterNetworkV6 && !Global.Contains(meant));
        return special.Kind ?? (reserved ? "reserved" : null);
    }

    private static IPAddress Meant(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : Translated.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..])
        : address;

    private static IEnumerable<(IPNetwork Network, string Kind)> Kinds(string kind, params string[] networks) =>
        Networks(networks).Select(network => (network, kind));

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(network => IPNetwork.Parse(network))];
}
