/** How many numbers an axis of a given length carries. */
import type { Drawing } from "./drawing";
import { ticks, type Ticks } from "./ticks";

/** Pixels that one number needs: a clock's reading is longer than a step. */
const X_PIXELS = { step: 60, clock: 60, relative: 66, time: 78 } as const;
const Y_PIXELS = 34;

const between = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, Math.floor(value)));

export const xTicks = (drawing: Drawing, width: number): Ticks => {
  const { kind } = drawing.options;
  return ticks({ log: false, span: drawing.x }, between(2, width / X_PIXELS[kind], 8), kind);
};

/** Where no value is finite there is nothing to measure, so the axis has no numbers. */
export const yTicks = (drawing: Drawing, height: number): Ticks =>
  drawing.y.extent === null && drawing.options.yRange === null ? NO_TICKS : numberedTicks(drawing, height);

const NO_TICKS: Ticks = { at: [], labels: [], note: "" };

const numberedTicks = (drawing: Drawing, height: number): Ticks =>
  ticks({ log: drawing.options.log, span: drawing.y.span }, between(2, height / Y_PIXELS, 6));
