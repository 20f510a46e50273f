import { describe, expect, test } from "vitest";

import { smooth, smoothed } from "./smooth";
import { raw } from "./testing";

const xs = (count: number): Float64Array => Float64Array.from({ length: count }, (_, index) => index);

describe("smooth", () => {
  test("leaves a constant as it is, from the first point on", () => {
    for (const value of smooth(xs(5), new Float64Array(5).fill(3), 2)) expect(value).toBeCloseTo(3, 12);
  });

  test("weighs a point by its distance: far ones are forgotten", () => {
    const near = smooth(Float64Array.of(0, 1), Float64Array.of(0, 1), 1)[1]!;
    const far = smooth(Float64Array.of(0, 100), Float64Array.of(0, 1), 1)[1]!;
    expect(near).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(far).toBeCloseTo(1, 12);
  });

  test("keeps NaN and infinities as gaps and goes on after them", () => {
    const out = smooth(xs(4), Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 1), 3);
    expect([...out]).toEqual([1, Number.NaN, Number.NaN, 1]);
  });

  test("gives steady answers for repeated x", () => {
    const out = smooth(Float64Array.of(1, 1), Float64Array.of(0, 2), 1);
    expect([...out]).toEqual([0, 1]);
  });
});

describe("smoothed", () => {
  test("of no memory is the very same array", () => {
    const trace = raw([0, 1], [1, 2]);
    expect(smoothed(trace, 0)).toBe(trace.y);
  });

  test("is computed once for a trace and a memory", () => {
    const trace = raw([0, 1], [1, 2]);
    expect(smoothed(trace, 2)).toBe(smoothed(trace, 2));
    expect(smoothed(trace, 3)).not.toBe(smoothed(trace, 2));
  });
});
