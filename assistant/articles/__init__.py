"""Files to articles: readers, cleaning, metadata, dates, encodings, and the quarantine.

`find_files` lists what there is; `read_articles` reads one file, with a `ColumnMapping` where its
columns are not called as usual; `CLEANER_VERSION` names the rules by which it did.
"""

from assistant.articles.build import CLEANER_VERSION, clean_text
from assistant.articles.files import SourceFile, find_files
from assistant.articles.mapping import ColumnMapping, parse_mapping
from assistant.articles.readers import read_articles

__all__ = [
    "CLEANER_VERSION",
    "ColumnMapping",
    "SourceFile",
    "clean_text",
    "find_files",
    "parse_mapping",
    "read_articles",
]
