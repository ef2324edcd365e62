"""Steps of the work as spans of LlamaIndex's instrumentation, beside those of its own parts.

Whoever listens there (`traces`, or any handler that somebody adds) sees ours and LlamaIndex's as
one tree. Nobody listening, a step costs some microseconds.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span import active_span_id

Values = dict[str, str | int | float | bool]

_dispatcher = get_dispatcher("assistant")
# The arguments of a call are what LlamaIndex would show: questions and texts. These are none.
_NO_ARGUMENTS = inspect.signature(lambda: None).bind()


@contextmanager
def step(name: str, **values: str | int | float | bool) -> Iterator[Values]:
    """Around one step; what is put into the values, then or on the way, is shown with it.

    Names and numbers only: never a question, a text, an address or a key.
    """
    id_ = f"{name}-{uuid4()}"
    parent = active_span_id.get()
    active_span_id.set(id_)
    _dispatcher.span_enter(id_, _NO_ARGUMENTS, parent_id=parent, tags=values)
    try:
        yield values
    except BaseException as error:
        _dispatcher.span_drop(id_, _NO_ARGUMENTS, err=error)
        raise
    else:
        _dispatcher.span_exit(id_, _NO_ARGUMENTS)
    finally:
        # Not by its token: a generator may be closed in another context than it was begun in.
        active_span_id.set(parent)
