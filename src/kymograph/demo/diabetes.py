"""Trains three kinds of regressors on the diabetes data and logs how they learn."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

import kymograph
from kymograph.demo.data import diabetes

R2 = "Share of the target's variance that is explained."


def define(run: kymograph.Run) -> None:
    """Say once what the keys mean; the page shows it."""
    for part in ("train", "val"):
        run.define(f"{part}/r2", goal="max", doc=R2)
        run.define(f"{part}/rmse", goal="min", doc="Root of the mean squared error.")
        run.define(f"{part}/mae", goal="min", doc="Mean absolute error.")
    run.define("weight/*", doc="Coefficient of one of the ten measures.")


def train_ridge(run: kymograph.Run, config: Mapping[str, Any]) -> None:
    """Ridge regression on growing parts of the training rows; the row count is a clock of its own."""
    data = diabetes()
    for part in ("train", "val"):
        run.define(f"{part}/r2", goal="max", clock="rows", doc=R2)
    linear = import_module("sklearn.linear_model")
    names = import_module("sklearn.datasets").load_diabetes().feature_names
    for rows in range(20, len(data.train_inputs) + 1, 5):
        inputs, targets = data.train_inputs[:rows], data.train_targets[:rows]
        model = linear.Ridge(alpha=config["alpha"]).fit(inputs, targets)
        weights = {f"weight/{name}": weight for name, weight in zip(names, model.coef_, strict=True)}
        run.log(
            {
                "rows": rows,
                **scores("train", targets, model.predict(inputs)),
                **scores("val", data.val_targets, model.predict(data.val_inputs)),
                **weights,
            }
        )


def train_boosting(run: kymograph.Run, config: Mapping[str, Any]) -> None:
    """Gradient boosting, judged after every tree while it grows."""
    data = diabetes()
    model = import_module("sklearn.ensemble").GradientBoostingRegressor(
        n_estimators=config["trees"],
        learning_rate=config["lr"],
        max_depth=config["depth"],
        subsample=0.8,
        random_state=config["seed"],
    )

    def after_tree(tree: int, grown: Any, _: object) -> bool:
        # The first prediction plus one step per tree: what scikit-learn's own staged_predict adds up.
        for part in forecast:
            forecast[part] += config["lr"] * grown.estimators_[tree, 0].predict(inputs[part])
        run.log(
            {
                **scores("train", data.train_targets, forecast["train"]),
                **scores("val", data.val_targets, forecast["val"]),
                "train/subsample_loss": grown.train_score_[tree],
                "oob/improvement": grown.oob_improvement_[tree],
            },
            step=tree,
        )
        return False

    inputs = {"train": data.train_inputs, "val": data.val_inputs}
    mean = data.train_targets.mean()
    forecast = {part: np.full(len(rows), mean) for part, rows in inputs.items()}
    model.fit(data.train_inputs, data.train_targets, monitor=after_tree)
    run.summary["depth_used"] = int(max(tree.get_depth() for tree in model.estimators_[:, 0]))


def train_perceptron(run: kymograph.Run, config: Mapping[str, Any]) -> None:
    """scikit-learn's multilayer perceptron, one partial_fit per epoch."""
    data = diabetes()
    network = import_module("sklearn.neural_network")
    model = network.MLPRegressor(
        hidden_layer_sizes=(config["hidden"],), learning_rate_init=config["lr"], random_state=config["seed"]
    )
    scale = data.train_inputs.std(axis=0)
    inputs, val = data.train_inputs / scale, data.val_inputs / scale
    centre, spread = data.train_targets.mean(), data.train_targets.std()
    targets = (data.train_targets - centre) / spread
    for epoch in range(config["epochs"]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns that one pass has not converged, each time
            model.partial_fit(inputs, targets)
        values = {
            **scores("train", data.train_targets, model.predict(inputs) * spread + centre),
            **scores("val", data.val_targets, model.predict(val) * spread + centre),
            "train/loss": model.loss_,
        }
        for layer, weight in enumerate(model.coefs_):
            values[f"weight_norm/layer{layer}"] = float(np.linalg.norm(weight))
        run.log(values, step=epoch)


def scores(part: str, targets: NDArray[np.float64], forecast: NDArray[np.float64]) -> dict[str, float]:
    """r2, rmse and mae of a forecast, under `part/`."""
    error = targets - forecast
    spread = float(((targets - targets.mean()) ** 2).sum())
    return {
        f"{part}/r2": 1.0 - float((error**2).sum()) / spread,
        f"{part}/rmse": float(np.sqrt((error**2).mean())),
        f"{part}/mae": float(np.abs(error).mean()),
    }
