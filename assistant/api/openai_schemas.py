"""What goes to and fro over `/v1`, in the form of OpenAI's chat completions."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.schemas import AnswerIn, AnswerOut, FiltersIn, Sent


class ModelOut(Sent):
    """One of the names that a chat completion can ask for."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(Sent):
    """Those names."""

    object: Literal["list"]
    data: list[ModelOut]


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str | None = None


class MessageIn(BaseModel):
    """A message of a conversation; `dateline` is the field of that name as it was received."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None
    dateline: AnswerIn | None = None

    def words(self) -> str:
        """Its text."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "\n".join(part.text or "" for part in self.content)


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool | None = False


class ChatIn(BaseModel):
    """A chat completion request, as OpenAI's clients send it; what is not named is not read."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[MessageIn] = Field(min_length=1, max_length=1_000)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(None, description="one answer is all there is")
    dateline: FiltersIn | None = Field(None, description="what the question is narrowed to")


class MessageOut(Sent):
    """The reply, and the same as data."""

    role: Literal["assistant"]
    content: str
    refusal: None
    dateline: AnswerOut


class ChoiceOut(Sent):
    """The one reply."""

    index: Literal[0]
    message: MessageOut
    finish_reason: Literal["stop"]
    logprobs: None


class UsageOut(Sent):
    """Tokens of the model that wrote; 0 where none was asked."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatOut(Sent):
    """A chat completion, as OpenAI's clients read it."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceOut]
    usage: UsageOut
