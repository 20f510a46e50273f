import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { KeySeries } from "./columns";
import { SeriesBoard, type Want } from "./series";
import type { SeriesBody } from "./shapes";

const WANT: Want = { x: "step", range: null, points: 100, runs: ["a", "b"] };

/** A server of one point per run and key, whose value counts the requests; `missing` runs have nothing. */
const server = (missing: readonly string[] = []) => {
  const bodies: SeriesBody[] = [];
  const ask = (body: SeriesBody): Promise<KeySeries[]> => {
    bodies.push(body);
    const runs = body.runs.filter((run) => !missing.includes(run));
    return Promise.resolve(
      body.keys.map((key) => ({
        key,
        x: body.x,
        unit: "",
        goal: null,
        n: runs.length,
        exact: true,
        low: runs.length > 0 ? 0 : null,
        high: runs.length > 0 ? bodies.length : null,
        raw: {
          runs,
          starts: Int32Array.from({ length: runs.length + 1 }, (_, index) => index),
          x: new Float64Array(runs.length),
          value: new Float64Array(runs.length).fill(bodies.length),
        },
        buckets: null,
        missing: [...missing],
      })),
    );
  };
  return { ask, bodies };
};

const grown = (run: string, key: string) => new Map([[run, new Set([key])]]);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const settle = (time = 20) => vi.advanceTimersByTimeAsync(time);

describe("a board", () => {
  test("asks for charts that appear together in requests of six", async () => {
    const { ask, bodies } = server();
    const board = new SeriesBoard(ask);
    for (let index = 0; index < 8; index += 1) board.want(`key${index}`, WANT);
    await settle();
    expect(bodies.map((body) => body.keys.length)).toEqual([6, 2]);
    expect(board.data("key7").traces.get("b")?.total).toBe(1);
  });

  test("asks only for runs that it does not know, and merges them", async () => {
    const { ask, bodies } = server();
    const board = new SeriesBoard(ask);
    board.want("loss", WANT);
    await settle();
    board.want("loss", { ...WANT, runs: ["a", "b", "c"] });
    await settle();
    expect(bodies.map((body) => body.runs)).toEqual([["a", "b"], ["c"]]);
    expect([...board.data("loss").traces.keys()]).toEqual(["a", "b", "c"]);
  });

  test("does not ask again for a run that has nothing", async () => {
    const { ask, bodies } = server(["b"]);
    const board = new SeriesBoard(ask);
    board.want("loss", WANT);
    await settle();
    board.want("loss", { ...WANT });
    await settle();
    expect(bodies).toHaveLength(1);
  });

  test("asks for grown runs of charts in view only, twice a second at most, and merges them in place", async () => {
    const { ask, bodies } = server();
    const board = new SeriesBoard(ask);
    board.want("loss", WANT);
    board.want("acc", WANT);
    await settle();
    board.want("acc", null);
    for (let time = 0; time < 1000; time += 50) {
      board.changed(grown("a", "loss"));
      board.changed(grown("a", "acc"));
      board.changed(grown("stranger", "loss"));
      await settle(50);
    }
    const live = bodies.slice(1);
    expect(live.length).toBeGreaterThanOrEqual(1);
    expect(live.length).toBeLessThanOrEqual(3);
    for (const body of live) expect(body).toMatchObject({ runs: ["a"], keys: ["loss"] });
    expect(board.data("loss").traces.get("a")?.y[0]).toBeGreaterThan(1);
    expect(board.data("loss").traces.get("b")?.y[0]).toBe(1);
    expect(board.data("loss").whole![1]).toBeGreaterThan(1);
  });

  test("keeps the old points until a finer answer is here", async () => {
    const { ask } = server();
    const board = new SeriesBoard(ask);
    board.want("loss", WANT);
    await settle();
    const before = board.data("loss").traces;
    board.want("loss", { ...WANT, range: [0, 5] });
    await vi.advanceTimersByTimeAsync(5);
    expect(board.data("loss").traces).toBe(before);
    await settle();
    expect(board.data("loss").range).toEqual([0, 5]);
    expect(board.data("loss").traces).not.toBe(before);
  });

  test("throws away an answer to a question that is no longer asked", async () => {
    const answers: ((reply: KeySeries[]) => void)[] = [];
    const { ask, bodies } = server();
    const slow = (body: SeriesBody) =>
      new Promise<KeySeries[]>((resolve) => {
        void ask(body).then((reply) => answers.push(() => resolve(reply)));
      });
    const board = new SeriesBoard(slow);
    board.want("loss", { ...WANT, x: "time" });
    await settle();
    board.want("loss", WANT);
    await settle();
    answers[1]!([]);
    await settle();
    answers[0]!([]);
    await settle();
    expect(bodies.map((body) => body.x)).toEqual(["time", "step"]);
    expect(board.data("loss").x).toBe("step");
  });

  test("says what went wrong, keeps what it had, and asks again when told to", async () => {
    const { ask } = server();
    let broken = false;
    const board = new SeriesBoard((body) => (broken ? Promise.reject(new Error("disk on fire")) : ask(body)));
    board.want("loss", WANT);
    await settle();
    broken = true;
    board.want("loss", { ...WANT, x: "time" });
    await settle();
    expect(board.data("loss")).toMatchObject({ error: "disk on fire", waiting: false });
    expect(board.data("loss").traces.size).toBe(2);
    broken = false;
    board.retry("loss");
    await settle();
    expect(board.data("loss")).toMatchObject({ error: null, x: "time" });
  });

  test("tells the listeners of a key of its changes and no others", async () => {
    const board = new SeriesBoard(server().ask);
    const loss = vi.fn();
    const acc = vi.fn();
    board.subscribe("loss", loss);
    board.subscribe("acc", acc);
    board.want("loss", WANT);
    await settle();
    expect(loss).toHaveBeenCalled();
    expect(acc).not.toHaveBeenCalled();
  });

  test("shows what grew while an answer was under way", async () => {
    const { ask, bodies } = server();
    const slow = (body: SeriesBody) =>
      new Promise<KeySeries[]>((resolve) => {
        setTimeout(() => void ask(body).then(resolve), 2000);
      });
    const board = new SeriesBoard(slow);
    board.want("loss", WANT);
    await settle(2100);
    board.changed(grown("a", "loss"));
    await settle(1000);
    board.changed(grown("a", "loss"));
    await settle(10_000);
    expect(bodies).toHaveLength(3);
    expect(board.data("loss").waiting).toBe(false);
  });

  test("does not loop when a server answers without the key", async () => {
    const ask = vi.fn(() => Promise.resolve<KeySeries[]>([]));
    const board = new SeriesBoard(ask);
    board.want("loss", WANT);
    await settle(5000);
    expect(ask.mock.calls.length).toBeLessThan(3);
  });
});
