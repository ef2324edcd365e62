"""A web server on loopback that answers as it is told, and notes what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2021-03-04"></head><body><article>
<h1>{title}</h1><p>{words}</p><p>The works began on Monday and are to last a week.</p>
</article></body></html>"""

Serve = Callable[[BaseHTTPRequestHandler], None]


def page(title: str = "Dam closed", words: str = "Engineers closed the upper gate.") -> str:
    return PAGE.format(title=title, words=words)


def send(
    body: str | bytes = b"",
    kind: str = "text/html; charset=utf-8",
    status: int = 200,
    headers: Mapping[str, str] = {},
) -> Serve:
    """Answer with this."""
    data = body.encode() if isinstance(body, str) else body

    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            **headers,
        }.items():
            if value:
                request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    return serve


def redirect(target: str, status: int = 302) -> Serve:
    return send(status=status, headers={"Location": target})


@dataclass
class Site:
    """The pages by their path; a list is served in turn, its last one again and again."""

    port: int = 0
    pages: dict[str, Serve | list[Serve]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def at(self, path: str, host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def headers(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self.asked if asked == path]


@contextmanager
def running(tls: ssl.SSLContext | None = None, number: str = "127.0.0.1") -> Iterator[Site]:
    """A site while it runs.

    Raises:
        OSError: this machine has no such number.
    """
    site, lock = Site(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
                site.asked.append((self.path, dict(self.headers.items())))
                serve = site.pages.get(self.path, send(status=404))
                if isinstance(serve, list):
                    serve = serve.pop(0) if len(serve) > 1 else serve[0]
            try:
                serve(self)
            except OSError:  # whoever asked has had enough
                self.close_connection = True
            finally:
                with lock:
                    site.at_once -= 1

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in number else socket.AF_INET

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a handshake that the other side broke off

    server = Server((number, 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
