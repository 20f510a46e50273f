"""News of the store, merged for a listener that has not asked yet."""

import asyncio

from kymograph.server.live import Listener, News, event


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
