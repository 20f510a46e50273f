/** Decides all that a chart shows, before a single pixel: axes, smoothed values, marks and bands. */
import { bands, type Bands } from "./bands";
import { marks, type Mark } from "./marks";
import { smoothed } from "./smooth";
import type { Line, Numbers, Span, XKind } from "./types";
import { widened, xExtent, yRange, type YRange } from "./yrange";

export interface ChartOptions {
  readonly kind: XKind;
  readonly log: boolean;
  /** Show all of y, however far the rest lies. */
  readonly all: boolean;
  /** The reader's own y-range. */
  readonly yRange: Span | null;
  /** What is zoomed to; null for everything. */
  readonly xRange: Span | null;
  /** Share of the whole x-axis over which the past fades; 0 for none. */
  readonly smoothing: number;
  readonly bands: boolean;
}

export const PLAIN_OPTIONS: ChartOptions = {
  kind: "step",
  log: false,
  all: false,
  yRange: null,
  xRange: null,
  smoothing: 0,
  bands: false,
};

export interface DrawnLine {
  readonly line: Line;
  /** What the line shows: the trace's values or their smoothed course. */
  readonly y: Numbers;
  readonly isSmoothed: boolean;
}

export interface Drawing {
  readonly lines: readonly DrawnLine[];
  readonly bands: Bands | null;
  readonly x: Span;
  readonly y: YRange;
  readonly marks: readonly Mark[];
  readonly options: ChartOptions;
}

/** Axes that stay as they are while the pointer is inside a chart. */
export interface Held {
  readonly x: Span;
  readonly y: Span;
}

/** Marks found per width of the chart; a surface draws those that fit beside each other. */
const SLOTS = 400;

/** `whole` is the x-range of all that the chart has in the store; smoothing is measured by it, whatever is zoomed to. */
export const drawing = (
  lines: readonly Line[],
  whole: Span | null,
  options: ChartOptions,
  held: Held | null = null,
): Drawing => {
  const full = whole ?? xExtent(lines);
  const x = widened(held?.x ?? options.xRange ?? full);
  const range = held?.y ?? options.yRange;
  const y = yRange(lines, x, { log: options.log, all: options.all, range: sound(range, options.log) });
  const memory = options.smoothing * (full === null ? 0 : full[1] - full[0]);
  const drawn = baselineLast(lines).map((line) => ({ line, y: smoothed(line.trace, memory), isSmoothed: memory > 0 }));
  return {
    lines: drawn,
    bands: options.bands ? bands(drawn.map((one) => ({ x: one.line.trace.x, y: one.y })), x) : null,
    x,
    y,
    marks: marks(lines, x, y.span, SLOTS),
    options,
  };
};

/** What is drawn last lies on top. */
const baselineLast = (lines: readonly Line[]): Line[] =>
  [...lines].sort((a, b) => Number(a.baseline ?? false) - Number(b.baseline ?? false));

/** An own range that a logarithmic axis cannot show is not used. */
const sound = (range: Span | null, log: boolean): Span | null =>
  range !== null && range[1] > range[0] && !(log && range[0] <= 0) ? range : null;

export interface Look {
  readonly width: number;
  readonly alpha: number;
  /** How strongly each envelope is filled; 0 draws one faint band of how far all lines reach together. */
  readonly fill: number;
  /** Whether dashes tell lines apart; among very many they are only noise. */
  readonly dashes: boolean;
}

/** Many lines are drawn thinner and translucent, so that density shows. */
export const look = (lines: number): Look => {
  if (lines <= 12) return { width: 1.5, alpha: 1, fill: 0.12, dashes: true };
  if (lines <= 50) return { width: 1.5, alpha: 0.9, fill: 0.07, dashes: true };
  if (lines <= 150) return { width: 1, alpha: 0.45, fill: 0, dashes: false };
  return { width: 1, alpha: 0.25, fill: 0, dashes: false };
};
