"""Articles through the library: plan, read, commit, embed, report.

`index_paths` brings a library in step with files and folders, `plan_paths` says what it would do.
"""

from assistant.indexing.run import IndexProgress, OnProgress, index_paths, plan_paths

__all__ = ["IndexProgress", "OnProgress", "index_paths", "plan_paths"]
