"""The same answers over HTTP: OpenAI's chat completions, Dateline's own routes, and MCP.

`add_api` puts all of it into a FastAPI application; nothing here knows of gradio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.api.questions import Questions
    from assistant.pipeline import Assistant

__all__ = ["add_api"]


def add_api(app: FastAPI, assistant: Assistant) -> Questions:
    """Add the API's routes, before anything is mounted at "/", which would hide them.

    Gives the way that all questions of the application are to take.

    `/mcp` is there where the package `mcp` is installed.
    """
    from importlib.util import find_spec

    from assistant.api.chat import chat_router
    from assistant.api.kept import KeptAnswers
    from assistant.api.library import library_router
    from assistant.api.measuring import Counting, Metrics, measuring_router
    from assistant.api.questions import Questions

    metrics = Metrics()
    questions = Questions(assistant, metrics)
    app.add_middleware(Counting, metrics=metrics)
    app.include_router(chat_router(questions, KeptAnswers()))
    app.include_router(library_router(assistant, questions))
    app.include_router(measuring_router(assistant, metrics))
    if find_spec("mcp") is not None:
        from assistant.api.mcp_tools import mcp_server, mount_mcp

        mount_mcp(app, mcp_server(assistant, questions))
    return questions
