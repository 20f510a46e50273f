/** Finds places in ordered numbers by halving. */
import type { Numbers, Span } from "./types";

/** The first index whose number is >= value; the length when there is none. */
export const firstAtLeast = (ordered: Numbers, value: number): number => {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The index whose number is nearest to value; -1 when there are none. */
export const nearestIndex = (ordered: Numbers, value: number): number => {
  const at = firstAtLeast(ordered, value);
  if (at === 0) return ordered.length > 0 ? 0 : -1;
  if (at === ordered.length) return at - 1;
  return value - ordered[at - 1]! <= ordered[at]! - value ? at - 1 : at;
};

/** Indices [from, to) of what lies within the span. */
export const within = (ordered: Numbers, span: Span): Span => {
  const from = firstAtLeast(ordered, span[0]);
  let to = firstAtLeast(ordered, span[1]);
  while (to < ordered.length && ordered[to] === span[1]) to += 1;
  return [from, to];
};

/** Indices [from, to) of what is needed to draw the span: one point more on each side, so that lines reach the edges. */
export const needed = (ordered: Numbers, span: Span): Span => {
  const [from, to] = within(ordered, span);
  return [Math.max(0, from - 1), Math.min(ordered.length, to + 1)];
};
