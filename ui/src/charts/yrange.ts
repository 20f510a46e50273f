/**
 * Chooses the part of the y-axis that a chart shows, and counts what lies outside of it.
 *
 * The middle 98 % of what is shown decide. Where the rest is near it is let in as well, so that an ordinary chart is
 * never cut; where it is far it is left out and counted, so that one spike does not flatten a chart and is never hidden.
 */
import { within } from "./search";
import type { Line, Numbers, Span } from "./types";

export interface YRange {
  readonly span: Span;
  /** Points or buckets that reach above and below the span. */
  readonly above: number;
  readonly below: number;
  /** Values <= 0 that a logarithmic axis has no place for. */
  readonly leftOut: number;
  /** Smallest and largest finite value of what is shown; null when there is none. */
  readonly extent: Span | null;
}

export interface YRequest {
  readonly log: boolean;
  /** Show everything, however far away. */
  readonly all: boolean;
  /** The reader's own range; nothing is chosen then. */
  readonly range: Span | null;
}

/** What is near enough to be let in, as a share of the height of the middle 98 %. */
const NEAR = 0.5;
const PAD = 0.06;
const SAMPLES = 20_000;

export const yRange = (lines: readonly Line[], x: Span, request: YRequest): YRange => {
  const seen = survey(lines, x, request.log);
  const extent: Span | null = seen.count > 0 ? [seen.min, seen.max] : null;
  const chosen = request.range ?? choose(extent, seen.sample, request);
  const { above, below } = outside(lines, x, chosen, request.log);
  return { span: chosen, above, below, leftOut: seen.leftOut, extent };
};

const choose = (extent: Span | null, sample: Float64Array, { log, all }: YRequest): Span => {
  if (extent === null) return log ? [0.1, 10] : [0, 1];
  const warp = log ? Math.log10 : (value: number) => value;
  let [low, high] = extent.map(warp) as [number, number];
  if (!all) {
    const ordered = sample.map(warp).sort();
    const first = quantile(ordered, 0.01);
    const last = quantile(ordered, 0.99);
    const near = NEAR * (last - first);
    if (last > first) {
      if (low < first - near) low = first;
      if (high > last + near) high = last;
    }
  }
  return log ? padLog(low, high) : padLinear(low, high);
};

/** The difference of two ends must stay a finite number; what lies beyond is marked as outside. */
const FARTHEST = 4e307;

const padLinear = (first: number, last: number): Span => {
  const low = Math.max(-FARTHEST, Math.min(FARTHEST, first));
  const high = Math.max(-FARTHEST, Math.min(FARTHEST, last));
  if (!(high > low)) {
    const pad = low === 0 ? 1 : Math.abs(low) * 0.1;
    return [low - pad, high + pad];
  }
  const pad = (high - low) * PAD;
  // A quantity that is never negative keeps its zero line.
  return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad];
};

const padLog = (low: number, high: number): Span => {
  const pad = high > low ? (high - low) * PAD : 0.5;
  return [10 ** Math.max(-307, low - pad), 10 ** Math.min(308, high + pad)];
};

/** Linear between neighbours of an ordered sample. */
export const quantile = (ordered: Numbers, share: number): number => {
  const at = share * (ordered.length - 1);
  const low = Math.floor(at);
  const a = ordered[low]!;
  const b = ordered[Math.min(low + 1, ordered.length - 1)]!;
  return a + (b - a) * (at - low);
};

interface Survey {
  min: number;
  max: number;
  count: number;
  leftOut: number;
  sample: Float64Array;
}

const survey = (lines: readonly Line[], x: Span, log: boolean): Survey => {
  const windows = lines.map((line) => within(line.trace.x, x));
  const points = windows.reduce((sum, [from, to]) => sum + to - from, 0);
  const skip = Math.max(1, Math.ceil((points * 3) / SAMPLES));
  const sample: number[] = [];
  const seen: Survey = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, count: 0, leftOut: 0, sample: new Float64Array() };
  let turn = 0;
  lines.forEach((line, which) => {
    const [from, to] = windows[which]!;
    for (const values of [line.trace.y, line.trace.low, line.trace.high]) {
      if (values === null) continue;
      for (let index = from; index < to; index += 1) {
        const value = values[index]!;
        if (!Number.isFinite(value)) continue;
        if (log && value <= 0) {
          // An envelope's low edge belongs to the same points as its mean: counted once.
          if (values === (line.trace.low ?? line.trace.y)) seen.leftOut += 1;
          continue;
        }
        if (value < seen.min) seen.min = value;
        if (value > seen.max) seen.max = value;
        seen.count += 1;
        if (turn % skip === 0) sample.push(value);
        turn += 1;
      }
    }
  });
  seen.sample = Float64Array.from(sample);
  return seen;
};

const outside = (lines: readonly Line[], x: Span, [bottom, top]: Span, log: boolean): { above: number; below: number } => {
  let above = 0;
  let below = 0;
  for (const { trace } of lines) {
    const [from, to] = within(trace.x, x);
    const low = trace.low ?? trace.y;
    const high = trace.high ?? trace.y;
    for (let index = from; index < to; index += 1) {
      if (high[index]! > top && high[index] !== Number.POSITIVE_INFINITY) above += 1;
      const value = low[index]!;
      if (value < bottom && value !== Number.NEGATIVE_INFINITY && !(log && value <= 0)) below += 1;
    }
  }
  return { above, below };
};

/** The x-axis of a chart: what is zoomed to, else everything the lines have. */
export const xExtent = (lines: readonly Line[]): Span | null => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { trace } of lines) {
    const [from, to] = occupied(trace.x, trace.count);
    if (to <= from) continue;
    low = Math.min(low, trace.x[from]!);
    high = Math.max(high, trace.x[to - 1]!);
  }
  return low <= high ? [low, high] : null;
};

const occupied = (x: Numbers, count: Uint32Array | null): Span => {
  let from = 0;
  let to = x.length;
  while (from < to && (count?.[from] === 0 || !Number.isFinite(x[from]!))) from += 1;
  while (to > from && (count?.[to - 1] === 0 || !Number.isFinite(x[to - 1]!))) to -= 1;
  return [from, to];
};

/** A span that has a width, so that a single point stands in the middle. */
export const widened = (span: Span | null): Span => {
  if (span === null) return [0, 1];
  const [low, high] = span;
  return high > low ? span : [low - Math.max(1, Math.abs(low) * 1e-6), high + Math.max(1, Math.abs(high) * 1e-6)];
};
