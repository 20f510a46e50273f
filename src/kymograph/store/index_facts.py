"""What the index says of one run: its attributes, the facts beside them, its statistics, its pyramids."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kymograph.store.index_rows import SettledRun
from kymograph.store.index_types import STATS
from kymograph.store.pyramid import SHORTEST, Cells, build
from kymograph.store.view import Points, RunFolder

PROJECT = "default"  # of a run that names none


def facts(folder: RunFolder) -> dict[str, object]:
    """A run's attributes, and beside them id, project, status and what else `Index.column` names."""
    attributes = dict(folder.attributes)
    status = folder.status
    attributes["id"] = folder.id
    attributes["project"] = str(attributes.get("project") or PROJECT)
    attributes["status"] = status.word
    attributes["created"] = folder.created
    attributes["last_activity"] = folder.last_activity
    if status.reason:
        attributes["status_reason"] = status.reason
    if folder.ended is not None:
        attributes["ended"] = folder.ended
    troubles = sum(_count(value) for path, value in attributes.items() if path.startswith("trouble/"))
    troubles += len(folder.damage)
    if troubles:
        attributes["troubles"] = troubles
    return attributes


def moments(facts: Mapping[str, object]) -> tuple[float, float]:
    """When the run was created and last active; 0 where nothing says so."""
    return _finite(facts["created"]), _finite(facts["last_activity"])


def project_of(facts: Mapping[str, object]) -> str:
    """The project a run belongs to."""
    return str(facts["project"])


def _count(trouble: object) -> int:
    count = trouble.get("count", 1) if isinstance(trouble, dict) else 1
    return count if isinstance(count, int) else 1


def stats_row(folder: RunFolder, key: str) -> NDArray[np.float64] | None:
    """One row of STATS; None where the run has no such series."""
    stats = folder.stats(key)
    if not stats.count:
        return None
    return np.array([getattr(stats, name) for name in STATS], np.float64)


def stats_of(folder: RunFolder) -> dict[str, NDArray[np.float64]]:
    """The statistics of all series of a run."""
    rows = {key: stats_row(folder, key) for key in folder.keys()}
    return {key: row for key, row in rows.items() if row is not None}


def settled_run(folder: RunFolder, facts: Mapping[str, object], folder_time: int) -> SettledRun:
    """All that the index keeps of a settled run; reads the points of its long series."""
    stats = stats_of(folder)
    long = [key for key, row in stats.items() if row[STATS.index("count")] >= SHORTEST]
    created, active = moments(facts)
    return SettledRun(
        id=folder.id,
        project=project_of(facts),
        created=created,
        active=active,
        folder_time=folder_time,
        attributes=facts,
        stats=stats,
        texts=folder.text_keys(),
        pyramids={key: pyramid_of(folder.points(key)) for key in long},
    )


def pyramid_of(points: Points) -> Sequence[Cells]:
    """The pyramid by step. A point whose step is not finite has no place in a drawing and none in it."""
    step, value = points.step, points.value
    if not np.isfinite(step).all():
        keep = np.isfinite(step)
        step, value = step[keep], value[keep]
    if (step[1:] < step[:-1]).any():
        order = np.argsort(step, kind="stable")
        step, value = step[order], value[order]
    return build(step, value)


def _finite(moment: object) -> float:
    return moment if isinstance(moment, float) and math.isfinite(moment) else 0.0
