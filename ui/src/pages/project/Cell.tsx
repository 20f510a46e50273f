/** One value of the table: short in its place, whole on hover and when copied. */
import type { TableColumn } from "../../api/shapes";
import type { TableRow } from "../../api/table";
import { exactNumber, formatAgo, formatDuration, formatMoment, formatNumber, formatValue } from "../../lib/format";
import { useNow } from "../../lib/useNow";
import { Status } from "../shell/Status";
import { type Column, valueOf } from "./columns";
import classes from "./Table.module.css";

const odd: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** Numbers that JSON has no word for arrive as words. */
export const numberIn = (column: Column, value: unknown): number | null => {
  if (typeof value === "number") return value;
  return column.isNumeric && typeof value === "string" && value in odd ? odd[value]! : null;
};

/** What a spreadsheet gets. */
export const copyText = (column: Column, row: TableRow): string => {
  const value = valueOf(column, row);
  if (value === null || value === undefined) return "";
  if (column.name === "created" || column.name === "ended") return formatMoment(value as number);
  const number = numberIn(column, value);
  if (number !== null) return exactNumber(number);
  return formatValue(value).replaceAll(/[\t\n\r]+/g, " ");
};

const isBest = (value: number, meta: TableColumn | undefined): boolean => {
  if (meta?.goal === undefined || meta.goal === null || meta.low === meta.high) return false;
  return value === (meta.goal === "max" ? meta.high : meta.low);
};

export const Cell = ({ column, row, meta }: { column: Column; row: TableRow; meta: TableColumn | undefined }) => {
  const value = valueOf(column, row);
  if (value === undefined) return null;
  if (value === null) return <span className={classes.none}>–</span>;
  if (column.name === "status") return <Status status={row.run.status} />;
  if (column.name === "created" || column.name === "ended") return <Moment moment={value as number} />;
  if (column.name === "duration") return <Duration run={row.run} />;
  const number = numberIn(column, value);
  if (number === null) return <span title={formatValue(value)}>{formatValue(value)}</span>;
  return (
    <span title={exactNumber(number)} className={isBest(number, meta) ? classes.best : undefined}>
      {formatNumber(number)}
    </span>
  );
};

const Moment = ({ moment }: { moment: number }) => {
  const now = useNow(30);
  return <time title={formatMoment(moment)}>{formatAgo(moment, now)}</time>;
};

const Duration = ({ run }: { run: TableRow["run"] }) => {
  const isRunning = run.status === "running";
  const now = useNow(isRunning ? 1 : 0);
  const seconds = isRunning && run.created !== null ? Math.max(run.duration ?? 0, now - run.created) : run.duration;
  return <span title={seconds === null ? undefined : `${seconds.toFixed(1)} s`}>{formatDuration(seconds)}</span>;
};
