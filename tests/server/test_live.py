"""News of the store, merged for a listener that has not asked yet."""

import asyncio
import logging

import kymograph
from kymograph.server.live import Listener, Live, News, event


def test_news_that_nobody_took_merge_into_one():
    async def telling():
        listener = Listener(None)
        listener.tell(News(runs={"a"}, keys={"a": {"loss"}}, new={"a"}))
        listener.tell(News(runs={"a", "b"}, keys={"a": {"acc"}, "b": {"loss"}}))
        return listener.take(), listener.take(), listener.wake.is_set()

    news, nothing, waiting = asyncio.run(telling())
    assert news == News({"a", "b"}, {"a": {"loss", "acc"}, "b": {"loss"}}, {"a"}, set())
    assert not nothing
    assert not waiting


def test_a_run_that_went_is_only_named_as_gone():
    news = News(runs={"a", "b"}, keys={"a": {"loss"}}, new={"a"})
    news.add(News(removed={"a"}))
    assert news == News({"b"}, {}, set(), {"a"})


def test_a_run_that_came_back_is_new_and_not_gone():
    news = News(removed={"a"})
    news.add(News(runs={"a"}, new={"a"}))
    assert news == News({"a"}, {}, {"a"}, set())


def test_an_event_is_one_line_of_data():
    sent = event("change", News(runs={"b", "a"}, keys={"a": {"x\ny"}}).event())
    assert sent == b'event: change\ndata: {"runs":["a","b"],"keys":{"a":["x\\ny"]},"new":[],"removed":[]}\n\n'


def test_a_watch_that_breaks_ends_the_lines_and_the_next_line_starts_it_anew(three, store_path, caplog):
    store = kymograph.open(store_path)
    live = Live(store)
    refresh = store.refresh

    def breaks():
        raise ArithmeticError("nobody expected this")

    async def listening():
        store.refresh = breaks
        first = live.join(None)
        await asyncio.wait_for(first.wake.wait(), 30)
        live.leave(first)
        store.refresh = refresh
        second = live.join(None)
        with kymograph.init("digits") as run:
            run.log({"loss": 1})
        while run.id not in second.take().new:
            await asyncio.wait_for(second.wake.wait(), 30)
        live.leave(second)
        return first.over, second.over

    with caplog.at_level(logging.ERROR, "kymograph.server"):
        assert asyncio.run(listening()) == (True, False)
    assert "nobody expected this" in caplog.text


def test_a_store_that_cannot_be_read_for_a_while_is_complained_of_once_and_watched_on(
    three, store_path, caplog
):
    store = kymograph.open(store_path)
    live = Live(store)
    refresh, calls = store.refresh, []

    def away():
        calls.append(1)
        if len(calls) <= 2:
            raise OSError("the disk is away")
        return refresh()

    async def listening():
        store.refresh = away
        listener = live.join(None)
        with kymograph.init("digits") as run:
            run.log({"loss": 1})
        while run.id not in listener.take().new:
            await asyncio.wait_for(listener.wake.wait(), 30)
        live.leave(listener)
        return listener.over

    assert asyncio.run(listening()) is False
    assert caplog.text.count("the disk is away") == 1


def test_a_listener_that_comes_late_still_hears_of_the_last_seconds(three, store_path):
    store = kymograph.open(store_path)
    live = Live(store)

    async def listening():
        with kymograph.init("digits") as run:
            run.log({"loss": 1})
        await live.look()  # somebody else's look: the news is not the store's any more
        late, other = live.join("digits"), live.join("elsewhere")
        heard = (run.id in late.take().new, run.id in other.take().new)
        live.leave(late)
        live.leave(other)
        return heard

    assert asyncio.run(listening()) == (True, False)
