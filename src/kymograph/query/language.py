"""Parses the query language: text in, expression or sort keys out. Nothing is ever evaluated as code. Pure.

```
query = or                                     (an empty query matches every run)
or    = and ("or" and)*
and   = not ("and" not)*
not   = "not" not | "(" or ")" | test
test  = name op value | value op name | name ["not"] "in" list | name "is" ["not"] "missing" | name
op    = "=" "!=" "<" "<=" ">" ">=" "~" "!~" "like" "ilike"      list = "[" value ("," value)* "]"
value = number | duration | "text" | 'text' | true | false | name
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from kymograph.errors import QueryError
from kymograph.query.complete import Completion, complete
from kymograph.query.expression import (
    Ago,
    And,
    Column,
    Compare,
    Expression,
    In,
    Matches,
    Missing,
    Moment,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truthy,
    Value,
)
from kymograph.query.names import KEYWORDS, reference
from kymograph.query.pattern import Pattern
from kymograph.query.tokens import Token, tokens

__all__ = ["Completion", "SortKey", "complete", "parse", "parse_sort"]

DEEPEST = 50
MOST_TESTS = 500
MOST_SORT_KEYS = 16

ORDERED = ("<", "<=", ">", ">=")
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
TEXT_OPS = ("~", "!~", "like", "ilike")
_PLAIN_WORD = re.compile(r"[\w-]+")
_MOMENT_EXPECTED = 'a moment: "2026-11-01", "2026-11-01 14:30" or -7d for seven days ago'


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column to sort by."""

    name: str
    descending: bool = False
    at: int = 0

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name


def parse(text: str) -> Expression:
    """The expression that `text` says. Raises QueryError with the column of the first mistake."""
    return _parse(text)


@lru_cache(maxsize=256)
def _parse(text: str) -> Expression:
    parser = _Parser(tokens(text))
    if parser.token.kind == "end":
        return Expression()
    root = parser.either()
    if parser.token.kind != "end":
        raise parser.unexpected("and, or, or the end of the query")
    return Expression(root, parser.places)


def parse_sort(text: str | list[str] | tuple[str, ...] | None) -> list[SortKey]:
    """Sort keys of "-val/acc.max, name" or of a list of such; "name desc" is understood too."""
    if text is None:
        return []
    keys: list[SortKey] = []
    for part in [text] if isinstance(text, str) else text:
        keys += _sort_keys(part)
    if len(keys) > MOST_SORT_KEYS:
        raise QueryError(
            f"{len(keys)} sort keys; at most {MOST_SORT_KEYS} are allowed", keys[MOST_SORT_KEYS].at
        )
    return keys


def _sort_keys(text: str) -> list[SortKey]:
    keys: list[SortKey] = []
    # "-" is no part of the language elsewhere, so it is taken off each key before the words are cut.
    for found in re.finditer(r"(?:[^,`]|`[^`]*`?)+", text):
        part, start = found.group(), found.start()
        start += len(part) - len(part.lstrip())
        part = part.strip()
        if not part:
            continue
        descending = part.startswith("-")
        behind_sign = start + 1 if part[0] in "+-" else start
        words = _shifted(part[1:] if part[0] in "+-" else part, behind_sign)
        if words[0].kind not in ("name", "number", "span"):
            raise QueryError("a sort key is the name of a column", behind_sign, "a column, say -val/acc.max")
        direction = words[1].text.lower() if len(words) > 2 else ""  # noqa: PLR2004 - a name, a word, the end
        if len(words) > 2 and (direction not in ("asc", "desc") or len(words) > 3):  # noqa: PLR2004 - as above
            raise QueryError(
                f"{words[1].text!r} has no meaning in a sort key", words[1].at, "a comma, asc or desc"
            )
        keys.append(SortKey(words[0].text, descending != (direction == "desc"), words[0].at))
    return keys


def _shifted(part: str, by: int) -> list[Token]:
    try:
        return [Token(token.kind, token.text, token.at + by, token.value) for token in tokens(part)]
    except QueryError as error:
        raise QueryError(str(error), error.column + by, error.expected) from None


