"""Typed settings from the environment (`DATELINE_*`, and the openai client's own names).

Building them opens nothing, creates nothing and sets nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import UsageError
from assistant.types import WriterName

_PLAIN = {
    "bool_parsing": "give 1 (on) or 0 (off)",
    "string_pattern_mismatch": "give local, auto, HOST:PORT or ray://HOST:PORT",
}
"""What is said in the place of pydantic's words; one setting alone has a pattern."""


class Settings(BaseSettings):
    """Everything that can be set. Each field is `DATELINE_<NAME>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="DATELINE_",
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    index: Path = Field(Path("indexes/default"), description="folder of the index")
    runs: Path | None = Field(
        None, description="folder of kept runs of `evaluate`; without it, the index's folder"
    )
    writer: WriterName = Field("quote", description="who writes answers: quote or openai")
    host: str = Field("127.0.0.1", description="address the chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="port the chat listens on")

    users_file: Path | None = Field(
        None, description="file of users and tokens that may log in; `assistant users` writes it"
    )
    session_hours: float = Field(
        12.0, gt=0, le=8760, description="hours after which a user logs in again"
    )
    proxy_header: str = Field(
        "", description="header in which a reverse proxy names the user it has logged in"
    )
    proxy_from: str = Field("", description="addresses of that proxy, such as 127.0.0.1")
    proxy_managers: str = Field("", description="users of that proxy who may manage, not only ask")
    rate: str = Field(
        "120/minute", description="requests a user has, such as 2/second or 60/minute"
    )
    open_requests: int = Field(32, ge=1, description="requests a user may have open at once")
    max_body: int = Field(1_000_000, ge=1, description="bytes of a request's body")
    max_upload: int = Field(64_000_000, ge=1, description="bytes of one that brings articles")
    receive_timeout: float = Field(
        30.0, gt=0, description="seconds without a byte after which a request is given up"
    )
    answers_at_once: int = Field(4, ge=1, description="answers worked on at the same time")
    queue: int = Field(64, ge=0, description="questions that may wait for their turn")
    answer_timeout: float = Field(180.0, gt=0, description="seconds that an answer has")
    grace: float = Field(
        30.0, ge=0, description="seconds that running answers have to end when the server stops"
    )

    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="form of log lines: json, text, or auto (text on a terminal)"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="what is logged: debug, info, warning or error, and what is above it"
    )
    log_questions: bool = Field(False, description="whether questions stand in the log")

    catalogue_url: SecretStr | None = Field(
        None, description="PostgreSQL database for the catalogue; without it, the index's folder"
    )
    chats_url: SecretStr | None = Field(
        None, description="PostgreSQL database for kept chats; without it, the index's folder"
    )
    chats_per_user: int = Field(2_000, ge=1, description="chats kept of a user")
    turns_per_chat: int = Field(200, ge=1, description="questions kept of a chat")
    chroma_url: str | None = Field(
        None,
        repr=False,  # refused where it is used if it holds a secret, but not before
        description="Chroma server for the vectors; without it, the index's folder",
    )
    chroma_token: SecretStr | None = Field(None, description="token of that server")
    chroma_tenant: str = Field("default_tenant", min_length=1, description="tenant on that server")
    chroma_database: str = Field(
        "default_database", min_length=1, description="database of that tenant"
    )
    chroma_timeout: float = Field(30.0, gt=0, description="seconds to wait for that server")
    index_name: str | None = Field(
        None, description="the index's name on these engines; without it, its folder's name"
    )
    threads: int = Field(0, ge=0, le=256, description="threads of the models; 0: one a core")

    embedder: Literal["minilm", "openai"] = Field(
        "minilm", description="minilm (built in) or openai (any compatible endpoint)"
    )
    embedder_model: str = Field(
        "text-embedding-3-small", description="model name for the openai embedder"
    )

    ray: str = Field(
        "",
        pattern=r"^(local|auto|(ray://)?[^/@\s]+:\d+)?$",
        description="where indexing embeds: local (a Ray started here), auto or an address "
        "(a cluster that runs); empty: in this process",
    )
    ray_workers: int = Field(
        0, ge=0, le=10_000, description="workers there; 0: as many as it has processors for"
    )
    embedder_runtime: Literal["onnxruntime", "openvino"] = Field(
        "onnxruntime", description="what runs the minilm embedder; openvino is a package of its own"
    )
    embedding_cache: Path | None = Field(
        None, description="folder of embeddings that indexes share; without it, each keeps its own"
    )

    reader: bool = Field(True, description="whether the built-in reader judges sentences")

    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATELINE_OPENAI_API_KEY", "OPENAI_API_KEY"),
        description="key of the endpoint; used only by the openai writer or embedder",
    )
    openai_base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("DATELINE_OPENAI_BASE_URL", "OPENAI_BASE_URL"),
        repr=False,  # refused where it is used if it holds a secret, but not before
        description="address of an OpenAI-compatible endpoint",
    )
    openai_model: str = Field("gpt-4o-mini", description="model name for the openai writer")
    openai_timeout: float = Field(60.0, gt=0, description="seconds to wait for the endpoint")
    openai_retries: int = Field(2, ge=0, description="retries on 429 and 5xx")

    rerank_url: str | None = Field(
        None,
        repr=False,
        description="address of an endpoint that ranks passages; without it, none is asked",
    )
    rerank_model: str = Field("", description="model name for that endpoint, where it wants one")
    rerank_api_key: SecretStr | None = Field(None, description="key of that endpoint")
    rerank_timeout: float = Field(10.0, gt=0, description="seconds to wait for that endpoint")

    fetch_agent: str | None = Field(
        None, description="what `fetch` calls itself; without it, Dateline/VERSION"
    )
    fetch_allow: str = Field(
        "", description="networks that are not public but may be fetched from, such as 10.1.0.0/16"
    )
    fetch_delay: float = Field(
        1.0, ge=0, le=60, description="seconds between two requests to a host, at least"
    )
    fetch_timeout: float = Field(30.0, gt=0, description="seconds that one page has")

    split: Literal["rules", "model"] = Field(
        "rules",
        description="who takes a compound question apart: rules, or the openai writer's model",
    )
    passages: int = Field(10, ge=1, le=100, description="passages of evidence an answer gets")
    passages_per_article: int = Field(
        3, ge=1, description="passages one article may have among them"
    )
    dense_weight: float = Field(
        0.5, ge=0, description="weight of the embedder beside BM25 for a short question"
    )
    max_statements: int = Field(3, ge=1, description="statements an answer has at most")
    max_quote_words: int = Field(60, ge=10, description="words a quote has at most")
    abstain_below: float = Field(
        0.5, ge=0, le=1, description="confidence under which the quote writer abstains"
    )
    model_abstain_below: float = Field(
        0.3, ge=0, le=1, description="confidence under which no model is asked; 0: it always is"
    )


def load_settings(**overrides: object) -> Settings:
    """The settings of this process.

    Raises:
        UsageError: a value in the environment or in `overrides` is not usable.
    """
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        where = "_".join(str(part) for part in first["loc"]).upper()
        plain = where.startswith("DATELINE_") or where in ("OPENAI_API_KEY", "OPENAI_BASE_URL")
        name = where if plain else f"DATELINE_{where}"
        raise UsageError(f"setting {name}: {_PLAIN.get(first['type'], first['msg'])}") from error
