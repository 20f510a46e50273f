/** Builds traces and lines for tests and for the gallery. */
import type { Line, Numbers, Trace } from "./types";

export const raw = (x: ArrayLike<number>, y: ArrayLike<number>): Trace => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  low: null,
  high: null,
  count: null,
  odd: null,
  total: x.length,
});

/** Buckets whose envelope reaches `spread` above and below the mean. */
export const buckets = (x: ArrayLike<number>, mean: ArrayLike<number>, count: ArrayLike<number>, spread = 0): Trace => {
  const y: Numbers = Float32Array.from(mean);
  const counts = Uint32Array.from(count);
  return {
    x: Float64Array.from(x),
    y,
    low: y.map((value) => value - spread),
    high: y.map((value) => value + spread),
    count: counts,
    odd: new Uint8Array(x.length),
    total: counts.reduce((sum, one) => sum + one, 0),
  };
};

export const line = (trace: Trace, pen: Partial<Line> = {}): Line => ({
  id: "a",
  name: "amber-heron",
  colour: "#1f6fd6",
  dash: [],
  ...pen,
  trace,
});
