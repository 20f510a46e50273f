"""What could be typed next in a query: names, statistics after a full stop, operators, values. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kymograph.errors import QueryError
from kymograph.query.names import BUILT_IN, KEYWORDS, STAT_HELP, reference
from kymograph.query.tokens import WORD, Token, number_literal, text_literal, token_at

MOST = 50

OPERATORS = (
    ("=", "equal"),
    ("!=", "different, and there"),
    ("<", "less"),
    ("<=", "at most"),
    (">", "more"),
    (">=", "at least"),
    ("~", "matches a regular expression"),
    ("!~", "does not match"),
    ("in", "one of a list, say in [1, 2]"),
    ("not in", "none of a list"),
    ("is missing", "has no value"),
    ("is not missing", "has a value"),
)
_ONLY_TEXT = ("~", "!~")
_ONLY_NUMBER = ("<", "<=", ">", ">=")
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "~", "!~", "like", "ilike"})
_MOMENTS = (
    ("-1h", "within an hour"),
    ("-1d", "within a day"),
    ("-7d", "within a week"),
    ("-30d", "within 30 days"),
)
_DURATIONS = (("1m", "a minute"), ("10m", "ten minutes"), ("1h", "an hour"), ("1d", "a day"))

_REST_OF_WORD = re.compile(rf"(?:{WORD})*")
_REST_OF_TEXT = re.compile(r"[^\"'()\[\],]{0,200}[\"']")


class Known(Protocol):
    """A column that some run has."""

    @property
    def name(self) -> str: ...  # as typed in queries
    @property
    def source(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def runs(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` replaces the query's characters from `start` up to `end`."""

    text: str
    label: str
    detail: str
    start: int
    end: int


Values = Callable[[str], Sequence[object]]
Offer = tuple[str, str]  # text, detail


def complete(
    text: str, at: int, columns: Sequence[Known], values: Values | None = None, limit: int = MOST
) -> list[Completion]:
    """What fits at character `at` of `text`, the likeliest first; empty where nothing can be said.

    `values(name)` gives some values of a column, for the right side of a comparison.
    """
    at = max(0, min(at, len(text)))
    words = _words(text[:at])
    if words is None:
        return []
    word = words.pop() if words and words[-1].end == at and words[-1].kind != "sign" else None
    place = _Place()
    for token in words:
        if not place.step(token):
            return []
    typed = word.text if word else ""
    start = word.at if word else at
    end = at + _rest(text[at:], word)
    found = _ranked(place.offers(typed, columns, values), typed)
    return [Completion(offer, offer, detail, start, end) for offer, detail in found[:limit]]


def _words(text: str) -> list[Token] | None:
    """The tokens of an unfinished query: its last word may be an open text or name. None: not readable."""
    found: list[Token] = []
    at = 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip())
        if at >= len(text):
            return found
        try:
            token = token_at(text, at)
        except QueryError:
            return _with_open_end(found, text, at)
        found.append(token)
        at = token.end


def _with_open_end(found: list[Token], text: str, at: int) -> list[Token] | None:
    rest = text[at:]
    if rest[0] in "\"'":
        return [*found, Token("text", rest, at, rest[1:])]
    behind_name = found and found[-1].kind == "name" and found[-1].end == at
    if behind_name and (rest[0] == "`" or _REST_OF_WORD.fullmatch(rest) or rest.startswith(".`")):
        name = found.pop()
        return [*found, Token("name", name.text + rest, name.at, name.text + rest)]
    return [*found, Token("name", rest, at, rest)] if rest[0] == "`" else None


def _rest(behind: str, word: Token | None) -> int:
    """How many characters behind the cursor belong to the word at it."""
    if word is None:
        return 0
    found = (_REST_OF_TEXT if word.kind == "text" and len(word.text) > 1 else _REST_OF_WORD).match(behind)
    return len(found.group()) if found else 0


