import { describe, expect, test } from "vitest";

import { reach } from "./gaps";
import { buckets, raw } from "./testing";

const regular = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.floor((to - from) / by) }, (_, index) => from + index * by);

describe("reach", () => {
  test("of a regular series ends at a missing stretch", () => {
    const trace = raw([...regular(0, 100, 1), ...regular(200, 300, 1)], Array<number>(200).fill(1));
    expect(reach(trace)).toBeGreaterThan(1);
    expect(reach(trace)).toBeLessThan(100);
  });

  test("of an irregular series has no end", () => {
    const x = Array.from({ length: 40 }, (_, index) => 1.3 ** index);
    expect(reach(raw(x, x))).toBe(Number.POSITIVE_INFINITY);
  });

  test("bridges the empty buckets of a sparse but regular series", () => {
    const counts = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 1 : 0));
    const trace = buckets(regular(0, 100, 1), counts.map((count) => (count > 0 ? 1 : Number.NaN)), counts);
    expect(reach(trace)).toBeGreaterThanOrEqual(3);
    expect(reach(trace)).toBeLessThan(20);
  });

  test("does not call a few points regular", () => {
    expect(reach(raw([0, 1, 50], [1, 2, 3]))).toBe(Number.POSITIVE_INFINITY);
  });
});
