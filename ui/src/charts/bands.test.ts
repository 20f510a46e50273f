import { describe, expect, test } from "vitest";

import { bands, valueAlong } from "./bands";
import { raw } from "./testing";

describe("bands", () => {
  test("are the percentiles of all lines at the same x", () => {
    const lines = Array.from({ length: 101 }, (_, level) => raw([0, 10], [level, level]));
    const { rows, mean, n } = bands(lines, [0, 10], 3);
    expect(rows.map((row) => row[1])).toEqual([5, 25, 50, 75, 95]);
    expect(mean[1]).toBeCloseTo(50, 9);
    expect([...n]).toEqual([101, 101, 101]);
  });

  test("count only lines that reach there", () => {
    const { n, mean } = bands([raw([0, 10], [1, 1]), raw([0, 4], [3, 3])], [0, 10], 3);
    expect([...n]).toEqual([2, 1, 1]);
    expect(mean[2]).toBe(1);
  });
});

describe("valueAlong", () => {
  test("is straight between neighbours", () => expect(valueAlong(raw([0, 10], [0, 5]), 4)).toBeCloseTo(2, 12));
  test("is nothing outside", () => expect(valueAlong(raw([0, 10], [0, 5]), 11)).toBeNaN());
});
