/** Names the x-axis and writes its values out. */
import type { XKind } from "../charts/types";
import { formatCount, formatDuration, formatMoment, formatNumber } from "../lib/format";

export const kindOf = (x: string): XKind => (x === "step" || x === "time" || x === "relative" ? x : "clock");

/** What stands under the axis of an exported chart and heads its column. */
export const axisName = (x: string): string => (x === "relative" ? "time since start" : x);

/** "step 1,200", "2026-11-22 15:46:03", "3m 12s", "epoch 3" */
export const xWords = (x: string, value: number): string => {
  const kind = kindOf(x);
  if (kind === "time") return formatMoment(value);
  if (kind === "relative") return formatDuration(value);
  // Between two steps nothing happens; only a clock of one's own may need its decimals.
  const isWhole = Number.isInteger(value) || (kind === "step" && Math.abs(value) >= 100);
  return `${x} ${isWhole && Math.abs(value) < 1e15 ? formatCount(value) : formatNumber(value)}`;
};
