"""Articles through the library: plan, read, commit, embed, report.

`index_paths` brings a library in step with files and folders, `plan_paths` says what it would do,
`watch_paths` keeps it in step while they change. `own_files`: the files that an index keeps itself.
"""

from assistant.indexing.own_files import FileOutcome, Removal
from assistant.indexing.run import FETCHED, IndexProgress, OnProgress, index_paths, plan_paths
from assistant.indexing.watch import watch_paths

__all__ = [
    "FETCHED",
    "FileOutcome",
    "IndexProgress",
    "OnProgress",
    "Removal",
    "index_paths",
    "plan_paths",
    "watch_paths",
]
