"""The parsed corpus: every plain sentence with its parse, its context and its names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from training.news.changes import has
from training.news.source import NewsArticle, is_plain

_MOST_PARSED = 45  # sentences of an article: the lists of shop offers are longer
NAME_LABELS = frozenset({"PERSON", "ORG", "NORP", "PRODUCT"})
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})


@dataclass(slots=True)
class Item:
    """A parsed sentence in its place."""

    article: int
    index: int
    text: str
    context: str
    doc: Doc

    def labels(self) -> set[str]:
        """The kinds of entity that stand in the sentence."""
        return {ent.label_ for ent in self.doc.ents}


@dataclass(slots=True)
class Corpus:
    """Articles, their parsed sentences, and names by label."""

    articles: Sequence[NewsArticle]
    items: dict[tuple[int, int], Item]
    names: dict[str, list[str]]
    names_of: list[dict[str, list[str]]]

    def plain(self) -> list[Item]:
        """The sentences that questions are made from, in order."""
        return [item for item in self.items.values() if self._is_plain(item)]

    def plain_of(self, article: int) -> list[Item]:
        """Those of one article."""
        last = min(_MOST_PARSED, len(self.articles[article].sentences))
        items = [self.items[article, index] for index in range(last)]
        return [item for item in items if self._is_plain(item)]

    def _is_plain(self, item: Item) -> bool:
        return (
            is_plain(item.text)
            and not _opens_with_title(item.text, self.articles[item.article].title)
            and sum(1 for _ in item.doc.sents) == 1
        )

    def origin(self, place: tuple[int, int]) -> str:
        """What is held apart together: all of a title; a sentence where there is none."""
        article = self.articles[place[0]]
        return article.title or article.sentences[place[1]]

    def neighbours(self, item: Item) -> list[Item]:
        """The parsed sentences around one, the nearest first."""
        places = [(item.article, item.index + step) for step in (-1, 1, -2, 2, -3, 3)]
        return [self.items[place] for place in places if place in self.items]

    def referent(self, item: Item) -> str:
        """Whom "he" or "she" can only mean: the one person that the sentence before names."""
        before = self.items.get((item.article, item.index - 1))
        if before is None or any(ent.label_ == "PERSON" for ent in item.doc.ents):
            return ""
        persons = {ent.text for ent in before.doc.ents if ent.label_ == "PERSON"}
        person = persons.pop() if len(persons) == 1 else ""
        if person in self.names.get("GPE", ()):
            return ""
        return person if person.replace(" ", "").replace("-", "").isalpha() else ""


def _opens_with_title(text: str, title: str) -> bool:
    """Whether a headline ran into the sentence, as where a text has lost its line ends."""
    head = title.lower().split()
    return has(text, title) or text.lower().split()[:3] == head[:3]


def parse(articles: Sequence[NewsArticle], nlp: Language) -> Corpus:
    """Parse the first sentences of every article."""
    places = [
        (a, i)
        for a, art in enumerate(articles)
        for i in range(min(_MOST_PARSED, len(art.sentences)))
    ]
    docs = nlp.pipe((articles[a].sentences[i] for a, i in places), batch_size=256)
    items: dict[tuple[int, int], Item] = {}
    names_of: list[dict[str, list[str]]] = [defaultdict(list) for _ in articles]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (a, i), doc in zip(places, docs, strict=True):
        doc.tensor = doc.tensor[:0]
        items[a, i] = Item(a, i, articles[a].sentences[i], articles[a].context(i), doc)
        for ent in doc.ents:
            name = clean_name(ent.text)
            if ent.label_ in NAME_LABELS | PLACE_LABELS and name:
                counts[ent.label_][name] += 1
                if name not in names_of[a][ent.label_]:
                    names_of[a][ent.label_].append(name)
    names = {
        label: sorted(name for name, count in seen.items() if count >= 3)
        for label, seen in counts.items()
    }
    return Corpus(articles, items, names, names_of)


def clean_name(name: str) -> str:
    """A name without its article and possessive; "" where it is none.

    >>> clean_name("the White House's"), clean_name("12 rebels")
    ('White House', '')
    """
    for start in ("the ", "The ", "a ", "A "):
        name = name.removeprefix(start)
    for end in ("'s", "’s"):
        name = name.removesuffix(end)
    if any(len(word) > 4 and word.isupper() for word in name.split()) or "Getty" in name:
        return ""
    plain = name.replace(" ", "").replace("-", "").replace(".", "").replace("'", "")
    return name if len(name) > 2 and plain.isalpha() and name[0].isupper() else ""
