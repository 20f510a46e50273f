/** Percentiles and mean of many lines along x, for when there are too many lines to be told apart. */
import { nearestIndex } from "./search";
import type { Numbers, Span } from "./types";
import { quantile } from "./yrange";

export interface Bands {
  readonly x: Float64Array;
  readonly mean: Float64Array;
  /** One row per entry of SHARES. NaN where no line has a value. */
  readonly rows: readonly Float64Array[];
  /** How many lines have a value at each x. */
  readonly n: Uint32Array;
}

/** 5, 25, 50, 75 and 95 %. */
export const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

const PLACES = 200;

/** What of a line the bands are made of: where its points are, and what is drawn there. */
export interface Course {
  readonly x: Numbers;
  readonly y: Numbers;
}

export const bands = (lines: readonly Course[], span: Span, places = PLACES): Bands => {
  const x = Float64Array.from({ length: places }, (_, index) => span[0] + ((span[1] - span[0]) * index) / (places - 1));
  const empty = (): Float64Array => new Float64Array(places).fill(Number.NaN);
  const rows = SHARES.map(empty);
  const mean = empty();
  const n = new Uint32Array(places);
  x.forEach((at, index) => {
    const values = Float64Array.from(lines.map((line) => valueAlong(line, at)).filter(Number.isFinite)).sort();
    n[index] = values.length;
    if (values.length === 0) return;
    mean[index] = values.reduce((sum, value) => sum + value / values.length, 0);
    SHARES.forEach((share, row) => {
      rows[row]![index] = quantile(values, share);
    });
  });
  return { x, mean, rows, n };
};

/** The line's value at x, between its neighbours in a straight line; NaN outside of what the line covers. */
export const valueAlong = ({ x, y }: Course, at: number): number => {
  if (x.length === 0 || at < x[0]! || at > x[x.length - 1]!) return Number.NaN;
  const near = nearestIndex(x, at);
  const other = x[near]! < at ? near + 1 : near - 1;
  const value = y[near]!;
  const next = y[other];
  if (next === undefined || !Number.isFinite(next) || x[other] === x[near]) return value;
  if (!Number.isFinite(value)) return next;
  return value + ((next - value) * (at - x[near]!)) / (x[other]! - x[near]!);
};
