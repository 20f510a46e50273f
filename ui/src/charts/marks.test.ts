import { describe, expect, test } from "vitest";

import { marks } from "./marks";
import { buckets, line, raw } from "./testing";

const kinds = (found: ReturnType<typeof marks>) => found.map(({ kind, x }) => `${kind}@${x}`);

describe("marks", () => {
  test("name NaN and infinities at their step", () => {
    const trace = raw([0, 1, 2, 3], [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(kinds(marks([line(trace)], [0, 3], [0, 2], 100))).toEqual(["nan@1", "+inf@2", "-inf@3"]);
  });

  test("of buckets come from their bits, even where the mean is finite", () => {
    const trace = buckets([0, 1], [1, 1], [3, 3]);
    trace.odd![1] = 1 | 4;
    expect(kinds(marks([line(trace)], [0, 1], [0, 2], 100))).toEqual(["nan@1", "-inf@1"]);
  });

  test("point to what lies above and below, by the envelope where there is one", () => {
    const trace = buckets([0, 1], [1, 1], [3, 3], 10);
    expect(kinds(marks([line(trace)], [0, 1], [0, 20], 100))).toEqual(["below@0", "below@1"]);
  });

  test("are few: one of a kind per slot", () => {
    const x = Array.from({ length: 1000 }, (_, index) => index);
    expect(marks([line(raw(x, x.map(() => Number.NaN)))], [0, 999], [0, 1], 20).length).toBeLessThanOrEqual(21);
  });
});
