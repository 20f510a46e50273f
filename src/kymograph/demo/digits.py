"""Trains classifiers on the handwritten digits and logs everything there is to see."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import kymograph
from kymograph.demo.data import CLASSES, Split, digits
from kymograph.demo.network import Array, Labels, Network, Pass


def define(run: kymograph.Run) -> None:
    """Say once what the keys mean; the page shows it."""
    run.define("val/accuracy", goal="max", doc="Share of the 540 held-out digits that are named right.")
    run.define("val/loss", goal="min", unit="nats", doc="Cross-entropy on the held-out digits.")
    run.define("train/loss", goal="min", unit="nats", doc="Cross-entropy of the batch.")
    run.define("train/accuracy", goal="max")
    run.define("val_class/*", goal="max", doc="Share of one digit's held-out samples that are named right.")
    run.define("gradient/*", doc="L2 norm of a layer's weight gradient.")
    run.define("update/*", doc="How far a step moved a layer's weights, relative to their norm.")
    run.define("silent/*", doc="Share of a hidden layer's units that were below zero.")
    run.define("time/throughput", goal="max", unit="samples/s")
    run.define("time/epoch", goal="min", unit="s")


def train_network(run: kymograph.Run, config: Mapping[str, Any]) -> None:
    """Minibatches, momentum, a warm-up and a cosine. Raises FloatingPointError when it diverges."""
    data = digits()
    rng = np.random.default_rng(config["seed"])
    network = _network(config, rng)
    run.config["parameters"] = network.parameters
    for _ in _epochs(run, network, data, rng, config):
        pass


def train_annealed(run: kymograph.Run, config: Mapping[str, Any], fork: Any) -> None:
    """Train; then go on from the middle at a twentieth of the rate, in a run made by `fork(step)`."""
    data = digits()
    rng = np.random.default_rng(config["seed"])
    network = _network(config, rng)
    saved, at = network.snapshot(), 0
    for epoch, step in _epochs(run, network, data, rng, config):
        if epoch == config["epochs"] // 2:
            saved, at = network.snapshot(), step
    run.finish()
    network.restore(saved)
    gentle = {
        **config,
        "optim": {**config["optim"], "lr": config["optim"]["lr"] / 20, "schedule": "constant"},
    }
    with fork(at) as branch:
        define(branch)
        branch.config.update(gentle)
        for _ in _epochs(branch, network, data, rng, gentle, first=at + 1):
            pass


def train_stream(run: kymograph.Run, config: Mapping[str, Any]) -> None:
    """One sample per step, every step logged."""
    data = digits()
    rng = np.random.default_rng(config["seed"])
    network = _network(config, rng)
    labels, _ = data.labels()
    rate = config["optim"]["lr"]
    running = 0.1
    step = 0
    for epoch in range(config["epochs"]):
        for row in rng.permutation(len(labels)):
            found = network.gradients(data.train_inputs[row : row + 1], labels[row : row + 1])
            network.descend(found, rate, momentum=0.0)
            running += 0.001 * (found.accuracy - running)
            run.log({"train/loss": found.loss, "train/accuracy_running": running}, step=step)
            step += 1
        run.log({"epoch": epoch, **_judge(network, data)}, step=step - 1)


def _network(config: Mapping[str, Any], rng: np.random.Generator) -> Network:
    return Network((64, *config["model"]["hidden"], CLASSES), rng)


def _epochs(
    run: kymograph.Run,
    network: Network,
    data: Split,
    rng: np.random.Generator,
    config: Mapping[str, Any],
    first: int = 0,
) -> Iterator[tuple[int, int]]:
    """The training loop; yields (epoch, last step) after each epoch."""
    labels, _ = data.labels()
    size = config["batch"]
    per_epoch = len(labels) // size
    total = per_epoch * config["epochs"]
    for epoch in range(first // per_epoch, config["epochs"]):
        began = time.perf_counter()
        order = rng.permutation(len(labels))
        for batch in range(per_epoch):
            step = epoch * per_epoch + batch
            rows = order[batch * size : (batch + 1) * size]
            rate = _rate(config["optim"], step, total)
            values = _step(network, data.train_inputs[rows], labels[rows], rate, config)
            run.log(values, step=step)
            _check(values["train/loss"], step)
        took = time.perf_counter() - began
        pace = {"epoch": epoch, "time/epoch": took, "time/throughput": per_epoch * size / took}
        run.log({**pace, **_judge(network, data)}, step=step)
        yield epoch, step


def _step(
    network: Network, inputs: Array, labels: Labels, rate: float, config: Mapping[str, Any]
) -> dict[str, float]:
    loss = _naive_loss(network, inputs, labels) if config["loss"] == "naive" else None
    found = network.gradients(inputs, labels)
    moved = network.descend(found, rate, config["optim"]["momentum"])
    return {
        "train/loss": found.loss if loss is None else loss,
        "train/accuracy": found.accuracy,
        "lr": rate,
        **_inside(network, found, moved),
    }


def _check(loss: float, step: int) -> None:
    if not math.isfinite(loss):
        raise FloatingPointError(f"train/loss is {loss} at step {step}; the training diverged")


def _naive_loss(network: Network, inputs: Array, labels: Labels) -> float:
    """Cross-entropy as one writes it first: right until a probability is so small that it is zero."""
    chances = np.exp(network.log_chances(inputs))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-(np.eye(CLASSES)[labels] * np.log(chances)).sum(axis=1).mean())


def _inside(network: Network, found: Pass, moved: list[float]) -> dict[str, float]:
    values: dict[str, float] = {}
    for layer, gradient in enumerate(found.weights):
        size = float(np.linalg.norm(network.weights[layer]))
        values[f"gradient/layer{layer}"] = float(np.linalg.norm(gradient))
        values[f"weight/layer{layer}"] = size
        values[f"update/layer{layer}"] = moved[layer] / size
    for layer, share in enumerate(found.silent):
        values[f"silent/layer{layer}"] = share
    return values


def _judge(network: Network, data: Split) -> dict[str, float]:
    _, labels = data.labels()
    logs = network.log_chances(data.val_inputs)
    right = logs.argmax(axis=1) == labels
    values = {
        "val/loss": float(-logs[np.arange(len(labels)), labels].mean()),
        "val/accuracy": float(right.mean()),
        "val/confidence": float(np.exp(logs.max(axis=1)).mean()),
    }
    for digit in range(CLASSES):
        values[f"val_class/{digit}"] = float(right[labels == digit].mean())
    return values


def _rate(optim: Mapping[str, Any], step: int, total: int) -> float:
    top: float = optim["lr"]
    if optim["schedule"] == "constant":
        return top
    warm = min(1.0, (step + 1) / int(optim["warmup"]))
    return top * warm * 0.5 * (1.0 + math.cos(math.pi * step / total))
