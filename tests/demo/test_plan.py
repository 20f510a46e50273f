"""What the demo is going to train."""

from collections import Counter

from kymograph.demo.plan import find, plan


def test_about_thirty_runs_in_two_projects():
    jobs = plan()
    assert 28 <= len(jobs) <= 36
    assert Counter(job.project for job in jobs) == {"digits": 21, "diabetes": 10}


def test_names_are_unique_and_find_their_job():
    jobs = plan()
    assert len({job.name for job in jobs}) == len(jobs)
    assert all(find(job.name) == job for job in jobs)


def test_one_job_is_meant_to_fail():
    assert [job.name for job in plan() if job.fails] == ["32-lr2-diverging"]


def test_the_sweep_crosses_architectures_rates_and_seeds():
    sweep = [job.config for job in plan() if job.recipe == "network" and not job.fails]
    seen = {(tuple(one["model"]["hidden"]), one["optim"]["lr"], one["seed"]) for one in sweep}
    assert len(seen) == len(sweep) == 18
