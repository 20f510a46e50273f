/** Finds which lines are near the pointer, and what they say there. */
import type { Bands } from "./bands";
import type { Drawing } from "./drawing";
import { present, reach } from "./gaps";
import { places, type Places } from "./render";
import { firstAtLeast, nearestIndex } from "./search";
import type { Numbers, Pen, Trace } from "./types";

/** One line at one x. */
export interface Hit {
  readonly pen: Pen;
  /** The x of its own point that is nearest. */
  readonly x: number;
  /** What is drawn there; with smoothing this is not the value itself. */
  readonly shown: number;
  /** The value, or the mean of a bucket. */
  readonly value: number;
  /** Smallest, largest and number of the points of a bucket; null for a raw point. */
  readonly bucket: { readonly low: number; readonly high: number; readonly count: number } | null;
  /** Where it is drawn, in pixels of the chart's inside. */
  readonly left: number;
  readonly top: number;
}

/** How far beyond its last point a line still answers, in pixels. */
const BEYOND = 12;

/** All lines that have something to say at x. */
export const hitsAt = (drawing: Drawing, x: number, width: number, height: number): Hit[] => {
  const at = places(drawing, width, height);
  if (drawing.bands !== null) return bandHits(drawing.bands, x, at);
  const perPixel = (drawing.x[1] - drawing.x[0]) / Math.max(1, width);
  const hits: Hit[] = [];
  for (const { line, y } of drawing.lines) {
    const { trace } = line;
    const found = nearestPresent(trace, x);
    if (found === null) continue;
    const { index, isBetween } = found;
    const own = trace.x[index]!;
    const distance = Math.abs(own - x);
    if (distance > BEYOND * perPixel && (distance > reach(trace) || !isBetween)) continue;
    const top = at.y(y[index]!);
    hits.push({
      pen: line,
      x: own,
      shown: y[index]!,
      value: trace.y[index]!,
      bucket:
        trace.count === null
          ? null
          : { low: trace.low![index]!, high: trace.high![index]!, count: trace.count[index]! },
      left: at.x(own),
      top: Number.isNaN(top) ? height : top,
    });
  }
  return hits;
};

const BAND_NAMES = ["5 %", "25 %", "median", "75 %", "95 %"];

/** Bands say their percentiles and the mean, as if they were lines. */
const bandHits = ({ x: xs, rows, mean, n }: Bands, x: number, at: Places): Hit[] => {
  const index = nearestIndex(xs, x);
  if (index < 0 || n[index] === 0) return [];
  const hit = (name: string, values: Numbers, dash: readonly number[]): Hit => ({
    pen: { id: name, name: `${name} of ${n[index]!} runs`, colour: "var(--accent)", dash },
    x: xs[index]!,
    shown: values[index]!,
    value: values[index]!,
    bucket: null,
    left: at.x(xs[index]!),
    top: at.y(values[index]!),
  });
  return [...rows.map((row, which) => hit(BAND_NAMES[which]!, row, [])), hit("mean", mean, [4, 3])];
};

/** The nearest index that holds a point, and whether x lies between two such; empty buckets are passed over. */
const nearestPresent = (trace: Trace, x: number): { index: number; isBetween: boolean } | null => {
  let right = firstAtLeast(trace.x, x);
  let left = right - 1;
  while (right < trace.x.length && !present(trace, right)) right += 1;
  while (left >= 0 && !present(trace, left)) left -= 1;
  const hasLeft = left >= 0;
  const hasRight = right < trace.x.length;
  if (!hasLeft && !hasRight) return null;
  if (!hasLeft || !hasRight) return { index: hasLeft ? left : right, isBetween: false };
  return { index: x - trace.x[left]! <= trace.x[right]! - x ? left : right, isBetween: true };
};

/** The eight that are drawn nearest to the pointer's height, largest value first; NaN comes last. */
export const nearestHits = (hits: readonly Hit[], top: number, count = 8): Hit[] =>
  [...hits]
    .sort((a, b) => Math.abs(a.top - top) - Math.abs(b.top - top))
    .slice(0, count)
    .sort((a, b) => rank(b.shown) - rank(a.shown));

const rank = (value: number): number => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);

/** The line under the pointer: nearest in height, and no farther than `within` pixels. */
export const hitUnder = (hits: readonly Hit[], top: number, within = 24): Hit | null => {
  let best: Hit | null = null;
  for (const hit of hits) {
    const distance = Math.abs(hit.top - top);
    if (distance <= within && (best === null || distance < Math.abs(best.top - top))) best = hit;
  }
  return best;
};
