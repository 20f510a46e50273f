/** Every key of the run with its numbers: last, least, greatest, and where the best was. */
import { useState } from "react";

import { fromWire, type KeyStats } from "../../api/shapes";
import { exactNumber, formatCount, formatNumber } from "../../lib/format";
import classes from "./Details.module.css";
import { Section } from "./Section";

const MOST_SHOWN = 200;

export const Metrics = ({ keys }: { keys: readonly KeyStats[] }) => {
  const [search, setSearch] = useState("");
  if (keys.length === 0) return null;
  const found = keys.filter((key) => key.key.toLowerCase().includes(search.toLowerCase()));
  return (
    <Section title="Metrics" count={keys.length} search={search} onSearch={keys.length > 12 ? setSearch : undefined}>
      <table className={`${classes.table} ${classes.metrics}`}>
        <thead>
          <tr>
            <th scope="col">key</th>
            <th scope="col" className={classes.number}>
              last
            </th>
            <th scope="col" className={classes.number}>
              min
            </th>
            <th scope="col" className={classes.number}>
              max
            </th>
            <th scope="col" className={classes.number}>
              points
            </th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, MOST_SHOWN).map((key) => (
            <Metric key={key.key} row={key} />
          ))}
        </tbody>
      </table>
      {found.length > MOST_SHOWN && <p className={classes.quiet}>{formatCount(found.length - MOST_SHOWN)} more; search for them</p>}
    </Section>
  );
};

const Metric = ({ row }: { row: KeyStats }) => (
  <tr>
    <th scope="row" title={row.doc === "" ? row.key : `${row.key}\n${row.doc}`}>
      {row.key}
      {row.goal !== null && <span className={classes.quiet}> {row.goal === "max" ? "↑" : "↓"}</span>}
      {row.unit !== "" && <span className={classes.quiet}> {row.unit}</span>}
    </th>
    <Figure value={fromWire(row.last)} />
    <Figure value={fromWire(row.min)} step={fromWire(row.min_step)} isBest={row.goal === "min"} />
    <Figure value={fromWire(row.max)} step={fromWire(row.max_step)} isBest={row.goal === "max"} />
    <td className={classes.number} title={row.nan > 0 ? `${formatCount(row.nan)} of them are NaN or infinite` : undefined}>
      {formatCount(row.count)}
    </td>
  </tr>
);

const Figure = ({ value, step = null, isBest = false }: { value: number | null; step?: number | null; isBest?: boolean }) => (
  <td
    className={`${classes.number} ${isBest ? classes.best : ""}`}
    title={value === null ? undefined : `${exactNumber(value)}${step === null ? "" : ` at step ${step}`}`}
  >
    {formatNumber(value)}
  </td>
);