class _Place:
    """Where in the grammar the cursor is, found by stepping over the words before it."""

    def __init__(self) -> None:
        self.expects = "operand"
        self.name = ""
        self.open = 0

    def step(self, token: Token) -> bool:
        """Moves on by one word; False when it does not fit."""
        move = getattr(self, f"_{self.expects}")
        following = move(token, _keyword(token))
        self.expects = following or self.expects
        return following is not None

    def _operand(self, token: Token, word: str) -> str | None:
        if word == "(":
            self.open += 1
        if word in ("(", "not"):
            return "operand"
        if _is_name(token, word):
            self.name = token.text
            return "operator"
        return "flipped" if token.kind in ("number", "span", "text") or word in ("true", "false") else None

    def _operator(self, token: Token, word: str) -> str | None:
        if word in _COMPARISONS:
            return "value"
        return {"in": "list", "is": "missing", "not": "operator"}.get(word) or self._connective(token, word)

    def _connective(self, _token: Token, word: str) -> str | None:
        if word == ")" and self.open:
            self.open -= 1
            return "connective"
        return "operand" if word in ("and", "or") else None

    def _flipped(self, _token: Token, word: str) -> str | None:
        return "right" if word in _COMPARISONS else None

    def _right(self, token: Token, word: str) -> str | None:
        return "connective" if _is_name(token, word) else None

    def _value(self, token: Token, _word: str) -> str | None:
        return "connective" if token.kind != "sign" else None

    def _list(self, _token: Token, word: str) -> str | None:
        return "item" if word in ("[", "(") else None

    def _item(self, token: Token, word: str) -> str | None:
        return "comma" if token.kind != "sign" else "connective" if word in ("]", ")") else None

    def _comma(self, _token: Token, word: str) -> str | None:
        return "item" if word == "," else "connective" if word in ("]", ")") else None

    def _missing(self, _token: Token, word: str) -> str | None:
        return {"not": "missing", "missing": "connective", "null": "connective"}.get(word)

    def offers(self, typed: str, columns: Sequence[Known], values: Values | None) -> Iterable[Offer]:
        """Everything that may stand here, unranked."""
        known = {column.name: column for column in columns}
        match self.expects:
            case "operand" | "right":
                return _names(typed, columns)
            case "operator":
                return _operators(known.get(self.name))
            case "value" | "item":
                return _values(self.name, known.get(self.name), values)
            case "connective":
                return [("and", "both"), ("or", "either"), *([(")", "close")] if self.open else [])]
            case "missing":
                return [("missing", "has no value"), ("not missing", "has a value")]
            case "comma":
                return [(",", "another value"), ("]", "end of the list")]
            case "list":
                return [("[", "a list, say [1, 2]")]
        return [(sign, detail) for sign, detail in OPERATORS[:6]]


def _keyword(token: Token) -> str:
    if token.kind == "sign":
        return str(token.value)
    lower = token.text.lower()
    return lower if token.kind == "name" and lower in KEYWORDS else ""


def _is_name(token: Token, word: str) -> bool:
    return token.kind == "name" and not word


def _names(typed: str, columns: Sequence[Known]) -> Iterator[Offer]:
    seen = set()
    for column in columns:
        seen.add(column.name)
        yield column.name, _detail(column)
        if column.source == "series" and typed and _folded(typed).startswith(_folded(column.name)):
            behind = typed[len(column.name) :]
            if not behind or behind[0] == ".":
                for stat, meaning in STAT_HELP.items():
                    yield f"{column.name}.{stat}", meaning
    for name, meaning in BUILT_IN.items():
        if name not in seen:
            yield name, meaning
    yield "started", BUILT_IN["created"]
    yield "not", "the opposite"


def _detail(column: Known) -> str:
    if column.source == "built-in" and column.name in BUILT_IN:
        return BUILT_IN[column.name]
    return f"{column.source}, {column.kind}, {column.runs:,} run{'' if column.runs == 1 else 's'}"


def _operators(column: Known | None) -> Iterator[Offer]:
    unfit = {"number": _ONLY_TEXT, "bool": _ONLY_TEXT + _ONLY_NUMBER}.get(column.kind, ()) if column else ()
    for sign, detail in OPERATORS:
        if sign not in unfit:
            yield sign, detail
    yield "and", "it is there, and …"
    yield "or", "it is there, or …"


def _values(name: str, column: Known | None, values: Values | None) -> Iterator[Offer]:
    found = reference(name)
    if found.is_moment:
        yield from _MOMENTS
    elif found.source == "built-in" and found.path == "duration":
        yield from _DURATIONS
    else:
        if column and column.kind == "bool":
            yield from (("true", ""), ("false", ""))
            return
        for value in values(name) if values else ():
            yield _literal(value), ""


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_literal(float(value))
    return text_literal(str(value))


def _folded(text: str) -> str:
    return text.lower().replace("`", "").strip("\"'")


def _ranked(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """The offers that hold what was typed: those that begin with it, then a part that does, then the rest."""
    wanted = _folded(typed)
    ranks: list[tuple[int, int, Offer]] = []
    for order, offer in enumerate(offers):
        text = _folded(offer[0])
        place = text.find(wanted)
        if place < 0:
            continue
        rank = 0 if place == 0 else 1 if text[place - 1] in "./_- :" else 2
        ranks.append((rank, order, offer))
    ranks.sort(key=lambda each: each[:2])
    return [offer for _, _, offer in ranks]
