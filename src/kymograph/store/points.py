"""Points and texts of one series as equal-length columns, and how stretches of them are joined; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kymograph.store.columns import Floats, Ints


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one key as equally long columns; `seq` within its writer, `time` in s since the epoch.

    The columns may be shared with other readers and are not to be written to.
    """

    seq: Ints
    step: Floats
    time: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.seq)

    def where(self, mask: NDArray[np.bool_]) -> Points:
        """Only the points where the mask is true."""
        if mask.all():
            return self
        return Points(self.seq[mask], self.step[mask], self.time[mask], self.value[mask])

    def within(self, steps: tuple[float, float] | None) -> Points:
        """Only the points whose step lies in the closed range; all for None."""
        if steps is None:
            return self
        return self.where((self.step >= steps[0]) & (self.step <= steps[1]))


@dataclass(frozen=True, slots=True)
class Texts:
    """A series of strings, in the order they were written."""

    seq: Ints
    step: Floats
    time: Floats
    text: list[str]

    def __len__(self) -> int:
        return len(self.text)

    def where(self, mask: NDArray[np.bool_]) -> Texts:
        """Only the texts where the mask is true."""
        if mask.all():
            return self
        kept = [text for text, keep in zip(self.text, mask.tolist(), strict=True) if keep]
        return Texts(self.seq[mask], self.step[mask], self.time[mask], kept)


NO_POINTS = Points(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0))
NO_TEXTS = Texts(np.empty(0, np.int64), np.empty(0), np.empty(0), [])


def join(parts: Sequence[Points]) -> Points:
    """Stretches one after the other."""
    parts = [part for part in parts if len(part)]
    if len(parts) <= 1:
        return parts[0] if parts else NO_POINTS
    return Points(
        np.concatenate([part.seq for part in parts]),
        np.concatenate([part.step for part in parts]),
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.value for part in parts]),
    )


def merge(parts: Sequence[Points]) -> Points:
    """Stretches of one writer, brought into the order of their sequences."""
    points = join(parts)
    if (points.seq[1:] >= points.seq[:-1]).all():
        return points
    order = np.argsort(points.seq, kind="stable")
    return Points(points.seq[order], points.step[order], points.time[order], points.value[order])


def join_texts(parts: Sequence[Texts]) -> Texts:
    """Stretches one after the other."""
    parts = [part for part in parts if len(part)]
    if len(parts) <= 1:
        return parts[0] if parts else NO_TEXTS
    return Texts(
        np.concatenate([part.seq for part in parts]),
        np.concatenate([part.step for part in parts]),
        np.concatenate([part.time for part in parts]),
        [text for part in parts for text in part.text],
    )


def merge_texts(parts: Sequence[Texts]) -> Texts:
    """Stretches of one writer, brought into the order of their sequences."""
    texts = join_texts(parts)
    if (texts.seq[1:] >= texts.seq[:-1]).all():
        return texts
    order = np.argsort(texts.seq, kind="stable")
    return Texts(
        texts.seq[order],
        texts.step[order],
        texts.time[order],
        [texts.text[place] for place in order.tolist()],
    )


def decode_text(data: bytes) -> str:
    """A text value; bytes that are no UTF-8 show as replacement characters."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
