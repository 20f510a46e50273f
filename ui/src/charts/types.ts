/** The words that all charts share: a line with its points, a span, and how a chart is to be drawn. */

/** Numbers in a row, as the server sends them or as a chart computes them. */
export type Numbers = Float64Array | Float32Array;

/** From a lower to a higher number, both included. */
export type Span = readonly [number, number];

/** Points of one run in one chart, ordered by x. All arrays have the length of `x`. */
export interface Trace {
  readonly x: Numbers;
  /** The value of a point, or the mean of a bucket. NaN where a bucket is empty. */
  readonly y: Numbers;
  /** The smallest and largest finite value under each bucket; null for raw points. */
  readonly low: Numbers | null;
  readonly high: Numbers | null;
  /** How many points each bucket holds; null for raw points. */
  readonly count: Uint32Array | null;
  /** Bits per bucket: 1 NaN, 2 +infinity, 4 -infinity; null for raw points, whose values say it themselves. */
  readonly odd: Uint8Array | null;
  /** How many points stand behind this trace in the store. */
  readonly total: number;
}

/** Who a line belongs to and how it looks. */
export interface Pen {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  /** Lengths of dashes and gaps in px; empty for a solid line. */
  readonly dash: readonly number[];
  /** What the others are compared with: dashed and on top. */
  readonly baseline?: boolean;
  /** Seconds since the epoch at which the run began; what relative times are counted from. */
  readonly created?: number;
}

/** One line of a chart. */
export interface Line extends Pen {
  readonly trace: Trace;
}

/** What an x-axis counts: steps, seconds since the epoch, seconds since the run began, or a clock by its key. */
export type XKind = "step" | "time" | "relative" | "clock";

/** Ink that follows the theme; CSS colours. */
export interface Ink {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly ground: string;
  readonly accent: string;
}
