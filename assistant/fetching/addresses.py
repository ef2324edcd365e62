"""Which addresses may be fetched: of the web, and of machines that are everybody's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpx

from assistant.errors import FetchError, UsageError

Network = IPv4Network | IPv6Network

# What Python's `is_global` lets through, or calls by too general a name.
_SPECIAL = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("100.64.0.0/10", "shared (carrier-grade NAT)"),
        ("168.63.129.16/32", "a cloud's own"),
        ("192.0.0.0/24", "reserved"),
        ("3fff::/20", "reserved"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2002::/16", "6to4"),
        ("2001::/32", "Teredo"),
        ("fec0::/10", "site-local"),
    )
)
_USER = re.compile(r"(//)[^/?#]*@")
_LONGEST = 4096  # characters; more is no link to an article


def shown(address: str) -> str:
    """An address in one line, without a user or password.

    >>> shown("https://me:secret@news.example/a")
    'https://…@news.example/a'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in address).split())
    return _USER.sub(r"\1…@", line)[:_LONGEST]


def parse(text: str) -> httpx.URL:
    """The address in its normal form, without a fragment.

    Raises:
        FetchError: it is none, not of http or https, or has a user or password in it.
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError("is not an address") from error
    if url.scheme not in ("http", "https"):
        raise FetchError(f"is not of http or https but {url.scheme or 'of no scheme'}")
    if not url.host:
        raise FetchError("names no host")
    if len(text) > _LONGEST or (url.port is not None and not 0 < url.port < 65536):
        raise FetchError("is not an address that can be asked")
    if url.userinfo:
        raise FetchError("has a user or password in it, which are not sent")
    return url.copy_with(fragment=None)


def host_of(url: httpx.URL) -> IPv4Address | IPv6Address | None:
    """The number that stands in an address for its host; None where that is a name."""
    try:
        return ip_address(url.host)
    except ValueError:
        return None


def check_machine(number: str, allowed: Sequence[Network]) -> None:
    """Refuse the number of a machine that is not on the public internet.

    Raises:
        FetchError: it is private, loopback, link-local, multicast, reserved or the like, and in
            none of the networks that are allowed.
    """
    try:
        ip = ip_address(number)
    except ValueError as error:
        raise FetchError(f"leads to {shown(number)}, which is no internet address") from error
    if any(ip in network for network in allowed):
        return
    if kind := _kind(ip):
        raise FetchError(f"leads to {ip}, whose kind ({kind}) is not fetched from")


def _kind(ip: IPv4Address | IPv6Address) -> str:
    """What keeps an address off the public internet; "" where nothing does."""
    for network, kind in _SPECIAL:
        if ip in network:
            return kind
    traits = (
        (ip.is_unspecified, "unspecified"),
        (ip.is_loopback, "loopback"),
        (ip.is_link_local, "link-local"),
        (ip.is_multicast, "multicast"),
        (ip.is_reserved, "reserved"),
        (not ip.is_global, "private"),
    )
    return next((kind for holds, kind in traits if holds), "")


def networks_of(text: str) -> list[Network]:
    """The networks of a setting: numbers like `10.1.0.0/16`, with commas or spaces between.

    Raises:
        UsageError: one of them is none.
    """
    try:
        return [ip_network(part) for part in text.replace(",", " ").split()]
    except ValueError as error:
        raise UsageError(
            f"setting DATELINE_FETCH_ALLOW: {error}; give networks like 10.1.0.0/16"
        ) from error


def stem_of(url: httpx.URL) -> str:
    """A file's name without its ending, for the page at an address: host and digest.

    >>> stem_of(httpx.URL("https://news.example/../../etc/passwd"))
    'news.example-99470491a671635d'
    """
    host = re.sub(r"[^a-z0-9.-]", "_", url.host.lower()).strip(".-")[:80]
    return f"{host}-{hashlib.sha256(str(url).encode()).hexdigest()[:16]}"
