"""Question to evidence, over a library and over a closed set, with the real parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import MetadataMode, NodeWithScore, TextNode
from numpy.typing import NDArray

from assistant.errors import IndexNotFoundError, UsageError
from assistant.indexing import index_paths
from assistant.library import ClosedSet, Collection, FileChange, Library, analyze
from assistant.library.admitted import AdmittedKept
from assistant.models import EmbedderInfo
from assistant.models.minilm import MiniLMEmbedding
from assistant.passages import split_passages
from assistant.pipeline import Assistant
from assistant.retrieval import HybridRetriever, expand, spellings
from assistant.retrieval.plan import fuse, interleave
from assistant.settings import Settings
from assistant.types import Article, Evidence, Filters
from tests.newsroom import write_article

Embed = Callable[[list[str]], NDArray[np.float32]]
Ask = Callable[..., list[Evidence]]

ARTICLES = [
    Article(
        "resafa",
        "The brigade retook the Ithriyah-Resafa road on Friday. Mines were cleared by dusk.",
        title="Road retaken",
        source="Orontes Dispatch",
        published=date(2017, 6, 23),
    ),
    Article(
        "idlib",
        "Markets in Idlib were shut after the shelling. Bakers sold bread from cellars.",
        title="Idlib markets shut",
        source="Khabur Bulletin",
        published=date(2017, 6, 25),
    ),
    Article(
        "dam",
        "Engineers closed the sluices of the Tarn dam. The valley below was evacuated.",
        title="Sluices closed",
        source="Orontes Dispatch",
        publisher="Commons Digest",
        published=date(2017, 7, 2),
    ),
    Article(
        "undated",
        "Shepherds moved their flocks to the western hills. Rain is expected there.",
        title="Flocks move",
        source="Hill Echo",
    ),
    Article(
        "long",
        "\n\n".join(
            f"The council of district {n} met on market day. " + "It heard many reports. " * 50
            for n in range(12)
        ),
        title="Councils meet",
        source="Hill Echo",
        published=date(2017, 6, 30),
    ),
]


@pytest.fixture(scope="module")
def embed(embedder: MiniLMEmbedding) -> Embed:
    """The embedder, which does not embed a text twice."""
    known: dict[str, NDArray[np.float32]] = {}

    def run(texts: list[str]) -> NDArray[np.float32]:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, embedder.embed(fresh), strict=True))
        return np.stack([known[text] for text in texts])

    return run


@pytest.fixture(scope="module")
def stored(
    tmp_path_factory: pytest.TempPathFactory, minilm: EmbedderInfo, embed: Embed
) -> Iterator[Library]:
    """A library of the articles; nothing is written to it."""
    library = Library.create(tmp_path_factory.mktemp("stored"), minilm)
    changes = [
        FileChange(f"/{a.id}", "/", "", write=[(a, split_passages(a))], keep=[a.id])
        for a in ARTICLES
    ]
    with library.writing() as writer:
        writer.apply(changes)
        list(writer.embed_pending(embed))
    yield library
    library.close()


@pytest.fixture(scope="module")
def closed(embed: Embed) -> ClosedSet:
    return ClosedSet(ARTICLES, embed)


@pytest.fixture(params=["stored", "closed"])
def collection(request: pytest.FixtureRequest) -> Collection:
    """The same articles, stored and at hand."""
    found: Collection = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def ask(collection: Collection, embedder: MiniLMEmbedding) -> Ask:
    def run(
        question: str, filters: Filters | None = None, cited: tuple[str, ...] = (), **set_: int
    ) -> list[Evidence]:
        return HybridRetriever(collection, embedder, Settings(**set_), filters).evidence(
            question, cited
        )

    return run


class TestEvidence:
    def test_is_ranked_from_one_and_slices_back(self, ask: Ask) -> None:
        found = ask("Who retook the road to Resafa?")
        assert found[0].article.id == "resafa"
        assert [e.rank for e in found] == list(range(1, len(found) + 1))
        assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
        assert {e.score_kind for e in found} == {"rrf"}
        for e in found:
            assert e.article.text[e.passage.start : e.passage.end] == e.passage.text
            assert e.article == next(a for a in ARTICLES if a.id == e.article.id)

    def test_has_ten_passages_where_there_are_ten(self, ask: Ask) -> None:
        for question in ("Resafa", "What did the council hear?", "xyzzy plugh"):
            assert len(ask(question)) == 10
        assert len(ask("Resafa", passages=3)) == 3

    def test_one_article_has_three_passages_while_others_are_left(self, ask: Ask) -> None:
        ids = [e.article.id for e in ask("What did the district council hear on market day?")]
        assert ids.count("long") > 3  # there are no others left for the last places
        assert len(set(ids[:7])) == 5
        four = [e.article.id for e in ask("district council market day", passages=4)]
        assert four.count("long") == 3

    def test_the_header_is_searched_and_not_part_of_the_text(self, ask: Ask) -> None:
        found = ask("Commons Digest")
        assert found[0].article.id == "dam"
        assert "Commons" not in found[0].passage.text
        assert ask("Khabur, 25 June")[0].article.id == "idlib"

    def test_another_spelling_is_found_and_another_town_is_not(
        self, ask: Ask, collection: Collection
    ) -> None:
        assert ask("Ithriya-Rusafa")[0].article.id == "resafa"
        assert expand(collection, analyze("Ithriya-Rusafa")) == ["ithriyah", "resafa"]
        assert expand(collection, analyze("Irbil")) == ["irbil"]
        assert expand(collection, analyze("Idlib")) == ["idlib"]
        assert expand(collection, analyze("bredd")) == ["bread"]

    def test_a_question_of_nothing_but_stop_words(self, ask: Ask) -> None:
        assert len(ask("what is the?")) == 10  # by meaning alone

    def test_questions_that_hold_odd_characters(self, ask: Ask) -> None:
        for question in ('"unclosed AND (', "a:b*~^[", "\ud800 Resafa", "军队", "x" * 5000):
            assert len(ask(question)) == 10

    def test_cited_passages_are_ranked_along(self, ask: Ask, collection: Collection) -> None:
        cited = split_passages(ARTICLES[3])[0].id
        question = "When was that, in the district council?"
        plain = {e.passage.id: e.rank for e in ask(question)}
        along = {e.passage.id: e.rank for e in ask(question, cited=(cited,))}
        assert along[cited] < plain[cited]
        gone = ask(question, cited=("removed@0:0-9",))
        assert [e.passage.id for e in gone] == list(plain)


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "ids"),
        [
            (Filters(since=date(2017, 6, 25)), {"idlib", "dam", "long"}),
            (Filters(until=date(2017, 6, 25)), {"resafa", "idlib"}),
            (Filters(date(2017, 6, 24), date(2017, 6, 26)), {"idlib"}),
            (Filters(source="ORONTES dispatch "), {"resafa", "dam"}),
            (Filters(source="Commons Digest"), {"dam"}),
            (Filters(since=date(2017, 7, 1), source="Hill Echo"), set()),
            (Filters(since=date(2020, 1, 1)), set()),
            (Filters(source="Nobody"), set()),
        ],
    )
    def test_leave_just_what_passes(self, ask: Ask, filters: Filters, ids: set[str]) -> None:
        assert {e.article.id for e in ask("What happened at the dam?", filters)} == ids

    def test_hold_for_cited_passages_too(self, ask: Ask) -> None:
        cited = split_passages(ARTICLES[0])[0].id
        found = ask("and since when?", Filters(since=date(2017, 7, 1)), (cited,))
        assert {e.article.id for e in found} == {"dam"}


class TestSearches:
    def test_library_and_closed_set_rank_alike(
        self, stored: Library, closed: ClosedSet, embedder: MiniLMEmbedding
    ) -> None:
        for question in ("Who retook the road?", "bread in Idlib", "What did the council hear?"):
            for filters in (Filters(), Filters(since=date(2017, 6, 24))):
                one, other = (
                    HybridRetriever(c, embedder, Settings(), filters).evidence(question)
                    for c in (stored, closed)
                )
                assert [(e.passage.id, e.score) for e in one[:5]] == [
                    (e.passage.id, pytest.approx(e.score)) for e in other[:5]
                ]
                assert {e.passage for e in one[:5]} == {e.passage for e in other[:5]}

    def test_narrow_filters_reach_what_ranks_low(
        self, library: Library, embed: Embed, tmp_path: Path
    ) -> None:
        """More is fetched until enough passes."""
        for number in range(60):
            write_article(
                tmp_path / "n", f"{number}.md", f"The dam held in week {number}.", source="A"
            )
        write_article(
            tmp_path / "n", "last.md", "Some dam. " + "Sheep graze here. " * 40, source="B"
        )
        index_paths(library, embed, [tmp_path / "n"])
        hits = library.search_words(["dam"], 2, Filters(source="B"))
        assert [i.split("@")[0] for i, _ in hits] == ["last"]
        vector = embed(["The dam held."])[0].tolist()
        assert len(library.search_vectors(vector, 2, Filters(source="B"))) == 1
        assert len(library.search_words(["dam"], 100, Filters())) == 61

    def test_many_passages_pass_the_filter(
        self, stored: Library, embed: Embed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Some are told to Chroma, of many it is asked for more; the result is the same."""
        vector = embed(["What did the council hear?"])[0].tolist()
        filters = Filters(source="Hill Echo")
        exact = stored.search_vectors(vector, 3, filters)
        among = stored.search_words(["council", "report"], 3, filters)
        monkeypatch.setattr(stored.vectors, "rows", None)
        for bound in ("FEW", "SOME"):
            monkeypatch.setattr(stored, "_filtered", AdmittedKept())
            monkeypatch.setattr(f"assistant.library.admitted.{bound}", 1)
            fetched = stored.search_vectors(vector, 3, filters)
            assert [i for i, _ in fetched] == [i for i, _ in exact]
        assert [i for i, _ in among] == [
            i
            for i, _ in stored.search_words(["council", "report"], 10_000, Filters())
            if stored.passages([i])[i][1].source == "Hill Echo"
        ][:3]

    def test_a_filter_sees_what_was_committed_since(
        self, library: Library, embed: Embed, tmp_path: Path
    ) -> None:
        vector = embed(["The dam held."])[0].tolist()
        within = Filters(source="A")

        def found() -> list[set[str]]:
            words = library.search_words(["dam"], 5, within)
            near = library.search_vectors(vector, 5, within)
            return [{i.split("@")[0] for i, _ in hits} for hits in (words, near)]

        assert found() == [set(), set()]
        for name in ("a", "b"):
            write_article(tmp_path / "n", f"{name}.md", f"The dam held, says {name}.", source="A")
            index_paths(library, embed, [tmp_path / "n"])
            assert all(name in ids for ids in found())
        with library.writing() as writer:
            writer.remove(["a"])
        assert found() == [{"b"}, {"b"}]

    def test_a_spelling_that_was_committed_since_is_known(
        self, library: Library, embed: Embed, tmp_path: Path
    ) -> None:
        news = tmp_path / "news"
        news.mkdir()
        (news / "town.md").write_text("The market of Velt was shut on Monday by the mayor.")
        index_paths(library, embed, [news])
        assert spellings(library, ["resafa"])["resafa"] == []
        # One word for another: every idf stays as it was.
        (news / "town.md").write_text("The market of Rusafa was shut on Monday by the mayor.")
        index_paths(library, embed, [news])
        assert spellings(library, ["resafa"])["resafa"] == ["rusafa"]

    def test_an_empty_collection(self, library: Library, embedder: MiniLMEmbedding) -> None:
        for empty in (library, ClosedSet([], embedder.embed)):
            assert HybridRetriever(empty, embedder, Settings()).evidence("Resafa?") == []

    def test_articles_with_lone_surrogates_can_be_read(self, embedder: MiniLMEmbedding) -> None:
        article = Article("a", "The gate \ud800 was closed.", title="\udfff")
        (found,) = HybridRetriever(
            ClosedSet([article], embedder.embed), embedder, Settings()
        ).evidence("Which gate was closed?")
        assert found.passage.text == article.text


