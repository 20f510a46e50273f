/** Sparklines: one request for what is in view, and a shape for every run. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { KeySeries } from "./columns";
import type { SeriesBody } from "./shapes";
import { SparkBoard } from "./sparks";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const POINTS = 40;

/** Answers as the server does: buckets over the longest run that was asked for. Run "n" has n points. */
const answer = ({ runs }: SeriesBody): KeySeries[] => {
  const longest = Math.max(...runs.map(Number));
  const filled = runs.map((run) => Math.ceil((Number(run) / longest) * POINTS));
  const mean = new Float32Array(runs.length * POINTS).fill(NaN);
  const count = new Uint32Array(runs.length * POINTS);
  filled.forEach((width, row) => {
    for (let at = 0; at < width; at += 1) {
      mean[row * POINTS + at] = at;
      count[row * POINTS + at] = 1;
    }
  });
  const x = Float64Array.from({ length: POINTS }, (_, at) => at);
  const buckets = { runs, points: POINTS, counts: runs.map(Number), edges: [0, longest] as [number, number], x, min: mean, max: mean, mean, count, odd: new Uint8Array(count.length) };
  return [{ key: "loss", x: "step", unit: "", goal: null, n: 1, exact: false, low: 0, high: 1, raw: null, buckets, missing: [] }];
};

test("a run much shorter than the others is asked for again among its like, and has a shape", async () => {
  const asks: string[][] = [];
  const board = new SparkBoard("loss", (body) => {
    asks.push([...body.runs]);
    return Promise.resolve(answer(body));
  });
  board.want(["100000", "90000", "300"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(asks).toEqual([["100000", "90000", "300"], ["300"]]);
  expect(board.snapshot().curves.get("300")?.x.length).toBe(POINTS);
  expect(board.snapshot().curves.get("90000")?.x.length).toBe(36);
});

test("runs that are known are not asked for again until they grow", async () => {
  const asks: string[][] = [];
  const board = new SparkBoard("loss", (body) => {
    asks.push([...body.runs]);
    return Promise.resolve(answer(body));
  });
  board.want(["100", "90"]);
  await vi.advanceTimersByTimeAsync(100);
  board.want(["100", "90", "80"]);
  await vi.advanceTimersByTimeAsync(100);
  board.apply({ runs: new Set(["90"]), keys: new Map([["90", new Set(["loss"])]]), added: new Set(), removed: new Set() });
  await vi.advanceTimersByTimeAsync(3000);
  expect(asks).toEqual([["100", "90"], ["80"], ["90"]]);
  expect(vi.getTimerCount()).toBe(0);
});
