"""What the demo trains: one Job per process, in the order in which they start."""

from __future__ import annotations

from dataclasses import dataclass, field

SIZES = {"linear": (), "32": (32,), "64x32": (64, 32)}
RATES = (0.01, 0.05, 0.2)
SEEDS = (0, 1)


@dataclass(frozen=True, slots=True)
class Job:
    """One run to come: which recipe trains it, and what is said about it."""

    name: str
    project: str
    recipe: str
    group: str
    config: dict[str, object]
    tags: tuple[str, ...] = ()
    notes: str = ""
    fails: bool = field(default=False)  # it is meant to break, so that a broken run can be looked at


def plan() -> list[Job]:
    """Every job. The long one comes first, so that it runs beside all the others."""
    return [_stream(), _diverging(), *_digits(), _annealed(), *_diabetes()]


def find(name: str) -> Job:
    """The job of that name. Raises KeyError."""
    return {job.name: job for job in plan()}[name]


def _digits() -> list[Job]:
    return [
        Job(
            name=f"{size}-lr{rate:g}-s{seed}",
            project="digits",
            recipe="network",
            group=size,
            config=_network(SIZES[size], rate, seed, epochs=80),
            tags=("sweep", f"seed-{seed}"),
        )
        for seed in SEEDS
        for size in SIZES
        for rate in RATES
    ]


def _network(hidden: tuple[int, ...], rate: float, seed: int, epochs: int) -> dict[str, object]:
    return {
        "model": {"kind": "mlp" if hidden else "softmax", "hidden": list(hidden)},
        "optim": {"lr": rate, "momentum": 0.9, "schedule": "warmup-cosine", "warmup": 40},
        "batch": 64,
        "epochs": epochs,
        "loss": "log-softmax",
        "seed": seed,
    }


def _stream() -> Job:
    config = _network((24,), 0.01, 0, epochs=90)
    config["batch"] = 1
    return Job(
        name="24-per-sample",
        project="digits",
        recipe="stream",
        group="24",
        config=config,
        tags=("long", "per-sample"),
        notes="Plain stochastic gradient descent, one sample per step and every step logged: more than "
        "100,000 points in each of its series. Zoom in until the single points appear.",
    )


def _diverging() -> Job:
    config = _network((32,), 2.0, 0, epochs=80)
    config["loss"] = "naive"
    return Job(
        name="32-lr2-diverging",
        project="digits",
        recipe="network",
        group="32",
        config=config,
        tags=("expected-to-fail",),
        notes="A learning rate far too high, and the loss taken as log(softmax(x)) in two steps: it becomes "
        "NaN within the first hundred batches, and the training stops itself.",
        fails=True,
    )


def _annealed() -> Job:
    return Job(
        name="64x32-lr0.2-annealed",
        project="digits",
        recipe="annealed",
        group="64x32",
        config=_network((64, 32), 0.2, 2, epochs=80),
        tags=("fork",),
        notes="Forked in the middle of a run and continued at a twentieth of its learning rate.",
    )


def _diabetes() -> list[Job]:
    ridges = [
        Job(
            name=f"ridge-{penalty:g}",
            project="diabetes",
            recipe="ridge",
            group="ridge",
            config={"model": "ridge", "alpha": penalty, "seed": 0},
            notes="Fitted on growing parts of the training rows: a learning curve.",
        )
        for penalty in (0.01, 1.0)
    ]
    boosted = [
        Job(
            name=f"boosting-depth{depth}-lr{rate:g}",
            project="diabetes",
            recipe="boosting",
            group="boosting",
            config={"model": "gradient-boosting", "depth": depth, "lr": rate, "trees": 300, "seed": 0},
            tags=("sweep",),
        )
        for depth in (1, 3)
        for rate in (0.03, 0.1)
    ]
    perceptrons = [
        Job(
            name=f"perceptron-{hidden}-s{seed}",
            project="diabetes",
            recipe="perceptron",
            group=f"perceptron-{hidden}",
            config={"model": "mlp", "hidden": hidden, "lr": 0.003, "epochs": 300, "seed": seed},
            tags=("sweep", f"seed-{seed}"),
        )
        for seed in SEEDS
        for hidden in (16, 64)
    ]
    return [*ridges, *boosted, *perceptrons]
