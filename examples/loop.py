"""The smallest training script: a loop that logs."""

import kymograph as ky

with ky.init(project="examples", config={"lr": 0.1, "steps": 200}) as run:
    weight = 5.0
    for _ in range(run.config.steps):
        gradient = 2 * weight
        weight -= run.config.lr * gradient * 0.1
        run.log({"loss": weight**2, "weight": weight})
