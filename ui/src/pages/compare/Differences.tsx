/** A table with a column for each run: only what differs, unless all is asked for. */
import { useMemo, useState } from "react";

import type { RunReply } from "../../api/shapes";
import { formatCount, formatValue } from "../../lib/format";
import type { WallRun } from "../../panels/types";
import { runPath } from "../../state/route";
import { Link } from "../shell/Link";
import { Status } from "../shell/Status";
import classes from "./ComparePage.module.css";
import { compare, type Line } from "./differences";

/** More than anybody reads; ten thousand keys would only slow the page. */
const MOST_LINES = 300;

interface DifferencesProps {
  readonly runs: readonly RunReply[];
  readonly pens: readonly WallRun[];
  readonly hovered: string | null;
  readonly onHover: (run: string | null) => void;
}

export const Differences = ({ runs, pens, hovered, onHover }: DifferencesProps) => {
  const [isAll, setAll] = useState(false);
  const parts = useMemo(() => compare(runs), [runs]);
  return (
    <>
      <label className={classes.choice}>
        <input type="checkbox" checked={isAll} onChange={() => setAll(!isAll)} /> also what is the same
      </label>
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {runs.map((run, at) => (
              <th
                key={run.id}
                scope="col"
                data-hovered={run.id === hovered || undefined}
                onPointerEnter={() => onHover(run.id)}
                onPointerLeave={() => onHover(null)}
              >
                <span className={classes.dot} style={{ background: pens[at]?.colour }} />
                <Link href={runPath(run.id)} className={classes.link} title={run.name}>
                  {run.name}
                </Link>
                <div className={classes.status}>
                  <Status status={run.status} />
                </div>
              </th>
            ))}
          </tr>
        </thead>
        {parts.map((part) => (
          <Lines key={part.title} title={part.title} lines={part.lines.filter((line) => isAll || !line.isSame)} width={runs.length + 1} />
        ))}
      </table>
    </>
  );
};

const Lines = ({ title, lines, width }: { title: string; lines: readonly Line[]; width: number }) =>
  lines.length === 0 ? null : (
    <tbody>
      <tr>
        <th scope="colgroup" colSpan={width} className={classes.part}>
          {title}
        </th>
      </tr>
      {lines.slice(0, MOST_LINES).map((line) => (
        <tr key={line.name}>
          <th scope="row" title={line.name}>
            {line.name}
          </th>
          {line.values.map((value, at) => (
            <td key={at} title={value === undefined ? "this run does not have it" : formatValue(value)} className={line.best.includes(at) ? classes.best : undefined}>
              {formatValue(value)}
            </td>
          ))}
        </tr>
      ))}
      {lines.length > MOST_LINES && (
        <tr>
          <td colSpan={width}>{formatCount(lines.length - MOST_LINES)} more lines differ</td>
        </tr>
      )}
    </tbody>
  );
