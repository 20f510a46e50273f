"""Settings from the command line, and what the keys mean: `python examples/arguments.py --lr 0.05`."""

import argparse
import math
import random

import kymograph as ky

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--seed", type=int, default=7)
arguments = parser.parse_args()

with ky.init(project="examples", config=arguments, tags={"script": "arguments"}) as run:
    run.define("val/acc", goal="max", clock="epoch", doc="On data that the training never sees.")
    run.define("loss", goal="min")
    run.define("time/*", unit="s")

    noise = random.Random(arguments.seed)
    step = 0
    for epoch in range(arguments.epochs):
        for _ in range(100):
            loss = math.exp(-arguments.lr * step) + noise.gauss(0, 0.02)
            run.log({"loss": loss, "time": {"batch": noise.uniform(0.01, 0.02)}}, step=step)
            step += 1
        run.log({"epoch": epoch, "val/acc": 1 - math.exp(-arguments.lr * step)}, step=step)

    run.summary["test/acc"] = 1 - math.exp(-arguments.lr * step) - 0.01
