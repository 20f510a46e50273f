/**
 * Smooths a line in data space: a running mean in which the past fades with its distance in x.
 *
 * Each earlier point weighs exp(-distance / memory), where memory is a share of the whole chart's x-axis. Weights are
 * divided out (debiased), so the first points are not pulled to zero, and neither a change of zoom nor an uneven
 * distance of points bends the line. NaN and infinities are left as gaps and not carried on.
 */
import type { Numbers, Trace } from "./types";

/** Smoothed values of `y`; `memory` is in units of x. */
export const smooth = (x: Numbers, y: Numbers, memory: number): Float64Array => {
  const out = new Float64Array(y.length).fill(Number.NaN);
  let sum = 0;
  let weight = 0;
  let last = Number.NaN;
  for (let index = 0; index < y.length; index += 1) {
    const value = y[index]!;
    if (!Number.isFinite(value)) continue;
    const at = x[index]!;
    const keep = weight > 0 ? Math.exp(-(at - last) / memory) : 0;
    sum = sum * keep + value;
    weight = weight * keep + 1;
    last = at;
    out[index] = sum / weight;
  }
  return out;
};

const known = new WeakMap<Trace, { memory: number; y: Float64Array }>();

/** The same for a trace, remembered while the trace and the memory stay. */
export const smoothed = (trace: Trace, memory: number): Numbers => {
  if (!(memory > 0)) return trace.y;
  const before = known.get(trace);
  if (before?.memory === memory) return before.y;
  const y = smooth(trace.x, trace.y, memory);
  known.set(trace, { memory, y });
  return y;
};
