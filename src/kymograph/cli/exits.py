"""What the exit codes of every command mean."""

from __future__ import annotations

OK = 0  # done, and nothing was wrong
WRONG = 1  # done, and something wrong was found: damage, a training that failed
USAGE = 2  # the command, an option or a query cannot be read
NOT_FOUND = 3  # no such store, project, run or key
CANNOT = 4  # it cannot be done here: a newer format, a missing package, a file that cannot be read or written
INTERRUPTED = 130  # Ctrl-C
CLOSED = 141  # whoever read the output went away

MEANINGS = {
    OK: "done, and nothing was wrong",
    WRONG: "done, and something wrong was found: damage, or a training that did not end as planned",
    USAGE: "the command, an option or a query cannot be read",
    NOT_FOUND: "there is no such store, project, run or key",
    CANNOT: "it cannot be done here: a newer format, a missing package, "
    "a file that cannot be read or written",
    INTERRUPTED: "interrupted with Ctrl-C",
    CLOSED: "whoever read the output went away, as in `kymograph ls | head -1`",
}