class TestReading:
    """`read()`: a closed set from end to end."""

    @pytest.fixture
    def reader(self, open_assistant: Callable[[Path | None], Assistant]) -> Assistant:
        return open_assistant(None)

    def test_answers_from_the_articles_alone(self, reader: Assistant) -> None:
        answer = reader.read("Who retook the Ithriyah-Resafa road?", ARTICLES[:2])
        assert [c.article_id for c in answer.citations][:1] == ["resafa"]
        cited = answer.citations[0]
        assert ARTICLES[0].text[cited.start : cited.end] == cited.quote
        assert {e.article.id for e in answer.evidence} == {"resafa", "idlib"}

    def test_ids_have_to_be_usable(self, reader: Assistant) -> None:
        with pytest.raises(UsageError, match="have the same id"):
            reader.read("Which gate?", [ARTICLES[0], ARTICLES[0]])
        with pytest.raises(UsageError, match=r"article id '\\ud800' holds half a character"):
            reader.read("Which gate?", [Article("\ud800", "The gate was closed.")])

    def test_no_library_is_one_clear_line(self, reader: Assistant, tmp_path: Path) -> None:
        for use in (lambda: reader.ask("Who?"), lambda: reader.index([tmp_path]), reader.articles):
            with pytest.raises(IndexNotFoundError, match="opened without a library"):
                use()


