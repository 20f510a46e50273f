"""Makes responses: a shape as JSON, an error in the one form that errors have."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kymograph.errors import KymographError, NotFound, QueryError, StoreError
from kymograph.server.route import JSON
from kymograph.server.schema import ErrorReply, Problem, Reply


class Refused(HTTPException):
    """A request that is not answered: its status, and one sentence that says why."""


def say(reply: Reply) -> bytes:
    """A shape as JSON."""
    return msgspec.json.encode(reply)


def problem(status: int, message: str, column: int | None = None, expected: str | None = None) -> Response:
    """An error, said in JSON."""
    body = ErrorReply(error=Problem(message=message, column=column, expected=expected))
    return Response(say(body), status, media_type=JSON)


def refused(_request: Request, error: Exception) -> Response:
    """What Starlette or one of us refused."""
    assert isinstance(error, HTTPException)
    return problem(error.status_code, error.detail)


def misread(_request: Request, error: Exception) -> Response:
    """A query with a mistake in it: the column lets the page underline it."""
    assert isinstance(error, QueryError)
    return problem(400, str(error), error.column, error.expected or None)


def failed(_request: Request, error: Exception) -> Response:
    """One of our own errors."""
    status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, StoreError) else 500
    return problem(status, str(error))


def broken(_request: Request, error: Exception) -> Response:
    """Anything else: the traceback goes to the terminal, its last line to the page."""
    return problem(500, f"the server failed with {type(error).__name__}: {error}; its terminal has more")


HANDLERS = {
    HTTPException: refused,
    QueryError: misread,
    KymographError: failed,
    PermissionError: lambda _request, error: problem(409, f"the store cannot be written to: {error}"),
    Exception: broken,
}
