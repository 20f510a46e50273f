import { describe, expect, test } from "vitest";

import { reachOfAll } from "./reachOfAll";
import { buckets, line, raw } from "./testing";

describe("reachOfAll", () => {
  test("is the lowest low and the highest high of all lines", () => {
    const lines = [1, 5, 3].map((level) => line(buckets([0, 1, 2, 3], Array<number>(4).fill(level), [2, 2, 2, 2], 0.5)));
    const { low, high } = reachOfAll(lines, [0, 4], 4);
    expect([...low]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect([...high]).toEqual([5.5, 5.5, 5.5, 5.5]);
  });

  test("leaves out where nobody has points, and lines without an envelope", () => {
    const lines = [line(buckets([0, 1, 2], [1, Number.NaN, 1], [2, 0, 2])), line(raw([1], [9]))];
    expect([...reachOfAll(lines, [0, 3], 3).x]).toEqual([0.5, 2.5]);
  });
});
