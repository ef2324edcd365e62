"""Files to articles: readers, cleaning, metadata, dates, encodings, and the quarantine.

`find_files` lists what there is, `read_articles` reads one file; `CLEANER_VERSION` names the rules
by which it did.
"""

from assistant.articles.build import CLEANER_VERSION, clean_text
from assistant.articles.files import SourceFile, find_files
from assistant.articles.readers import read_articles

__all__ = ["CLEANER_VERSION", "SourceFile", "clean_text", "find_files", "read_articles"]
