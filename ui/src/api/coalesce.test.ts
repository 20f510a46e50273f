/** One change out of many events. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type Change, coalesce, gather, noChange } from "./coalesce";
import type { ChangeEvent } from "./shapes";

const event = (part: Partial<ChangeEvent>): ChangeEvent => ({ runs: [], keys: {}, new: [], removed: [], ...part });

describe("gathering", () => {
  test("keys of one run from many events come together", () => {
    const change = noChange();
    gather(change, event({ keys: { a: ["loss"] } }));
    gather(change, event({ runs: ["b"], keys: { a: ["acc", "loss"] } }));
    expect([...change.runs]).toEqual(["a", "b"]);
    expect([...(change.keys.get("a") ?? [])]).toEqual(["loss", "acc"]);
  });

  test("a run that came and went is only gone", () => {
    const change = gather(gather(noChange(), event({ new: ["a"], runs: ["a"] })), event({ removed: ["a"] }));
    expect(change.added.size).toBe(0);
    expect(change.runs.size).toBe(0);
    expect([...change.removed]).toEqual(["a"]);
  });
});

describe("coalescing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("the first event after silence is handed over at once, the rest together after the pause", () => {
    const seen: Change[] = [];
    const gatherer = coalesce((change) => seen.push(change), 250);
    gatherer.add(event({ runs: ["a"] }));
    expect(seen).toHaveLength(1);
    gatherer.add(event({ runs: ["b"] }));
    gatherer.add(event({ runs: ["c"] }));
    expect(seen).toHaveLength(1);
    vi.advanceTimersByTime(250);
    expect(seen.map((change) => [...change.runs])).toEqual([["a"], ["b", "c"]]);
  });

  test("nothing runs while nothing happens", () => {
    const gatherer = coalesce(() => undefined, 250);
    gatherer.add(event({ runs: ["a"] }));
    vi.advanceTimersByTime(250);
    expect(vi.getTimerCount()).toBe(0);
  });
});
