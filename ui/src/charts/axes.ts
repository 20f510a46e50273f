/** How many numbers an axis of a given length carries. */
import type { Drawing } from "./drawing";
import { ticks, type Ticks } from "./ticks";

export const xTicks = (drawing: Drawing, width: number): Ticks =>
  ticks({ log: false, span: drawing.x }, Math.max(2, Math.min(6, Math.floor(width / 84))), drawing.options.kind);

export const yTicks = (drawing: Drawing, height: number): Ticks =>
  ticks({ log: drawing.options.log, span: drawing.y.span }, Math.max(2, Math.min(5, Math.floor(height / 38))));
