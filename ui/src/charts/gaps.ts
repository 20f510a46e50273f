/**
 * Decides where a line is torn.
 *
 * A NaN always tears it. Where points come at a regular distance, a missing stretch tears it too; where their distance
 * is irregular no stretch can be called missing. Empty buckets between two points of a sparse but regular series are
 * only the grid shining through, so they do not.
 */
import type { Trace } from "./types";

const SAMPLES = 400;
/** This share of distances must lie near the median for a series to be called regular. */
const REGULAR = 0.8;
/** Distances of up to this many medians are jitter. */
const TOLERANCE = 3.5;

const reaches = new WeakMap<Trace, number>();

/** The longest distance in x that a line bridges; infinite for irregular series. */
export const reach = (trace: Trace): number => {
  let known = reaches.get(trace);
  if (known === undefined) {
    known = measure(trace);
    reaches.set(trace, known);
  }
  return known;
};

/** Whether the trace has a point here at all, finite or not. */
export const present = (trace: Trace, index: number): boolean => trace.count === null || trace.count[index]! > 0;

const measure = (trace: Trace): number => {
  const distances = sampleDistances(trace);
  if (distances.length < 8) return Number.POSITIVE_INFINITY;
  const ordered = Float64Array.from(distances).sort();
  const median = ordered[ordered.length >> 1]!;
  const bucket = trace.count === null ? 0 : bucketWidth(trace);
  const near = distances.filter(
    (distance) => Math.abs(distance - median) <= Math.max(median / 2, bucket * 1.001),
  ).length;
  if (median <= 0 || near < REGULAR * distances.length) return Number.POSITIVE_INFINITY;
  return Math.max(TOLERANCE * median, median + 2.001 * bucket);
};

const bucketWidth = ({ x }: Trace): number => (x.length > 1 ? (x[x.length - 1]! - x[0]!) / (x.length - 1) : 0);

/** Distances of neighbouring points, from a few windows spread over long traces. */
const sampleDistances = (trace: Trace): number[] => {
  const { x } = trace;
  const distances: number[] = [];
  const windows = x.length > SAMPLES ? 8 : 1;
  const width = Math.ceil(Math.min(x.length, SAMPLES) / windows);
  for (let window = 0; window < windows; window += 1) {
    const start = windows === 1 ? 0 : Math.floor(((x.length - width) * window) / (windows - 1));
    let last = Number.NaN;
    for (let index = start; index < Math.min(start + width, x.length); index += 1) {
      if (!present(trace, index)) continue;
      const at = x[index]!;
      if (at > last) distances.push(at - last);
      last = at;
    }
  }
  return distances;
};
