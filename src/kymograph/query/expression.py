"""A parsed query: a tree of tests that knows its columns, gives a mask over the runs and prints itself.

Rules that hold everywhere: a comparison with a missing value is false; text against a number is false for
`= < <= > >= ~ in` and, being different, true for `!=`, `!~` and `not in` as long as there is a value.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from kymograph.query.cells import Cells, Mask
from kymograph.query.pattern import Pattern
from kymograph.query.tokens import number_literal, text_literal

Get = Callable[[str], Cells]
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Number:
    """A number; a duration is its seconds."""

    value: float

    def __str__(self) -> str:
        return number_literal(self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text. `number` is set where it may also be meant as a number: MLflow's params are all texts."""

    value: str
    number: float | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return text_literal(self.value)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, in seconds since the epoch; as it was written in `text`."""

    text: str
    value: float = field(compare=False)

    def __str__(self) -> str:
        return text_literal(self.text)


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment so many seconds before now (after it, when negative)."""

    seconds: float

    def __str__(self) -> str:
        return f"{number_literal(-self.seconds)}s"


@dataclass(frozen=True, slots=True)
class Column:
    """Another column, to compare with."""

    name: str

    def __str__(self) -> str:
        return self.name


Value = Number | Text | Moment | Ago | Column


@dataclass(frozen=True, slots=True)
class Compare:
    """`name op value`; op is one of = != < <= > >=."""

    name: str
    op: str
    value: Value

    def __str__(self) -> str:
        return f"{self.name} {self.op} {self.value}"


@dataclass(frozen=True, slots=True)
class Matches:
    """`name ~ "pattern"`."""

    name: str
    pattern: Pattern
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.name} {'!~' if self.negated else '~'} {text_literal(self.pattern.text)}"


@dataclass(frozen=True, slots=True)
class In:
    """`name in [values]`."""

    name: str
    values: tuple[Value, ...]
    negated: bool = False

    def __str__(self) -> str:
        inside = ", ".join(str(value) for value in self.values)
        return f"{self.name} {'not in' if self.negated else 'in'} [{inside}]"


@dataclass(frozen=True, slots=True)
class Missing:
    """`name is missing`."""

    name: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.name} is {'not missing' if self.negated else 'missing'}"


@dataclass(frozen=True, slots=True)
class Truthy:
    """A bare name: there is a value, and it is not 0, false or an empty text."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Not:
    """`not part`."""

    part: Node

    def __str__(self) -> str:
        return f"not {_wrapped(self.part, (And, Or))}"


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(_wrapped(part, (And, Or)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(_wrapped(part, (Or,)) for part in self.parts)


Node = Compare | Matches | In | Missing | Truthy | Not | And | Or


def _wrapped(part: Node, inside: tuple[type, ...]) -> str:
    return f"({part})" if isinstance(part, inside) else str(part)


@dataclass(frozen=True, slots=True)
class Expression:
    """A whole query. `root` is None for the empty one, which every run passes."""

    root: Node | None = None
    at: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names it asks for, as typed, each once, in order."""
        return tuple(dict.fromkeys(_names(self.root))) if self.root else ()

    def matches(self, get: Get, now: float | None = None) -> Mask | None:
        """Which runs pass, as a mask over what `get(name)` returns; None: all of them.

        `now` (seconds since the epoch) is what -7d counts from, by default the present.
        """
        if self.root is None:
            return None
        return _Evaluation(get, time.time() if now is None else now).mask(self.root)

    def __str__(self) -> str:
        return "" if self.root is None else str(self.root)


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, (And, Or)):
        for part in node.parts:
            yield from _names(part)
    elif isinstance(node, Not):
        yield from _names(node.part)
    else:
        yield node.name
        if isinstance(node, Compare) and isinstance(node.value, Column):
            yield node.value.name


class _Evaluation:
    """One walk over the tree; a column is fetched once."""

    def __init__(self, get: Get, now: float) -> None:
        self._get = get
        self._now = now
        self._cells: dict[str, Cells] = {}

    def cells(self, name: str) -> Cells:
        found = self._cells.get(name)
        if found is None:
            found = self._cells[name] = self._get(name)
        return found

    def mask(self, node: Node) -> Mask:
        match node:
            case And(parts):
                found = self.mask(parts[0])
                for part in parts[1:]:
                    found = found & self.mask(part)
                return found
            case Or(parts):
                found = self.mask(parts[0])
                for part in parts[1:]:
                    found = found | self.mask(part)
                return found
            case Not(part):
                return ~self.mask(part)
            case Compare(name, op, value):
                return self.compare(self.cells(name), op, value)
            case Matches(name, pattern, negated):
                cells = self.cells(name)
                return _signed(cells.where_text(pattern.found_in, pattern), cells, negated)
            case In(name, values, negated):
                cells = self.cells(name)
                found = np.zeros(len(cells), dtype=np.bool_)
                for value in values:
                    found = found | self.compare(cells, "=", value)
                return _signed(found, cells, negated)
            case Missing(name, negated):
                present = self.cells(name).present
                return present if negated else ~present
            case Truthy(name):
                return self.cells(name).truthy

    def compare(self, cells: Cells, op: str, value: Value) -> Mask:
        if op == "!=":
            return cells.present & self.present(value) & ~self.compare(cells, "=", value)
        if isinstance(value, Column):
            return _columns(cells, op, self.cells(value.name))
        if isinstance(value, Text):
            found = cells.where_text(lambda texts: _texts(texts, op, value.value), (op, value.value))
            return found if value.number is None else found | _numbers(cells, op, value.number)
        if isinstance(value, Ago):
            return _numbers(cells, op, self._now - value.seconds)
        return _numbers(cells, op, value.value)

    def present(self, value: Value) -> Mask | bool:
        return self.cells(value.name).present if isinstance(value, Column) else True


def _signed(found: Mask, cells: Cells, negated: bool) -> Mask:
    return cells.present & ~found if negated else found


def _numbers(cells: Cells, op: str, value: float) -> Mask:
    found: Mask = _FLOAT_OPS[op](cells.numbers, value)
    return found


def _texts(texts: list[str], op: str, value: str) -> list[bool]:
    if op == "=":
        return [text == value for text in texts]
    if op == "<":
        return [text < value for text in texts]
    if op == "<=":
        return [text <= value for text in texts]
    return [text > value for text in texts] if op == ">" else [text >= value for text in texts]


def _columns(left: Cells, op: str, right: Cells) -> Mask:
    """Number with number, text with text, run by run."""
    with np.errstate(invalid="ignore"):
        found: Mask = _FLOAT_OPS[op](left.numbers, right.numbers)
    both = np.flatnonzero((left.codes >= 0) & (right.codes >= 0))
    if len(both):
        ones, others = left.texts, right.texts
        pairs = zip(left.codes[both].tolist(), right.codes[both].tolist(), strict=True)
        found[both] = [_texts([ones[a]], op, others[b])[0] for a, b in pairs]
    return found


_FLOAT_OPS: dict[str, Callable[..., Mask]] = {
    "=": np.equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
