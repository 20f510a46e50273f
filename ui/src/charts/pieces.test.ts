import { describe, expect, test } from "vitest";

import { pieces } from "./pieces";
import { buckets, raw } from "./testing";

const all = (trace: { x: { length: number }; y: Float64Array | Float32Array }, log = false) =>
  pieces(trace as Parameters<typeof pieces>[0], trace.y, [0, trace.x.length], log);

describe("pieces", () => {
  test("are torn by NaN and infinity", () => {
    expect(all(raw([0, 1, 2, 3, 4], [1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1]))).toEqual([[0], [2], [4]]);
  });

  test("go on over empty buckets, but not over buckets of nothing but NaN", () => {
    const trace = buckets([0, 1, 2, 3, 4], [1, Number.NaN, 1, Number.NaN, 1], [5, 0, 5, 5, 5]);
    expect(all(trace)).toEqual([[0, 2], [4]]);
  });

  test("leave out what a logarithm cannot show", () => expect(all(raw([0, 1, 2], [1, 0, 1]), true)).toEqual([[0], [2]]));

  test("are torn by a missing stretch of a regular series", () => {
    const x = [...Array(20).keys(), ...Array.from({ length: 20 }, (_, index) => 100 + index)];
    expect(all(raw(x, x)).map((piece) => piece.length)).toEqual([20, 20]);
  });

  test("of nothing are none", () => expect(all(raw([], []))).toEqual([]));
});
