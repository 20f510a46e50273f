/** Maps values to pixels and back, linear or logarithmic. */
import type { Span } from "./types";

export interface Scale {
  readonly log: boolean;
  readonly span: Span;
  /** Pixel of the span's lower end. */
  readonly from: number;
  /** Pixel of the span's upper end. */
  readonly to: number;
}

export type Place = (value: number) => number;

/** The function from a value to its pixel. A logarithmic scale has no place for values <= 0: NaN. */
export const place = (scale: Scale): Place => {
  const { from, to, log } = scale;
  const [low, high] = scale.span;
  if (log) {
    const start = Math.log(low);
    const slope = (to - from) / (Math.log(high) - start || 1);
    return (value) => (value > 0 ? from + (Math.log(value) - start) * slope : Number.NaN);
  }
  const slope = (to - from) / (high - low || 1);
  return (value) => from + (value - low) * slope;
};

/** The value at a pixel. */
export const valueAt = (scale: Scale, pixel: number): number => {
  const share = (pixel - scale.from) / (scale.to - scale.from || 1);
  const [low, high] = scale.span;
  return scale.log ? low * (high / low) ** share : low + share * (high - low);
};
