/** Says how exact a chart is: every point drawn, or so many of them gathered in so many buckets. */
import { present } from "../charts/gaps";
import type { Line } from "../charts/types";
import { formatCount, formatShortCount } from "../lib/format";

export interface Badge {
  readonly text: string;
  readonly exact: boolean;
  /** The whole sentence. */
  readonly title: string;
}

export const badgeOf = (lines: readonly Line[]): Badge => {
  let total = 0;
  let drawn = 0;
  for (const { trace } of lines) {
    total += trace.total;
    drawn += trace.count === null ? trace.x.length : filled(trace);
  }
  const exact = lines.every(({ trace }) => trace.count === null);
  if (exact) return { text: "exact", exact, title: `Every one of ${formatCount(total)} points is drawn.` };
  return {
    text: `${formatShortCount(total)} > ${formatShortCount(drawn)}`,
    exact,
    title:
      `${formatCount(total)} points, aggregated: ${formatCount(drawn)} buckets show the mean as a line and ` +
      `the smallest to the largest value as a band. Zoom in until the points themselves are drawn.`,
  };
};

const filled = (trace: Line["trace"]): number => {
  let count = 0;
  for (let index = 0; index < trace.x.length; index += 1) if (present(trace, index)) count += 1;
  return count;
};
