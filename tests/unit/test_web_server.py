"""The chat's address and headers, without a browser."""

from __future__ import annotations

import socket

import pytest

from assistant.errors import UsageError
from assistant.web import server


def test_port_0_takes_a_free_one_and_the_address_can_be_typed() -> None:
    with server.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert server.address(listener) == f"http://127.0.0.1:{port}/"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_an_ipv6_address_is_bracketed() -> None:
    try:
        listener = server.listen("::1", 0)
    except UsageError:
        pytest.skip("no IPv6 loopback here")
    with listener:
        assert server.address(listener).startswith("http://[::1]:")


def test_a_taken_port_is_one_line_that_says_what_to_do() -> None:
    with server.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port} .*--port"):
            server.listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match=r"cannot listen on 203\.0\.113\.1:0"):
        server.listen("203.0.113.1", 0)
