"""The tools of the Model Context Protocol, with its own client: over HTTP and over stdio."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from assistant.pipeline import Assistant
from assistant.web.server import make_app
from tests.served import served

pytest_plugins = ["tests.sample_index"]

ROAD = "who controls the Ithriyah-Resafa road?"


async def uses_the_tools(client: Client) -> None:
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "search", "get_article"]
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)
    assert set(tools[0].input_schema["properties"]) > {"question", "since", "region", "tag"}

    asked = await client.call_tool("ask", {"question": ROAD, "region": "Syria"})
    answer: Any = asked.structured_content
    assert not asked.is_error
    assert "[1]" in asked.content[0].text
    cited = answer["citations"][0]
    article = await client.call_tool(
        "get_article", {"article_id": cited["article_id"], "revision": cited["revision"]}
    )
    text = article.structured_content["text"]
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert article.content[0].text == text

    found = await client.call_tool("search", {"question": ROAD})
    first = found.structured_content["passages"][0]
    assert first["rank"] == 1
    assert first["text"] in found.content[0].text

    for name, given, said in (
        ("ask", {"question": "?"}, "the question is empty"),
        ("ask", {"question": ROAD, "tag": "nonsense"}, "no tag 'nonsense' in this library"),
        ("get_article", {"article_id": "none"}, "no article 'none' in this library"),
    ):
        failed = await client.call_tool(name, given)
        assert failed.is_error
        assert failed.content[0].text.startswith(said)
        assert "\n" not in failed.content[0].text


def run(work: Callable[[Client], Awaitable[None]], server: Any) -> None:
    async def go() -> None:
        async with Client(server) as client:
            await work(client)

    asyncio.run(asyncio.wait_for(go(), 120))


def test_over_http_beside_the_chat(assistant: Assistant) -> None:
    with served(make_app(assistant)) as url:
        run(uses_the_tools, f"{url}/mcp")


def test_over_stdio(sample_index: Path, clean_environment: None) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", "--index", str(sample_index)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    run(uses_the_tools, stdio_client(server))


def test_without_the_package_it_says_what_to_install(
    sample_index: Path,
    clean_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from assistant.cli import main

    monkeypatch.setitem(sys.modules, "mcp.server", None)
    assert main(["mcp", "--index", str(sample_index)]) == 2
    assert "pip install 'dateline-assistant[mcp]'" in capsys.readouterr().err
