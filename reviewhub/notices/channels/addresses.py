"""Pure. To which addresses chat may connect: those of the public internet, however they are dressed up (T23)."""

import ipaddress

NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether `text`, an IP address as the resolver gives it, belongs to the public internet.

    Private, loopback, link-local, shared (CGNAT), multicast and reserved ones do not, nor do IPv6 addresses that carry
    an IPv4 address which does not, nor tunnels (6to4, Teredo) that end nobody knows where.
    """
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return False
    if address.version == 6:
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if address in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address.sixtofour or address.teredo or address.is_site_local or int(address) >> 32 == 0:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_loopback(text: str) -> bool:
    return text == "127.0.0.1"