class TestLlamaIndex:
    def test_it_is_a_retriever(self, collection: Collection, embedder: MiniLMEmbedding) -> None:
        retriever = HybridRetriever(collection, embedder, Settings())
        assert isinstance(retriever, BaseRetriever)
        question = "Who retook the road to Resafa?"
        nodes = retriever.retrieve(question)
        evidence = retriever.evidence(question)
        assert all(isinstance(node, NodeWithScore) for node in nodes)
        assert [(n.node.node_id, n.get_content(), n.score) for n in nodes] == [
            (e.passage.id, e.passage.text, e.score) for e in evidence
        ]
        first = nodes[0].node
        assert first.metadata["article_id"] == "resafa"
        assert first.metadata["published"] == "2017-06-23"
        assert first.ref_doc_id == "resafa"

    def test_the_index_opens_in_plain_llama_index(
        self, stored: Library, embed: Embed, embedder: MiniLMEmbedding
    ) -> None:
        index = VectorStoreIndex.from_vector_store(stored.vectors.store, embed_model=embedder)
        question = "Who retook the road to Resafa?"
        nodes = index.as_retriever(similarity_top_k=5).retrieve(question)
        ours = stored.search_vectors(embed([question])[0].tolist(), 5, Filters())
        assert [n.node_id for n in nodes] == [i for i, _ in ours]
        loaded = stored.passages([i for i, _ in ours])
        for node in nodes:
            passage, article = loaded[node.node_id]
            assert node.get_content() == passage.text
            assert article.text[node.metadata["start"] : node.metadata["end"]] == node.text
        # What LlamaIndex would embed for a node is what was embedded.
        assert isinstance(nodes[0].node, TextNode)
        again = embed([nodes[0].node.get_content(MetadataMode.EMBED)])[0]
        held = stored.vectors.store.client.get(nodes[0].node_id, include=["embeddings"])
        assert np.allclose(held["embeddings"][0], again, atol=1e-5)


def test_fusion_weighs_the_lists() -> None:
    ranked = [[("a", 9.0), ("b", 1.0)], [("b", 0.9), ("c", 0.1)]]
    assert [i for i, _ in fuse(ranked, [1.0, 1.0])] == ["b", "a", "c"]
    assert [i for i, _ in fuse(ranked, [1.0, 0.01])] == ["a", "b", "c"]
    assert fuse(ranked, [1.0, 0.0])[0] == ("a", pytest.approx(1 / 61))


def test_the_cap_keeps_the_order_and_fills_up() -> None:
    ranked = [(f"{article}@r:{n}-{n}", 1.0) for n, article in enumerate("aaaabab")]
    assert [i[0] for i, _ in interleave([ranked], 4, 2)] == ["a", "a", "b", "b"]
    assert [i[0] for i, _ in interleave([ranked], 6, 2)] == ["a", "a", "b", "b", "a", "a"]
    mails = [(f"mail@example.org@r:{n}-{n + 1}", 1.0) for n in range(2)]
    assert interleave([mails], 5, 1) == mails
