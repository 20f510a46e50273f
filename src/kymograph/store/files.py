"""Which files of a run's folder belong to whom, and which numbers are missing; pure."""

from __future__ import annotations

from collections.abc import Iterable

from kymograph.store.layout import LogName, SegmentName, parse

FileName = SegmentName | LogName
Ranges = list[tuple[int, int]]

_FILES = 1 << 31  # a sequence holds no greater number


def by_writer(names: Iterable[str]) -> dict[str, list[FileName]]:
    """The files by writer, segments before the logs they may replace, the widest first."""
    found: dict[str, list[FileName]] = {}
    for name in names:
        parsed = parse(name)
        if parsed is not None and last_of(parsed) < _FILES:
            found.setdefault(parsed.writer, []).append(parsed)
    for files in found.values():
        files.sort(key=lambda name: (isinstance(name, LogName), first_of(name), -last_of(name)))
    return found


def first_of(name: FileName) -> int:
    """The number of the first log that a file is or replaces."""
    return name.first if isinstance(name, SegmentName) else name.number


def last_of(name: FileName) -> int:
    """The number of the last log that a file is or replaces."""
    return name.last if isinstance(name, SegmentName) else name.number


def covers(segment: FileName, log: LogName) -> bool:
    """Whether a segment replaces a log."""
    return isinstance(segment, SegmentName) and segment.first <= log.number <= segment.last


def overlap(one: SegmentName, other: SegmentName) -> bool:
    """Whether two segments replace a log both."""
    return one.first <= other.last and other.first <= one.last


def numbers(files: Iterable[FileName]) -> Ranges:
    """The file numbers that are there, as rising closed ranges that do not touch."""
    ranges: Ranges = []
    for first, last in sorted((first_of(name), last_of(name)) for name in files):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges


def minus(some: Ranges, others: Ranges) -> Ranges:
    """What of the ranges the others do not hold."""
    left = []
    for start, end in some:
        at = start
        for first, last in others:
            if last < at or first > end:
                continue
            if first > at:
                left.append((at, first - 1))
            at = last + 1
        if at <= end:
            left.append((at, end))
    return left


def missing(files: Iterable[FileName]) -> Ranges:
    """The numbers that must have been there, because later ones are."""
    there = numbers(files)
    return minus([(0, there[-1][1])], there)
