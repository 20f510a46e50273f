"""The two bundled data sets, split and scaled the same way every time."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from kymograph.errors import MissingExtra

CLASSES = 10


@dataclass(frozen=True, slots=True)
class Split:
    """Rows to learn from and rows to judge by; inputs are float64, one row per sample."""

    train_inputs: NDArray[np.float64]
    train_targets: NDArray[np.float64]
    val_inputs: NDArray[np.float64]
    val_targets: NDArray[np.float64]

    def labels(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The targets as class numbers."""
        return self.train_targets.astype(np.int64), self.val_targets.astype(np.int64)


def need_scikit_learn() -> None:
    """Raise MissingExtra when scikit-learn is not there."""
    try:
        import_module("sklearn")
    except ImportError:
        raise MissingExtra("scikit-learn", "demo", "the demo") from None


def digits() -> Split:
    """1,797 handwritten digits of 8 x 8 pixels, inputs in 0 to 1; 540 of them are kept to judge by."""
    return _split(*_load("load_digits"), held=540, scale=16.0)


def diabetes() -> Split:
    """442 patients, ten measures each; the target is the progress of the disease one year later."""
    return _split(*_load("load_diabetes"), held=132, scale=1.0)


def _load(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    need_scikit_learn()
    inputs, targets = getattr(import_module("sklearn.datasets"), name)(return_X_y=True)
    return np.asarray(inputs, dtype=np.float64), np.asarray(targets, dtype=np.float64)


def _split(inputs: NDArray[np.float64], targets: NDArray[np.float64], *, held: int, scale: float) -> Split:
    order = np.random.default_rng(0).permutation(len(inputs))  # one split for all runs, so that they compare
    val, train = order[:held], order[held:]
    return Split(inputs[train] / scale, targets[train], inputs[val] / scale, targets[val])
