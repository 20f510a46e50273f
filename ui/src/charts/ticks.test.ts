import { describe, expect, test } from "vitest";

import { roundStep, ticks } from "./ticks";

const linear = (low: number, high: number) => ({ log: false, span: [low, high] as const });
const log = (low: number, high: number) => ({ log: true, span: [low, high] as const });

describe("roundStep", () => {
  test.each([
    [1, 5, 0.2],
    [100, 4, 25],
    [7, 5, 1],
    [2.7, 4, 0.5],
    [0.003, 4, 0.001],
  ])("of %d in %d steps is %d", (width, room, step) => expect(roundStep(width, room)).toBeCloseTo(step, 12));

  test("is whole for steps", () => expect(roundStep(10, 4, true)).toBe(2));
});

describe("ticks of plain values", () => {
  test("are few, round and exact", () => {
    expect(ticks(linear(0, 1), 5)).toEqual({ at: [0, 0.2, 0.4, 0.6, 0.8, 1], labels: ["0", "0.2", "0.4", "0.6", "0.8", "1.0"], note: "" });
  });

  test("shorten thousands and millions", () => {
    expect(ticks(linear(0, 40_000), 4).labels).toEqual(["0", "10k", "20k", "30k", "40k"]);
    expect(ticks(linear(0, 2e6), 4).labels).toEqual(["0", "0.5M", "1.0M", "1.5M", "2.0M"]);
  });

  test("share a power of ten where they are very small or very large", () => {
    expect(ticks(linear(0, 4e-5), 4)).toMatchObject({ labels: ["0", "1", "2", "3", "4"], note: "× 1e−5" });
    expect(ticks(linear(0, 1e300), 2)).toMatchObject({ labels: ["0", "0.5", "1.0"], note: "× 1e300" });
  });

  test("name a base where the digits would not fit", () => {
    const { labels, note } = ticks(linear(1e9, 1e9 + 4), 4);
    expect(labels).toEqual(["+0", "+1", "+2", "+3", "+4"]);
    expect(note).toBe("1,000,000,000 +");
  });

  test("write negative numbers with a minus sign", () => expect(ticks(linear(-1, 0), 2).labels[0]).toBe("−1.0"));

  test("survive a span of one number", () => expect(ticks(linear(3, 3), 4).at.length).toBeLessThanOrEqual(1));
});

describe("ticks of logarithms", () => {
  test("are decades", () => expect(ticks(log(1e-3, 10), 5).labels).toEqual(["0.001", "0.01", "0.1", "1", "10"]));
  test("skip decades where there are many", () => expect(ticks(log(1e-12, 1), 4).at.length).toBeLessThanOrEqual(5));
  test("take ones, twos and fives within a decade", () => expect(ticks(log(0.9, 11), 5).labels).toEqual(["1", "2", "5", "10"]));
  test("are linear within half a decade", () => expect(ticks(log(2, 3), 4).at.length).toBeGreaterThanOrEqual(3));
});

describe("ticks of time", () => {
  test("are durations from a run's beginning", () => {
    expect(ticks(linear(0, 400), 4, "relative").labels).toEqual(["0", "2m", "4m", "6m"]);
    expect(ticks(linear(0, 7200), 4, "relative").labels).toEqual(["0", "30m", "1h", "1h 30m", "2h"]);
    expect(ticks(linear(0, 2), 4, "relative").labels).toEqual(["0", "0.5s", "1.0s", "1.5s", "2.0s"]);
  });

  test("are round on the clock", () => {
    const start = new Date(2026, 10, 22, 15, 58).getTime() / 1000;
    expect(ticks(linear(start, start + 3600), 4, "time").labels).toEqual(["16:00", "16:15", "16:30", "16:45"]);
  });
});
