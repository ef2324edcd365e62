"""Every error that Dateline raises on purpose.

    DatelineError                  something a reader can mend; its text is one line
    ├── UsageError                 a bad question, date, option or path            (exit 2)
    │   └── CaseError              a line of a question file is not a case
    ├── ArticleError               a file cannot be read as articles: quarantined
    ├── FetchError                 a page is not fetched: reported as refused
    ├── LibraryError
    │   ├── IndexNotFoundError     no index in that folder
    │   ├── IndexMismatchError     built with another embedder, chunking or schema
    │   ├── IndexLockedError       another process is writing
    │   ├── IndexDamagedError      a store cannot be read
    │   ├── EngineError            a server that holds a store cannot be used
    │   └── ArticleNotFoundError   no such article, or no such revision of it
    ├── ChatError                  what is kept of chats cannot be read or written
    │   ├── ChatNotFoundError      no such chat or turn of theirs
    │   └── ChatLimitError         as much is kept of theirs as may be
    ├── RunError                   what is kept of an evaluation's run cannot be read or written
    │   └── RunNotFoundError       no such run
    ├── ModelError
    │   ├── ModelFileError         a model file is missing or altered
    │   ├── EndpointError          the language model's endpoint failed
    │   └── ClusterError           the Ray cluster cannot be used, or is lost
    ├── PromptError                a prompt file is missing or malformed
    ├── BusyError                  more is asked than can be answered now
    │   └── StoppingError          the server is about to stop, and takes no question
    └── AnswerTimeoutError         an answer took longer than it has

`str(error)` says what is wrong and what to do, in one line.
"""

from __future__ import annotations


class DatelineError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(DatelineError):
    """Bad input: the question, a date, an option or a path."""

    exit_code = 2


class CaseError(UsageError):
    """A line of a question file is not a case of the contract's form."""


class ArticleError(DatelineError):
    """A file cannot be read as articles; indexing quarantines it with this reason."""


class FetchError(DatelineError):
    """A page is not fetched; the text goes on from its address ("is ...", "leads to ...")."""


class LibraryError(DatelineError):
    """The stored collection cannot do what was asked."""


class IndexNotFoundError(LibraryError):
    """There is no index in that folder."""


class IndexMismatchError(LibraryError):
    """The index was built with another embedder, chunking or schema."""


class IndexLockedError(LibraryError):
    """Another process is writing to the index."""


class IndexDamagedError(LibraryError):
    """A store of the index cannot be read."""


class EngineError(LibraryError):
    """A server that holds a store of the index is away, or refuses; the index is as it was."""


class ArticleNotFoundError(LibraryError):
    """No such article, or no such revision of it."""


class ChatError(DatelineError):
    """What is kept of chats cannot be read or written; questions are answered all the same."""


class ChatNotFoundError(ChatError):
    """No such chat, or no such turn, or it is somebody else's."""


class ChatLimitError(ChatError):
    """As many chats of theirs, or turns of the chat, are kept as may be."""


class RunError(DatelineError):
    """What is kept of an evaluation's run cannot be read or written."""


class RunNotFoundError(RunError):
    """No such run."""


class ModelError(DatelineError):
    """A model cannot be used."""


class ModelFileError(ModelError):
    """A model file is missing or altered."""


class EndpointError(ModelError):
    """The language model's endpoint failed; the text says how, without the key."""


class ClusterError(ModelError):
    """The Ray cluster that embeds cannot be reached or used, or is lost."""


class PromptError(DatelineError):
    """A prompt file is missing, malformed, or was rendered without a variable it needs."""


class BusyError(DatelineError):
    """More is asked than can be answered now (HTTP 429)."""

    retry_after = 5
    """Seconds after which asking again makes sense."""


class StoppingError(BusyError):
    """The server is about to stop: running answers end, new ones are not begun (HTTP 503)."""


class AnswerTimeoutError(DatelineError):
    """An answer took longer than it has (HTTP 504)."""
