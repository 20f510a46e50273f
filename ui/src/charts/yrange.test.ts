import { describe, expect, test } from "vitest";

import { buckets, line, raw } from "./testing";
import { widened, xExtent, yRange } from "./yrange";

const PLAIN = { log: false, all: false, range: null };
const ALL: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const xs = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const wave = (count: number): number[] => xs(count).map((index) => Math.sin(index / 7) + 2);

describe("yRange", () => {
  test("shows all of an ordinary chart", () => {
    const { span, above, below } = yRange([line(raw(xs(200), wave(200)))], ALL, PLAIN);
    expect(span[0]).toBeLessThan(1.01);
    expect(span[1]).toBeGreaterThan(2.99);
    expect([above, below]).toEqual([0, 0]);
  });

  test("leaves a far spike out and counts it", () => {
    const y = wave(1000);
    y[500] = 1e6;
    const { span, above, extent } = yRange([line(raw(xs(1000), y))], ALL, PLAIN);
    expect(span[1]).toBeLessThan(4);
    expect(above).toBe(1);
    expect(extent?.[1]).toBe(1e6);
  });

  test("sees a spike that only the envelope of a bucket holds", () => {
    const trace = buckets(xs(300), wave(300), Array<number>(300).fill(50));
    trace.high![10] = 1e6;
    expect(yRange([line(trace)], ALL, PLAIN).above).toBe(1);
  });

  test("shows everything when asked", () => {
    const y = wave(1000);
    y[500] = 1e6;
    const { span, above } = yRange([line(raw(xs(1000), y))], ALL, { ...PLAIN, all: true });
    expect(span[1]).toBeGreaterThan(1e6);
    expect(above).toBe(0);
  });

  test("looks at the visible part of x only", () => {
    const { span } = yRange([line(raw(xs(100), xs(100)))], [10, 20], PLAIN);
    expect(span[0]).toBeGreaterThan(8);
    expect(span[1]).toBeLessThan(22);
  });

  test("keeps the zero line of what is never negative", () => {
    expect(yRange([line(raw(xs(9), [0.1, 1, 2, 3, 4, 5, 6, 7, 8]))], ALL, PLAIN).span[0]).toBe(0);
  });

  test("counts what a logarithm has no place for", () => {
    const { leftOut, span } = yRange([line(raw([0, 1, 2, 3], [0, -1, 1, 10]))], ALL, { ...PLAIN, log: true });
    expect(leftOut).toBe(2);
    expect(span[0]).toBeGreaterThan(0);
  });

  test("gives one constant value some height", () => {
    const { span } = yRange([line(raw([0], [5]))], ALL, PLAIN);
    expect(span).toEqual([4.5, 5.5]);
  });

  test.each([[[Number.NaN, Number.NaN]], [[]]])("has an axis even for %j", (y) => {
    expect(yRange([line(raw(xs(y.length), y))], ALL, PLAIN)).toMatchObject({ span: [0, 1], extent: null });
  });

  test("stays finite for the largest floats", () => {
    const { span } = yRange([line(raw([0, 1], [-1.7e308, 1.7e308]))], ALL, PLAIN);
    expect(span.every(Number.isFinite)).toBe(true);
  });
});

describe("xExtent", () => {
  test("ignores empty buckets at the ends", () => {
    expect(xExtent([line(buckets(xs(5), [0, 1, 1, 1, 0], [0, 1, 1, 1, 0]))])).toEqual([1, 3]);
  });

  test("is nothing for nothing", () => expect(widened(xExtent([]))).toEqual([0, 1]));
  test("gives a single point a width", () => expect(widened(xExtent([line(raw([7], [1]))]))).toEqual([6, 8]));
});
