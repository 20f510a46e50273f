/** The table behind a chart, for those who cannot see it: what each line holds, in numbers. */
import { memo } from "react";

import { present } from "../charts/gaps";
import type { Line } from "../charts/types";
import { formatCount, formatNumber } from "../lib/format";
import classes from "./ChartPanel.module.css";
import { xWords } from "./xwords";

/** More rows than this would only slow the page; the CSV has them all. */
const MOST_ROWS = 12;

export const ChartTable = memo(({ title, x, lines }: { title: string; x: string; lines: readonly Line[] }) => (
  <table className={classes.table}>
    <caption>
      {title}: {formatCount(lines.length)} runs
      {lines.length > MOST_ROWS && `, the first ${MOST_ROWS} of them; all are in the CSV`}
    </caption>
    <thead>
      <tr>
        {["run", "points", "min", "max", "last", "at"].map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {lines.slice(0, MOST_ROWS).map((line) => {
        const { min, max, last, at } = summary(line);
        return (
          <tr key={line.id}>
            <th scope="row">{line.name}</th>
            <td>{formatCount(line.trace.total)}</td>
            <td>{formatNumber(min)}</td>
            <td>{formatNumber(max)}</td>
            <td>{formatNumber(last)}</td>
            <td>{at === null ? "" : xWords(x, at)}</td>
          </tr>
        );
      })}
    </tbody>
  </table>
));
ChartTable.displayName = "ChartTable";

export const summary = ({ trace }: Line): { min: number | null; max: number | null; last: number | null; at: number | null } => {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last: number | null = null;
  let at: number | null = null;
  const low = trace.low ?? trace.y;
  const high = trace.high ?? trace.y;
  for (let index = 0; index < trace.x.length; index += 1) {
    if (!present(trace, index)) continue;
    if (low[index]! < min) min = low[index]!;
    if (high[index]! > max) max = high[index]!;
    last = trace.y[index]!;
    at = trace.x[index]!;
  }
  return { min: min <= max ? min : null, max: min <= max ? max : null, last, at };
};
