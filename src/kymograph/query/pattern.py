"""A regular expression that cannot take for ever: `re`, with costly patterns refused and texts bounded.

`re` goes back and tries again, so some patterns need a time that doubles with each character. Refused are
repetitions inside a repetition, `(a+)+`, alternatives inside one, `(a|aa)*`, back references, and more than a
few repetitions in a row. What is left needs at most `length ** repetitions` steps; so the more repetitions a
pattern has, the fewer characters of a text are looked at (see `LOOKED_AT`).
"""

from __future__ import annotations

import re
import warnings

from kymograph.errors import QueryError

LONGEST_PATTERN = 500
MOST_OPTIONAL = 10
# Characters of a text that are looked at, by the number of open-ended repetitions (*, +, {n,}).
LOOKED_AT = (100_000, 5_000, 500, 160, 80)
WIDEST_COUNT = 64

_PLAIN = re.compile(r"[^.^$*+?{}\[\]\\|()]*")
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_GROUP = re.compile(r"\(\?(?:P<\w+>|<?[=!]|>|[a-zA-Z-]*:|[a-zA-Z]+(?=\)))")


class Pattern:
    """A regular expression, searched (not anchored); two of the same text are equal.

    `at` is its column in the query, for errors.
    """

    __slots__ = ("_length", "_regex", "text")

    def __init__(self, text: str, at: int = 0) -> None:
        if len(text) > LONGEST_PATTERN:
            raise QueryError(
                f"this pattern has {len(text):,} characters; at most {LONGEST_PATTERN} are allowed", at
            )
        self.text = text
        self._regex: re.Pattern[str] | None = None
        self._length = LOOKED_AT[_Cost(text, at).repeats]
        if not _PLAIN.fullmatch(text):
            self._regex = _compiled(text, at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"

    def found_in(self, texts: list[str]) -> list[bool]:
        """Whether the pattern is found in each text."""
        if self._regex is None:  # nothing in it but plain characters
            text = self.text
            return [text in each for each in texts]
        search, length = self._regex.search, self._length
        return [search(each, 0, length) is not None for each in texts]


def _compiled(text: str, at: int) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # re warns of sets that may change their meaning one day
            return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        column = at + 1 + (getattr(error, "pos", None) or 0)
        raise QueryError(f"not a regular expression: {error}", column, "a regular expression") from None


class _Cost:
    """Walks a pattern once and refuses what could cost more than a bounded power of the text's length."""

    def __init__(self, text: str, at: int) -> None:
        self.repeats = 0
        self._optional = 0
        self._at = at
        inner: list[bool] = []  # one per open group: does it hold a repetition or alternatives?
        closed: bool | None = None  # the group that has just been closed
        place = 0
        while place < len(text):
            char = text[place]
            step, just_closed = 1, None
            if char == "\\":
                step = self._escape(text, place)
            elif char == "[":
                step = _set_length(text, place)
            elif char == "(":
                step = self._open(text, place)
                inner.append(False)
            elif char == ")":
                just_closed = inner.pop() if inner else False
                if inner and just_closed:
                    inner[-1] = True
            elif char == "|":
                self._optional += 1 if inner else 0
                inner[-1:] = [True] if inner else []
            elif char in "*+?{":
                step = self._repeat(text, place, closed)
                inner[-1:] = [True] if inner else []
            closed = just_closed
            place += step
        if self.repeats >= len(LOOKED_AT):
            self._refuse(0, f"it has {self.repeats} repetitions; at most {len(LOOKED_AT) - 1} are allowed")
        if self._optional > MOST_OPTIONAL:
            self._refuse(0, f"it has {self._optional} optional parts; at most {MOST_OPTIONAL} are allowed")

    def _refuse(self, place: int, why: str) -> None:
        raise QueryError(
            f"this pattern could take too long: {why}", self._at + 1 + place, "a simpler regular expression"
        )

    def _escape(self, text: str, place: int) -> int:
        if text[place + 1 : place + 2].isdigit() and text[place + 1] != "0":
            self._refuse(place, "back references are not allowed")
        return 2

    def _open(self, text: str, place: int) -> int:
        if not text.startswith("(?", place):
            return 1
        group = _GROUP.match(text, place)
        if not group or "x" in group.group().split("<")[0]:
            self._refuse(place, "this kind of group is not allowed")
        return len(group.group()) if group else 1

    def _repeat(self, text: str, place: int, closed: bool | None) -> int:
        step, least, most = 1, 0, None
        if text[place] == "?":
            most = 1
        elif text[place] == "{":
            count = _COUNT.match(text, place)
            if not count:
                return 1  # a brace that stands for itself
            step = len(count.group())
            low, comma, high = count.groups()
            least, most = int(low or 0), int(high) if high else None if comma else int(low or 0)
        if text[place + step : place + step + 1] in ("?", "+"):
            step += 1  # lazy or possessive: costs no more
        self._count(place, least, most, closed)
        return step

    def _count(self, place: int, least: int, most: int | None, closed: bool | None) -> None:
        if least > WIDEST_COUNT:
            self._refuse(place, f"a count of {least} is more than {WIDEST_COUNT}")
        if most == 1:
            self._optional += 1
            return
        if closed:
            self._refuse(place, "a repeated group holds a repetition or alternatives")
        if most is None or most > least:
            self.repeats += 1


def _set_length(text: str, place: int) -> int:
    """The length of the set [...] that begins at `place`; a ] right behind the opening stands for itself."""
    end = place + 1
    if text.startswith("^", end):
        end += 1
    if text.startswith("]", end):
        end += 1
    while end < len(text) and text[end] != "]":
        end += 2 if text[end] == "\\" else 1
    return end + 1 - place
