/** Cuts a trace into the pieces that are drawn without lifting the pen. */
import { present, reach } from "./gaps";
import type { Numbers, Span, Trace } from "./types";

/** Indices of the points of each piece, in order. `y` is what is drawn, which may be smoothed. */
export const pieces = (trace: Trace, y: Numbers, [from, to]: Span, log: boolean): number[][] => {
  const longest = reach(trace);
  const all: number[][] = [];
  let piece: number[] = [];
  let last = Number.NaN;
  for (let index = from; index < to; index += 1) {
    if (!present(trace, index)) continue;
    const value = y[index]!;
    const at = trace.x[index]!;
    const drawable = Number.isFinite(value) && !(log && value <= 0);
    if (piece.length > 0 && (!drawable || at - last > longest)) {
      all.push(piece);
      piece = [];
    }
    if (!drawable) continue;
    piece.push(index);
    last = at;
  }
  if (piece.length > 0) all.push(piece);
  return all;
};
