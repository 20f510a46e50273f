import { describe, expect, test } from "vitest";

import { buckets, line, raw } from "../charts/testing";
import { summary } from "./ChartTable";

describe("the table behind a chart", () => {
  test("says the smallest, the largest and the last value", () => {
    expect(summary(line(raw([0, 1, 2], [3, 1, 2])))).toEqual({ min: 1, max: 3, last: 2, at: 2 });
  });

  test("takes a bucket's envelope, and passes empty ones over", () => {
    expect(summary(line(buckets([0, 1, 2], [3, 1, Number.NaN], [5, 5, 0], 0.5)))).toEqual({ min: 0.5, max: 3.5, last: 1, at: 1 });
  });

  test("has no extremes where nothing is finite", () => {
    expect(summary(line(raw([0], [Number.NaN])))).toEqual({ min: null, max: null, last: Number.NaN, at: 0 });
  });
});
