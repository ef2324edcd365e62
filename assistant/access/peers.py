"""Addresses: whether somebody sits at this machine, and a proxy that says who asks."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers

from assistant.access.callers import Caller, Scope, is_user_name
from assistant.errors import UsageError

Network = IPv4Network | IPv6Network

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Headers that only a proxy has reason to send."""


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own; `::ffff:127.0.0.1` is, a name is not.

    >>> is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("x")
    (True, True, False, False)
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def listens_on_loopback(host: str) -> bool:
    """Whether to listen on a host, by its name or address, is to listen on loopback alone."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except OSError:
        return False  # listening there will fail, and say why
    return all(is_loopback(str(one[4][0])) for one in found)


def is_loopback_host(host: str) -> bool:
    """Whether a `Host` header names this machine, as a page of another site's cannot make it.

    >>> is_loopback_host("localhost:7860"), is_loopback_host("[::1]:80")
    (True, True)
    >>> is_loopback_host("news.example"), is_loopback_host("")
    (False, False)
    """
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower() == "localhost" or is_loopback(name)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A reverse proxy: what it says of a request is believed.

    Where it logs people in, `header` is where it names the user; else it is empty.
    """

    header: str
    networks: tuple[Network, ...]
    managers: frozenset[str]

    def sent(self, peer: str) -> bool:
        """Whether a peer is the proxy."""
        try:
            found = ip_address(peer)
        except ValueError:
            return False
        address = (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
        return any(address in network for network in self.networks)

    def user(self, headers: Headers) -> str | None:
        """The user that the proxy names; None where it names none, several, or no name."""
        values = headers.getlist(self.header)
        if len(values) != 1:  # a proxy that adds its header to a forged one is set up wrongly
            return None
        try:
            name = values[0].encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return None
        return name if is_user_name(name) else None

    def caller(self, name: str) -> Caller:
        """A user of the proxy, who may ask, and manage where the settings say so."""
        also = {Scope.MANAGE} if name in self.managers else set()
        return Caller(name, frozenset({Scope.ASK} | also))


def proxy_of(header: str, networks: str, managers: str) -> Proxy | None:
    """The proxy of the settings; None where none is set.

    Raises:
        UsageError: a header without networks, or what is no network.
    """
    if header and not networks:
        raise UsageError(
            "set DATELINE_PROXY_FROM beside DATELINE_PROXY_HEADER: the addresses of the proxy, "
            "such as 127.0.0.1; from others the header is not believed"
        )
    if not networks:
        return None
    names = frozenset(_parts(managers))
    return Proxy(header, tuple(_network(part) for part in _parts(networks)), names)


def _parts(listed: str) -> Sequence[str]:
    return [part.strip() for part in listed.split(",") if part.strip()]


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise UsageError(
            f"setting DATELINE_PROXY_FROM: {text!r} is no address or network; give such as "
            "127.0.0.1 or 10.1.0.0/16, with commas between them"
        ) from error
