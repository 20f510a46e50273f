"""One line of the route table: which method and path, who may, what goes in and what comes out."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kymograph.server.schema import Ask, ErrorReply, Reply

JSON = "application/json"
BINARY = "application/octet-stream"
EVENTS = "text/event-stream"


class Access(enum.Enum):
    """What a request must prove beyond the right Host and Origin, which the gate asks of all."""

    READ = "read"  # nothing changes, whatever the method
    WRITE = "write"  # carries the token of this server


@dataclass(frozen=True, slots=True)
class Entry:
    """A route. `answer` is called with the store, the parts of the path, and `ask` and `body` if declared.

    Answers are plain functions that may block: they run in threads. An answer gives a `reply`, or the bytes
    of a `media` that is not JSON. An entry without an answer is served by the app itself.
    """

    method: str
    path: str
    access: Access
    says: str
    reply: type[Reply] | None
    answer: Callable[..., Any] | None = None
    ask: type[Ask] | None = None
    body: type[Ask] | None = None
    media: str = JSON
    events: tuple[type[Reply], ...] = ()
    failures: tuple[int, ...] = (400,)

    @property
    def public_path(self) -> str:
        """The path as it is documented, without the router's convertors."""
        return self.path.replace(":path}", "}")


FAILURES = {
    400: "The request cannot be understood; the message says why.",
    403: "Not from here: a wrong host, origin or token.",
    404: "No such run, project or key.",
    409: "The store cannot be written to.",
}
FAILURE_REPLY = ErrorReply
