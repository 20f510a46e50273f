/** Deals a series reply out to its runs: views on the reply's own arrays, nothing is copied. */
import type { BucketSeries, KeySeries, RawSeries } from "./columns";

/** Points of one run under one key, ordered by x. All arrays have the length of `x`. */
export interface RunTrace {
  readonly x: Float64Array;
  readonly y: Float64Array | Float32Array;
  readonly low: Float32Array | null;
  readonly high: Float32Array | null;
  readonly count: Uint32Array | null;
  readonly odd: Uint8Array | null;
  /** How many points of the asked range stand behind it. */
  readonly total: number;
}

export const tracesOf = ({ raw, buckets }: KeySeries): Map<string, RunTrace> => {
  const traces = new Map<string, RunTrace>();
  raw?.runs.forEach((run, index) => traces.set(run, rawTrace(raw, index)));
  buckets?.runs.forEach((run, index) => traces.set(run, bucketTrace(buckets, index)));
  return traces;
};

const rawTrace = ({ starts, x, value }: RawSeries, index: number): RunTrace => {
  const from = starts[index]!;
  const to = starts[index + 1]!;
  return {
    x: x.subarray(from, to),
    y: value.subarray(from, to),
    low: null,
    high: null,
    count: null,
    odd: null,
    total: to - from,
  };
};

const bucketTrace = (buckets: BucketSeries, index: number): RunTrace => {
  const from = index * buckets.points;
  const to = from + buckets.points;
  return {
    x: buckets.x,
    y: buckets.mean.subarray(from, to),
    low: buckets.min.subarray(from, to),
    high: buckets.max.subarray(from, to),
    count: buckets.count.subarray(from, to),
    odd: buckets.odd.subarray(from, to),
    total: buckets.counts[index]!,
  };
};
