"""The reranker behind an endpoint: any that takes `POST .../rerank` as Cohere and Jina do.

vLLM, llama.cpp's server and others take the same form. Text Embeddings Inference wants `texts`
where they want `documents`, and sends the bare list: that is understood too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.errors import EndpointError
from assistant.models.failures import RERANKING, UNREADABLE, Names, failure_line, line
from assistant.models.llm import bare_address, endpoint_failures, usable_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.settings import Settings

_PATH = "/rerank"


class EndpointRerank(BaseNodePostprocessor):
    """Orders passages by what the endpoint's model makes of them beside the question.

    A passage is sent with its header: title, outlets, date. The key is held by the openai client
    alone: fields stand in `repr`s and in the events that LlamaIndex reports.

    Raises (when passages are ranked):
        EndpointError: the endpoint failed, or sent no ranking.
    """

    model: str
    api_base: str
    timeout: float
    names: ClassVar[Names] = RERANKING
    _client: Any = PrivateAttr()
    _sent_as: str = PrivateAttr("documents")

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows this class."""
        return "EndpointRerank"

    def scores(self, question: str, texts: Sequence[str]) -> dict[int, float]:
        """The relevance of each text to the question, by its place among them.

        Texts that the endpoint leaves out are left out. What a score means is the model's.

        Raises:
            EndpointError: the endpoint failed, or sent no ranking.
        """
        try:
            rows = _rows(self._ask(question, list(texts)))
        except endpoint_failures() as error:
            # `from None`: the client's own error can quote the key
            raise EndpointError(failure_line(error, self)) from None
        if not all(0 <= place < len(texts) for place in rows):
            raise EndpointError(line(UNREADABLE, self))
        return rows

    def _ask(self, question: str, texts: list[str]) -> object:
        from openai import BadRequestError, UnprocessableEntityError

        while True:
            sent_as = self._sent_as  # another thread may learn the server's word meanwhile
            body = {"query": question, sent_as: texts, "top_n": len(texts)}
            if self.model:
                body["model"] = self.model
            try:
                return self._client.post(_PATH, cast_to=object, body=body)
            except (BadRequestError, UnprocessableEntityError) as error:
                if sent_as == "texts" or "`texts`" not in str(error.body):
                    raise
                self._sent_as = "texts"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None or not nodes:
            return nodes
        texts = [scored.node.get_content(MetadataMode.EMBED) for scored in nodes]
        scores = self.scores(query_bundle.query_str, texts)
        best = sorted(scores, key=lambda place: -scores[place])
        return [NodeWithScore(node=nodes[place].node, score=scores[place]) for place in best]


def _rows(reply: object) -> dict[int, float]:
    """The scores of a reply by place; the errors of a malformed one are those of reading it."""
    rows: Any = reply["results"] if isinstance(reply, dict) else reply
    if not isinstance(rows, list) or not rows:
        raise ValueError("no list of results")
    found: dict[int, float] = {}
    for row in rows:
        score = row["relevance_score"] if "relevance_score" in row else row["score"]
        found.setdefault(int(row["index"]), float(score))
    return found


def load_endpoint_rerank(settings: Settings) -> EndpointRerank:
    """Build the reranker that the settings name. Nothing is sent yet.

    Raises:
        EndpointError: an address or key that cannot be one.
    """
    from openai import OpenAI, omit

    from assistant.models.deadline import PunctualClient, limits_of

    url = bare_address((settings.rerank_url or "").strip(), RERANKING)
    reranker = EndpointRerank(
        model=settings.rerank_model, api_base=url, timeout=settings.rerank_timeout
    )
    reranker._client = OpenAI(
        api_key=usable_key(settings.rerank_api_key, RERANKING.key),
        base_url=url.rstrip("/").removesuffix(_PATH),
        max_retries=settings.openai_retries,
        timeout=limits_of(settings.rerank_timeout),
        http_client=PunctualClient(settings.rerank_timeout),
        # What OpenAI's own client finds in the shell is for OpenAI.
        default_headers={"OpenAI-Organization": omit, "OpenAI-Project": omit},  # type: ignore[dict-item]  # the client takes it
    )
    return reranker
