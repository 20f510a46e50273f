/** The table asks for what is looked at and never shows nothing while it has something. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { RunsAsk } from "./client";
import { noChange } from "./coalesce";
import type { RunsReply } from "./shapes";
import { RunsTable } from "./table";

interface Store {
  ids: string[];
  asks: RunsAsk[];
  value: (id: string, column: string) => number;
}

/** A server of `count` runs that answers as the real one does: filtered by `id in`, one page at a time. */
const server = (count: number): Store & { ask: (ask: RunsAsk) => Promise<RunsReply> } => {
  const store: Store = { ids: Array.from({ length: count }, (_, n) => `run${n}`), asks: [], value: (id) => id.length };
  const ask = (asked: RunsAsk): Promise<RunsReply> => {
    store.asks.push(asked);
    if (asked.query === "bad <") return Promise.reject(new Error("a value is expected"));
    const named = asked.query.startsWith("id in") ? store.ids.filter((id) => asked.query.includes(`"${id}"`)) : store.ids;
    const rows = named.slice(asked.offset, asked.offset + asked.limit).map((id) => ({
      id,
      name: id,
      status: "running",
      colour: null,
      created: 1,
      ended: null,
      duration: 1,
      group: null,
      parent: null,
      troubles: 0,
      cells: asked.columns.map((column) => store.value(id, column)),
    }));
    const columns = asked.columns.map((name) => ({ name, kind: "number" as const, goal: null, best: null, low: 0, high: 9 }));
    return Promise.resolve({ total: store.ids.length, matched: named.length, live: 1, columns, rows });
  };
  return Object.assign(store, { ask });
};

const plain = { query: "", sort: [] };
const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("only the pages and columns that are looked at are asked for, once", async () => {
  const store = server(1000);
  const table = new RunsTable("digits", store.ask);
  table.look(plain, 0, 40, ["loss"]);
  await settle();
  table.look(plain, 0, 41, ["loss"]);
  table.look(plain, 90, 130, ["loss", "acc"]);
  await settle();
  expect(store.asks.map(({ offset, columns }) => [offset, columns.join()])).toEqual([
    [0, "loss"],
    [0, "acc"],
    [100, "loss,acc"],
  ]);
  expect(table.snapshot().rows.get(129)?.cells.get("acc")).toBe(6);
  expect(table.snapshot().matched).toBe(1000);
});

test("old rows stay while another question waits, and when it is refused", async () => {
  const store = server(3);
  const table = new RunsTable("digits", store.ask);
  table.look(plain, 0, 40, []);
  await settle();
  table.look({ query: "bad <", sort: [] }, 0, 40, []);
  expect(table.snapshot().waiting).toBe(true);
  await settle();
  expect(table.snapshot().error?.message).toBe("a value is expected");
  expect(table.snapshot().rows.size).toBe(3);
});

test("a run that changed is patched in its place", async () => {
  const store = server(300);
  const table = new RunsTable("digits", store.ask);
  table.look(plain, 0, 40, ["loss"]);
  await settle();
  store.value = () => 0.5;
  store.ids.reverse();
  table.apply({ ...noChange(), runs: new Set(["run7", "run250"]) });
  await vi.advanceTimersByTimeAsync(1000);
  expect(table.snapshot().rows.get(7)?.run.id).toBe("run7");
  expect(table.snapshot().rows.get(7)?.cells.get("loss")).toBe(0.5);
  expect(table.snapshot().rows.get(8)?.cells.get("loss")).toBe(4);
  expect(table.snapshot().epoch).toBe(0);
});

test("new runs reload the question, and the view is told", async () => {
  const store = server(3);
  const table = new RunsTable("digits", store.ask);
  table.look(plain, 0, 40, []);
  await settle();
  store.ids.unshift("fresh");
  table.apply({ ...noChange(), added: new Set(["fresh"]) });
  await vi.advanceTimersByTimeAsync(1000);
  expect(table.snapshot().rows.get(0)?.run.id).toBe("fresh");
  expect(table.snapshot().epoch).toBe(1);
});

test("nothing is asked while nothing happens", async () => {
  const table = new RunsTable("digits", server(3).ask);
  table.look(plain, 0, 40, []);
  await settle();
  table.apply({ ...noChange(), runs: new Set(["run1"]) });
  await vi.advanceTimersByTimeAsync(2000);
  expect(vi.getTimerCount()).toBe(0);
});
