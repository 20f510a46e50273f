import { describe, expect, test } from "vitest";

import { bucketsFor, padded } from "./asking";

describe("what a chart asks for", () => {
  test.each([
    [0, 100],
    [270, 250],
    [280, 300],
    [5000, 1000],
  ])("for %d pixels are %d buckets", (pixels, buckets) => expect(bucketsFor(pixels, false)).toBe(buckets));

  test("has a bucket per pixel of a zoom, too", () => {
    const [low, high] = padded([100, 200]);
    expect([low, high]).toEqual([90, 210]);
    expect(bucketsFor(300, true) * ((200 - 100) / (high - low))).toBeCloseTo(300, 6);
  });
});
