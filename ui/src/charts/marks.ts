/** Finds what cannot be drawn as a line, and where it is to be marked: NaN, infinities, and exits from the y-axis. */
import { within } from "./search";
import type { Line, Span } from "./types";

export type MarkKind = "nan" | "+inf" | "-inf" | "above" | "below";

export interface Mark {
  readonly kind: MarkKind;
  readonly x: number;
  readonly colour: string;
}

const NAN = 1;
const PLUS = 2;
const MINUS = 4;

const oddness = (value: number): number => {
  if (Number.isNaN(value)) return NAN;
  if (value === Number.POSITIVE_INFINITY) return PLUS;
  return value === Number.NEGATIVE_INFINITY ? MINUS : 0;
};

/** Marks of a chart, at most one of a kind per slot; `slots` is how many fit beside each other. */
export const marks = (lines: readonly Line[], x: Span, y: Span, slots: number): Mark[] => {
  const found: Mark[] = [];
  const taken = new Set<string>();
  const width = (x[1] - x[0]) / slots || 1;
  const note = (kind: MarkKind, at: number, colour: string): void => {
    const slot = `${kind}${Math.floor((at - x[0]) / width)}`;
    if (taken.has(slot)) return;
    taken.add(slot);
    found.push({ kind, x: at, colour });
  };
  for (const { trace, colour } of lines) {
    const [from, to] = within(trace.x, x);
    const low = trace.low ?? trace.y;
    const high = trace.high ?? trace.y;
    for (let index = from; index < to; index += 1) {
      const at = trace.x[index]!;
      const odd = trace.odd === null ? oddness(trace.y[index]!) : trace.odd[index]!;
      if ((odd & NAN) !== 0) note("nan", at, colour);
      if ((odd & PLUS) !== 0) note("+inf", at, colour);
      if ((odd & MINUS) !== 0) note("-inf", at, colour);
      if (high[index]! > y[1] && high[index] !== Number.POSITIVE_INFINITY) note("above", at, colour);
      if (low[index]! < y[0] && low[index] !== Number.NEGATIVE_INFINITY) note("below", at, colour);
    }
  }
  return found;
};
