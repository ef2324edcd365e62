"""The command line: `assistant index | fetch | ask | evaluate | serve | articles | chats | …`.

`app` puts the commands together; each group of them is a module. What takes seconds to import is
imported inside the commands, so that `--help` and wrong usage answer at once.

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 done, but some articles were quarantined or addresses
refused; 130 stopped by Ctrl-C.
Errors are one line on stderr that says what to do; `--debug` adds the traceback.
"""

from __future__ import annotations

from assistant.cli.app import main, run

__all__ = ["main", "run"]
