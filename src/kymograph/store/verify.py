"""Proves every byte of a run readable: each frame of each log, each block of each segment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kymograph.errors import CorruptData, FormatTooNew
from kymograph.store import layout
from kymograph.store.layout import LogName, SegmentName, StoreFolder
from kymograph.store.logreader import TORN, UNDEFINED, LogReader
from kymograph.store.segment import Segment
from kymograph.store.view import RunFolder

CUT = "cut"  # nothing whole was lost: a crash left a frame unfinished, and it counts for nothing
KEPT = "kept"  # cannot be read now, but the bytes are there
LOST = "lost"

Progress = Callable[[str, int], None]  # called with a file's name and its bytes, when it was read


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that is not as it should be. `effect` is cut, kept or lost; `what` says it in a sentence."""

    file: str
    start: int
    end: int
    effect: str
    what: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file, read from its first byte to its last. `points` counts each key's points and values."""

    file: str
    size: int  # bytes
    points: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run's folder."""

    run: str
    files: tuple[FileReport, ...]
    findings: tuple[Finding, ...]  # of all files, and of files that are missing

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged; a torn tail that was cut is no damage."""
        return all(finding.effect == CUT for finding in self.findings)

    @property
    def points(self) -> int:
        """Points and values that were read."""
        return sum(file.points for file in self.files)

    @property
    def size(self) -> int:
        """Bytes that were read."""
        return sum(file.size for file in self.files)


def _silent(_file: str, _size: int) -> None:
    pass


def verify_run(folder: str | Path, progress: Progress = _silent) -> RunReport:
    """Read all of a run. Changes nothing on disk."""
    path = Path(folder)
    view = RunFolder(path)
    view.refresh()
    writing = {writer.id for writer in view.writers if writer.alive}
    files: list[FileReport] = []
    names = {name: parsed for name in sorted(_listed(path)) if (parsed := layout.parse(name)) is not None}
    for name, parsed in names.items():
        if isinstance(parsed, SegmentName):
            report = _segment(path, name)
        else:
            last = max(_last(other) for other in names.values() if other.writer == parsed.writer)
            report = _log(path, name, parsed, final=last > parsed.number or parsed.writer not in writing)
        if report is not None:
            files.append(report)
            progress(name, report.size)
    missing = [Finding(hole.file, 0, 0, LOST, f"the file is {hole.what}") for hole in view.holes]
    return RunReport(
        path.name, tuple(files), (*(one for report in files for one in report.findings), *missing)
    )


def verify_store(store: StoreFolder, progress: Progress = _silent) -> Iterator[RunReport]:
    """Read all of a store, run by run."""
    for run in sorted(filter(layout.is_run_id, _listed(Path(store.runs)))):
        yield verify_run(os.path.join(store.runs, run), progress)


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _last(name: SegmentName | LogName) -> int:
    return name.last if isinstance(name, SegmentName) else name.number


def _size(folder: Path, name: str) -> int:
    return os.stat(folder / name).st_size


def _segment(folder: Path, name: str) -> FileReport | None:
    try:
        size = _size(folder, name)
        segment = Segment(str(folder / name))
    except FileNotFoundError:
        return None  # went while the others were read
    except FormatTooNew as error:
        return _unreadable(name, size, KEPT, error)
    except CorruptData as error:
        return _unreadable(name, size, LOST, error)
    points = 0
    for table in segment.tables:
        for chunk, rows in enumerate(table.rows.tolist()):
            if segment.rows_of(table, chunk) is not None:
                points += rows * len(table.keys)
    for values in segment.values:
        for chunk, rows in enumerate(values.rows.tolist()):
            if segment.values_of(values, chunk) is not None:
                points += rows
    segment.frames()
    findings = [Finding(one.file, one.start, one.end, LOST, one.what) for one in segment.damage]
    for gap in segment.gaps:
        effect, what = _gap(gap.what)
        log = layout.log_name(segment.writer, gap.file)
        findings.append(Finding(log, gap.start, gap.end, effect, f"{what}; found when the log was sealed"))
    return FileReport(name, size, points, tuple(findings))


def _log(folder: Path, name: str, parsed: LogName, *, final: bool) -> FileReport | None:
    try:
        size = _size(folder, name)
        batch = LogReader(str(folder / name), parsed.number).read(final=final)
    except FileNotFoundError:
        return None
    except FormatTooNew as error:
        return _unreadable(name, size, KEPT, error)
    except CorruptData as error:
        return _unreadable(name, size, LOST, error)
    points = sum(rows.values.size for rows in batch.tables) + len(batch.values)
    findings = tuple(Finding(name, gap.start, gap.end, *_gap(gap.what)) for gap in batch.gaps)
    return FileReport(name, size, points, findings)


def _unreadable(name: str, size: int, effect: str, error: Exception) -> FileReport:
    return FileReport(name, size, 0, (Finding(name, 0, size, effect, str(error)),))


def _gap(what: str) -> tuple[str, str]:
    """Effect and sentence of a gap in a log."""
    if what == TORN:
        return CUT, "an unfinished frame at the end of the log was cut"
    if what == UNDEFINED:
        return KEPT, "points whose keys are not known: the definition of their key set is damaged"
    return LOST, "frames here do not pass their check; all around them was read"