class _Parser:
    """Recursive descent over the tokens, one method per line of the grammar."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._next = 0
        self._depth = 0
        self._tests = 0
        self.places: dict[str, int] = {}

    @property
    def token(self) -> Token:
        return self._words[self._next]

    def take(self) -> Token:
        token = self._words[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def word(self, *accepted: str) -> bool:
        """Takes the next token if it is one of these keywords or signs."""
        if _keyword(self.token) in accepted:
            self.take()
            return True
        return False

    def unexpected(self, expected: str) -> QueryError:
        token = self.token
        if token.kind == "end":
            return QueryError(f"the query ends where {expected} should stand", token.at, expected)
        return QueryError(f"{token.text} does not fit here; expected {expected}", token.at, expected)

    def either(self) -> Node:
        parts = [self.all()]
        while self.word("or"):
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all(self) -> Node:
        parts = [self.negation()]
        while self.word("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negation(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"more than {DEEPEST} parentheses and nots inside each other", self.token.at)
        if self.word("not"):
            node: Node = Not(self.negation())
        elif self.word("("):
            node = self.either()
            if not self.word(")"):
                raise self.unexpected("and, or, or a closing )")
        else:
            node = self.test()
        self._depth -= 1
        return node

    def test(self) -> Node:
        self._tests += 1
        if self._tests > MOST_TESTS:
            raise QueryError(f"more than {MOST_TESTS} tests in one query", self.token.at)
        if self.token.kind in ("number", "span", "text") or _keyword(self.token) in ("true", "false"):
            return self.flipped()
        name = self.name("the name of a column")
        if self.word("is"):
            negated = self.word("not")
            if not self.word("missing", "null", "none"):
                raise self.unexpected("missing" if negated else "missing or not missing")
            return Missing(name, negated)
        negated = _keyword(self.token) == "not"
        if negated:
            self.take()
            if _keyword(self.token) not in ("in", "like", "ilike"):
                raise self.unexpected("in")
        if self.word("in"):
            return In(name, self.list(name), negated)
        op = _keyword(self.token)
        if op in TEXT_OPS:
            return self.matches(name, negated)
        if op in FLIPPED:
            self.take()
            return Compare(name, op, self.value(name, op))
        return Truthy(name)

    def name(self, expected: str) -> str:
        token = self.token
        if token.kind != "name" or _keyword(token) in KEYWORDS:
            raise self.unexpected(expected)
        self.take()
        self.places.setdefault(token.text, token.at)
        return token.text

    def flipped(self) -> Node:
        """`0.9 < val/acc` says the same as `val/acc > 0.9`."""
        literal = self.take()
        op = _keyword(self.token)
        if op not in FLIPPED:
            raise self.unexpected("a comparison with the name of a column, say 0.9 < val/acc")
        self.take()
        name = self.name("the name of a column")
        return Compare(name, FLIPPED[op], _meant(literal, name))

    def value(self, name: str, op: str) -> Value:
        token = self.token
        if token.kind in ("number", "span", "text") or _keyword(token) in ("true", "false"):
            return _meant(self.take(), name)
        if token.kind != "name" or _keyword(token) in KEYWORDS:
            raise self.unexpected("a number, a text in quotes or a duration")
        if not _PLAIN_WORD.fullmatch(token.text):
            return Column(self.name("the name of a column"))
        if op in ORDERED:
            raise QueryError(
                f'{token.text} could be a text or a column: write "{token.text}" or `{token.text}`',
                token.at,
                "a number, a text in quotes or a column in backticks",
            )
        return _meant(self.take(), name)

    def list(self, name: str) -> tuple[Value, ...]:
        opened = _keyword(self.token)
        if not self.word("[", "("):
            raise self.unexpected("a list, say [1, 2]")
        closing = "]" if opened == "[" else ")"
        values: list[Value] = []
        while not self.word(closing):
            token = self.token
            plain = token.kind == "name" and _keyword(token) not in KEYWORDS - {"true", "false"}
            if token.kind not in ("number", "span", "text") and not plain:
                raise self.unexpected(f"a value or a closing {closing}")
            values.append(_meant(self.take(), name))
            if not self.word(",") and _keyword(self.token) != closing:
                raise self.unexpected(f"a comma or a closing {closing}")
        return tuple(values)

    def matches(self, name: str, negated: bool) -> Node:
        op = _keyword(self.take())
        token = self.token
        if token.kind not in ("text", "name") or _keyword(token) in KEYWORDS:
            raise self.unexpected("a pattern in quotes")
        self.take()
        text = str(token.value)
        if op in ("like", "ilike"):
            return Matches(name, Pattern(_like(text, ignore_case=op == "ilike"), token.at), negated)
        return Matches(name, Pattern(text, token.at), negated or op == "!~")


def _keyword(token: Token) -> str:
    """The keyword or sign a token is, in its one spelling; empty for anything else."""
    if token.kind == "sign":
        return str(token.value)
    lower = token.text.lower()
    return lower if token.kind == "name" and lower in KEYWORDS else ""


def _meant(token: Token, name: str) -> Value:
    """What a literal says when it stands beside this column."""
    column = reference(name)
    if column.is_moment:
        return _moment(token)
    if _keyword(token) in ("true", "false"):
        return Number(1.0 if _keyword(token) == "true" else 0.0)
    if token.kind in ("number", "span") and isinstance(token.value, float):
        return Number(token.value)
    text = str(token.value)
    if column.source == "config" and name.startswith("param"):
        return Text(text, _number_in(text))
    return Text(text)


def _number_in(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _moment(token: Token) -> Value:
    if token.kind == "span" and isinstance(token.value, float):
        if token.value >= 0 and token.text[0] != "-":
            raise QueryError(
                f"{token.text} is a duration; -{token.text.lstrip('+')} is that long ago",
                token.at,
                _MOMENT_EXPECTED,
            )
        return Ago(-token.value)
    if token.kind == "number" and isinstance(token.value, float):
        return Number(token.value)
    text = str(token.value)
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return Moment(text, when.timestamp())  # without a zone it is local time, as people mean it
    except (ValueError, OverflowError, OSError):
        raise QueryError(f"{token.text} is not a moment", token.at, _MOMENT_EXPECTED) from None


def _like(text: str, *, ignore_case: bool) -> str:
    """SQL's pattern, with % for any text and _ for any character, as a regular expression."""
    inside = "".join({"%": ".*", "_": "."}.get(char) or re.escape(char) for char in text)
    inside = inside.removeprefix(".*").removesuffix(".*") if len(text) > 1 else inside
    start = "" if text.startswith("%") else "^"
    end = "" if text.endswith("%") else "$"
    return f"(?{'is' if ignore_case else 's'}){start}{inside}{end}"
