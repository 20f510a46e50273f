/** How far all lines together reach, as one band: what very many envelopes would blur into, in a hundredth of the time. */
import { within } from "./search";
import type { Line, Span } from "./types";

export interface Band {
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Smallest low and largest high in each of `slots` parts of the span; parts without any are left out. */
export const reachOfAll = (lines: readonly Line[], span: Span, slots: number): Band => {
  const low = new Float64Array(slots).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
  const perX = slots / (span[1] - span[0] || 1);
  for (const { trace } of lines) {
    if (trace.low === null || trace.high === null) continue;
    const [from, to] = within(trace.x, span);
    for (let index = from; index < to; index += 1) {
      const slot = Math.min(slots - 1, Math.floor((trace.x[index]! - span[0]) * perX));
      if (trace.low[index]! < low[slot]!) low[slot] = trace.low[index]!;
      if (trace.high[index]! > high[slot]!) high[slot] = trace.high[index]!;
    }
  }
  const filled = [...low.keys()].filter((slot) => low[slot]! <= high[slot]!);
  return {
    x: Float64Array.from(filled, (slot) => span[0] + (slot + 0.5) / perX),
    low: Float64Array.from(filled, (slot) => low[slot]!),
    high: Float64Array.from(filled, (slot) => high[slot]!),
  };
};
