"""A training that is interrupted, and goes on from its last checkpoint: run it twice."""

import json
from pathlib import Path

import kymograph as ky

CHECKPOINT = Path("checkpoint.json")
EVERY = 100
CRASH_AT = 250

state = {"run": None, "step": 0, "weight": 5.0}
if CHECKPOINT.exists():
    state = json.loads(CHECKPOINT.read_text())

# What the first attempt logged behind its last checkpoint stays visible as a branch.
goes_on = {"id": f"{state['run']}@{state['step']}"} if state["run"] else {}
with ky.init(project="examples", config={"lr": 0.01}, **goes_on) as run:
    weight = state["weight"]
    for step in range(state["step"] + 1, 501):
        weight -= run.config.lr * 2 * weight
        run.log({"loss": weight**2}, step=step)
        if step % EVERY == 0:
            CHECKPOINT.write_text(json.dumps({"run": run.id, "step": step, "weight": weight}))
        if step == CRASH_AT and not goes_on:
            raise SystemExit("the power went out")
