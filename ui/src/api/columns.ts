/** Splits a binary series reply into its typed arrays. Pure: the caller did the fetch. */
import type { Ref, SeriesHeader, SeriesPart } from "./shapes";

/** Runs that came with every point: run i has the points from `starts[i]` to `starts[i + 1]`. */
export interface RawSeries {
  runs: string[];
  starts: Int32Array;
  x: Float64Array;
  value: Float64Array;
}

/** Runs that came as buckets: all but `x` are runs times `points`, row by row, NaN where nothing is. */
export interface BucketSeries {
  runs: string[];
  points: number;
  counts: number[];
  edges: [number, number];
  x: Float64Array;
  min: Float32Array;
  max: Float32Array;
  mean: Float32Array;
  count: Uint32Array;
  odd: Uint8Array;
}

/** One key over many runs, as it arrived. */
export interface KeySeries {
  key: string;
  x: string;
  unit: string;
  goal: "min" | "max" | null;
  /** Points in the range, and whether every one of them is here. */
  n: number;
  exact: boolean;
  /** All of x, whatever was asked; null when there are no points. */
  low: number | null;
  high: number | null;
  raw: RawSeries | null;
  buckets: BucketSeries | null;
  missing: string[];
}

export const decodeSeries = (body: ArrayBuffer): KeySeries[] => {
  const length = new DataView(body).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length))) as SeriesHeader;
  const base = 4 + length;
  return header.series.map((part) => decodePart(part, body, base));
};

const decodePart = (part: SeriesPart, body: ArrayBuffer, base: number): KeySeries => ({
  key: part.key,
  x: part.x,
  unit: part.unit,
  goal: part.goal,
  n: part.n,
  exact: part.exact,
  low: part.low,
  high: part.high,
  missing: part.missing,
  raw: part.raw && {
    runs: part.raw.runs,
    starts: startsOf(part.raw.counts),
    x: doubles(body, base, part.raw.x),
    value: doubles(body, base, part.raw.value),
  },
  buckets: part.buckets && {
    runs: part.buckets.runs,
    points: part.buckets.points,
    counts: part.buckets.counts,
    edges: [part.buckets.edges[0], part.buckets.edges[1]],
    x: doubles(body, base, part.buckets.x),
    min: floats(body, base, part.buckets.min),
    max: floats(body, base, part.buckets.max),
    mean: floats(body, base, part.buckets.mean),
    count: new Uint32Array(body, at(base, part.buckets.count, "u32"), part.buckets.count.length),
    odd: new Uint8Array(body, at(base, part.buckets.odd, "u8"), part.buckets.odd.length),
  },
});

/** counts 2, 3 -> starts 0, 2, 5 */
const startsOf = (counts: number[]): Int32Array => {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, index) => (starts[index + 1] = starts[index]! + count));
  return starts;
};

const doubles = (body: ArrayBuffer, base: number, ref: Ref): Float64Array =>
  new Float64Array(body, at(base, ref, "f64"), ref.length);

const floats = (body: ArrayBuffer, base: number, ref: Ref): Float32Array =>
  new Float32Array(body, at(base, ref, "f32"), ref.length);

const at = (base: number, ref: Ref, expected: Ref["type"]): number => {
  if (ref.type !== expected) throw new Error(`the server sent ${ref.type} where ${expected} was agreed`);
  return base + ref.at;
};
