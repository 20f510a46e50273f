"""Cuts the text of a query into words, numbers, texts and signs. Pure; every token knows its column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kymograph.errors import QueryError

LONGEST_QUERY = 10_000

# Seconds in one unit of time, and plain factors. A unit is written right behind its number.
SPANS = {
    "ms": 0.001,
    "s": 1.0,
    "sec": 1.0,
    "m": 60.0,
    "min": 60.0,
    "h": 3600.0,
    "d": 86_400.0,
    "w": 604_800.0,
    "y": 31_557_600.0,
}
FACTORS = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "B": 1e9,
    "T": 1e12,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}

# What a name may hold without backticks. A word that only looks like a number is cut as a number first.
WORD = r"[\w./:@#$-]"

_SPACE = re.compile(r"\s+")
_DIGITS = r"(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?"
_SPAN_PART = re.compile(rf"({_DIGITS})(ms|sec|min|[smhdwy])")
_SPAN = re.compile(rf"[+-]?(?:{_DIGITS}(?:ms|sec|min|[smhdwy])){{1,8}}(?!{WORD}|%|`)")
_NUMBER = re.compile(rf"([+-]?)({_DIGITS})(Ki|Mi|Gi|Ti|[kKMGBT%]?)(?!{WORD}|%|`)")
_INFINITE = re.compile(rf"[+-](?:inf|infinity)(?!{WORD}|`)", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?(?![\w./@#$`-])"
)
_NAME = re.compile(rf"(?:\w(?:{WORD}|`[^`]*`)*)|(?:`[^`]*`(?:{WORD}|`[^`]*`)*)")
_SIGN = re.compile(r"==|!=|<>|<=|>=|!~|=~|&&|\|\||[=<>~()\[\],!]")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^'\\]|\\.)*'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}

SAME_SIGN = {"==": "=", "<>": "!=", "=~": "~", "&&": "and", "||": "or", "!": "not"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query. `kind` is name, number, span, text, sign or end; `value` is what it stands for."""

    kind: str
    text: str
    at: int
    value: float | str = ""

    @property
    def end(self) -> int:
        """The column behind the last character."""
        return self.at + len(self.text)


def tokens(text: str) -> list[Token]:
    """All tokens of `text`, an end token last. Raises QueryError at the first character that fits nowhere."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"the query has {len(text):,} characters; at most {LONGEST_QUERY:,} are read",
            LONGEST_QUERY,
            "the end",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        token = token_at(text, at)
        found.append(token)
        at = token.end
    found.append(Token("end", "", len(text)))
    return found


def token_at(text: str, at: int) -> Token:
    """The token that begins at `at`, where no space stands."""
    first = text[at]
    if first.isdecimal() or first in "+-.":
        token = _number(text, at)
        if token:
            return token
    if first in "\"'":
        return _quoted(text, at)
    name = _NAME.match(text, at)
    if name:
        return _named(name.group(), at)
    sign = _SIGN.match(text, at)
    if sign:
        return Token("sign", sign.group(), at, SAME_SIGN.get(sign.group(), sign.group()))
    if first == "`":
        raise QueryError("this backtick is never closed", at, "a closing `")
    raise QueryError(f"{first!r} has no meaning here", at, "a name, a value or an operator")


def _number(text: str, at: int) -> Token | None:
    span = _SPAN.match(text, at)
    if span:
        seconds = sum(float(number) * SPANS[unit] for number, unit in _SPAN_PART.findall(span.group()))
        return Token("span", span.group(), at, -seconds if text[at] == "-" else seconds)
    number = _NUMBER.match(text, at)
    if number:
        sign, digits, unit = number.groups()
        value = float(digits) / 100 if unit == "%" else float(digits) * FACTORS.get(unit, 1.0)
        return Token("number", number.group(), at, -value if sign == "-" else value)
    date = _DATE.match(text, at)
    if date:
        return Token("text", date.group(), at, date.group())
    infinite = _INFINITE.match(text, at)
    if infinite:
        return Token("number", infinite.group(), at, float(infinite.group()))
    return None


def _quoted(text: str, at: int) -> Token:
    found = _TEXT.match(text, at)
    if not found:
        raise QueryError("this quote is never closed", at, f"a closing {text[at]}")
    inside = found.group()[1:-1]
    value = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape.group(1), escape.group()), inside)
    return Token("text", found.group(), at, value)


def _named(word: str, at: int) -> Token:
    # A name does not end in a colon or a full stop: what follows a full stop is still to be typed.
    trimmed = word if word.endswith("`") else word.rstrip(".:") or word
    if trimmed.lower() in ("inf", "infinity"):
        return Token("number", trimmed, at, float("inf"))
    return Token("name", trimmed, at, trimmed)


def text_literal(value: str) -> str:
    """`value` as it is written in a query, in double quotes."""
    inside = value.replace("\\", "\\\\").replace('"', '\\"')
    for sign, name in (("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        inside = inside.replace(sign, name)
    return f'"{inside}"'


def number_literal(value: float) -> str:
    """`value` as it is written in a query; reads back as the same number."""
    text = repr(float(value))
    return text.removesuffix(".0")
