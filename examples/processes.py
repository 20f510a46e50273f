"""Four processes write one run, each into a record log of its own."""

import multiprocessing

import kymograph as ky


def work(run: ky.Run, rank: int) -> None:
    for step in range(1000):
        run.log({f"rank/{rank}/loss": 1 / (step + rank + 1), "seen": step * 4 + rank}, step=step)


if __name__ == "__main__":
    with ky.init(project="examples", config={"ranks": 4}) as run:
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=work, args=(run, rank)) for rank in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
