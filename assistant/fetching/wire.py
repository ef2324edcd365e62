"""One request to one machine: its name is looked up once, checked, and kept to.

httpcore is used without a client around it: it follows no redirect, keeps no cookie and knows no
proxy. The name that an address holds is looked up here, every machine it leads to is checked, and
the connection goes to one of those very machines; `Host`, TLS's server name and the certificate's
name stay those of the address. So a name that leads elsewhere at a second look-up gains nothing.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore
import httpx

from assistant.errors import FetchError
from assistant.fetching.addresses import Network, check_machine, host_of, shown

Resolver = Callable[[str, int], list[str]]
"""From a name and a port to the numbers of the machines that it leads to."""

_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent; the body of status 200 only, unpacked."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


def system_resolver(name: str, port: int) -> list[str]:
    """Look a name up as the system does.

    Raises:
        OSError, UnicodeError: it leads nowhere, or is none.
    """
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Wire:
    """Sends requests to machines that may be asked."""

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context(cafile=certifi.where())

    def get(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        *,
        seconds: float,
        most: int,
        admit: Callable[[httpx.Headers], None],
    ) -> Reply:
        """Ask for one page: `seconds` for all of it, `most` bytes, packed and unpacked.

        `admit` sees the headers of a reply of status 200 before its body is read.

        Raises:
            FetchError: the machine may not be asked, does not answer in time or as it should, or
                the reply is too large or refused by `admit`.
        """
        ends = time.monotonic() + seconds
        pool = httpcore.ConnectionPool(
            ssl_context=self._tls,
            network_backend=_Guarded(lambda port: self._machines(url, port), ends),
            max_keepalive_connections=0,
        )
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        sent = [(b"Host", url.netloc), *((n.encode(), v.encode()) for n, v in headers.items())]
        try:
            with pool, pool.stream("GET", target, headers=sent) as response:
                got = httpx.Headers(response.headers)
                if response.status != 200:
                    return Reply(response.status, got)
                admit(got)
                return Reply(200, got, _read(response.iter_stream(), got, most))
        except httpcore.TimeoutException as error:
            raise FetchError("takes too long to answer") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(f"cannot be reached: {shown(str(error)) or 'cut off'}") from error

    def _machines(self, url: httpx.URL, port: int) -> list[str]:
        """The machines an address leads to, each of which may be asked."""
        number = host_of(url)
        try:
            machines = [str(number)] if number else self._resolve(url.host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"cannot be reached: no machine has the name {url.host}") from error
        if not machines:
            raise FetchError(f"cannot be reached: no machine has the name {url.host}")
        for machine in machines:
            check_machine(machine, self._allowed)
        return machines


class _Guarded(httpcore.NetworkBackend):
    """Connects to the machines that `find` gives, whatever name httpcore asks for."""

    def __init__(self, find: Callable[[int], list[str]], ends: float) -> None:
        self._find = find
        self._ends = ends
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the machines that takes the connection."""
        failed: httpcore.NetworkError | httpcore.TimeoutException = httpcore.ConnectError()
        for machine in self._find(port):
            seconds = min(_CONNECT_SECONDS, _left(self._ends))
            try:
                stream = self._plain.connect_tcp(machine, port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Punctual(stream, self._ends)
        raise failed


class _Punctual(httpcore.NetworkStream):
    """A connection that ends at a time, however steadily bytes trickle in."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._ends))
        return _Punctual(stream, self._ends)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # httpcore's own
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _read(chunks: Iterable[bytes], headers: httpx.Headers, most: int) -> bytes:
    """The body, unpacked; refused at the first byte that is too many, packed or unpacked."""
    too_large = FetchError(f"is larger than the {most:,} bytes that are read")
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"is packed as {shown(packing)[:40]}, which was not asked for")
    if headers.get("content-length", "").isdecimal() and int(headers["content-length"]) > most:
        raise too_large
    unpacker = zlib.decompressobj(wbits=31) if "gzip" in packing else None
    body, seen = bytearray(), 0
    for chunk in chunks:
        seen += len(chunk)
        try:
            body += unpacker.decompress(chunk, most + 1 - len(body)) if unpacker else chunk
        except zlib.error as error:
            raise FetchError("is packed as gzip, but damaged") from error
        if max(seen, len(body)) > most:
            raise too_large
    if unpacker and not unpacker.eof:
        raise FetchError("is packed as gzip, but cut off")
    return bytes(body)
