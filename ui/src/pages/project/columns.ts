/** What a column of the runs table is: its words, its width, how it sorts, and which ones are shown to begin with. */
import type { KeyRow, RunRow, TableColumn } from "../../api/shapes";
import type { CellValue, TableRow } from "../../api/table";

export interface Column {
  /** As in queries: "status", "config.lr", "val/acc.max"; "spark:KEY" is a sparkline. */
  readonly name: string;
  /** What is before the last part, quiet in the header: "config." */
  readonly prefix: string;
  readonly label: string;
  readonly width: number;
  readonly isNumeric: boolean;
  /** Null cannot be sorted by. */
  readonly sort: string | null;
  /** What is asked of the server; null when the row has it anyway. */
  readonly asked: string | null;
  readonly spark: string | null;
}

export const ROW_HEIGHT = 32;
export const NAME_WIDTH = 196;
export const LEAST_WIDTH = 48;
const MOST_WIDTH = 148;

/** What every row carries without being asked. */
const CARRIED: Readonly<Record<string, { label: string; width: number; isNumeric: boolean }>> = {
  status: { label: "status", width: 96, isNumeric: false },
  created: { label: "created", width: 84, isNumeric: true },
  ended: { label: "ended", width: 84, isNumeric: true },
  duration: { label: "duration", width: 84, isNumeric: true },
  group: { label: "group", width: 110, isNumeric: false },
  parent: { label: "parent", width: 96, isNumeric: false },
  id: { label: "id", width: 96, isNumeric: false },
  troubles: { label: "troubles", width: 76, isNumeric: true },
};

const SPACE_WORDS = /^(config|params|summary|tag|tags|attributes)\./;

export const describe = (name: string, meta: TableColumn | undefined): Column => {
  if (name.startsWith("spark:")) {
    const key = name.slice("spark:".length);
    return { name, prefix: "", label: key, width: 104, isNumeric: false, sort: null, asked: null, spark: key };
  }
  const carried = CARRIED[name];
  if (carried !== undefined) return { name, prefix: "", ...carried, sort: name, asked: null, spark: null };
  const prefix = SPACE_WORDS.exec(name)?.[0] ?? "";
  const isNumeric = meta?.kind === "number";
  const label = name.slice(prefix.length);
  const width = Math.min(Math.max(isNumeric || meta?.kind === "bool" ? 88 : 96, label.length * 7 + 26), MOST_WIDTH);
  return { name, prefix, label, width, isNumeric, sort: quoted(name), asked: name, spark: null };
};

/** Sort keys are parsed; odd names need their backticks. */
const quoted = (name: string): string => (/^[\w./]+$/.test(name) ? name : `\`${name}\``);

export const carriedValue = (name: string, run: Omit<RunRow, "cells">): CellValue => {
  switch (name) {
    case "status":
      return run.status;
    case "created":
      return run.created;
    case "ended":
      return run.ended;
    case "duration":
      return run.duration;
    case "group":
      return run.group;
    case "parent":
      return run.parent;
    case "id":
      return run.id;
    case "troubles":
      return run.troubles;
    default:
      return null;
  }
};

/** Undefined while it is on its way; null when the run has nothing there. */
export const valueOf = (column: Column, row: TableRow): CellValue | undefined =>
  column.asked === null ? carriedValue(column.name, row.run) : row.cells.get(column.asked);

const MOST_GOALS = 4;
const MOST_PLAIN_KEYS = 3;
const MOST_CONFIG = 8;

/** Metrics a reader would want first: those with a goal, else what sounds like a result, else the most common. */
export const leadingKeys = (keys: readonly KeyRow[]): KeyRow[] => {
  const goals = keys.filter((row) => row.goal !== null);
  if (goals.length > 0) return [...goals].sort(byRank).slice(0, MOST_GOALS);
  return [...keys].sort((a, b) => b.runs - a.runs || byRank(a, b)).slice(0, MOST_PLAIN_KEYS);
};

const RESULTS = [/\b(test|val|valid|validation|eval)/i, /(acc|f1|auc|score|reward|r2)/i, /(loss|error|mse|mae|ppl|perplexity)/i];

const rank = (row: KeyRow): number => RESULTS.reduce((sum, pattern, at) => sum + (pattern.test(row.key) ? 0 : 4 >> at), 0);

const byRank = (a: KeyRow, b: KeyRow): number => rank(a) - rank(b) || (a.key < b.key ? -1 : 1);

/** Columns that the server is asked about before it is known which are worth showing. */
export const candidates = (keys: readonly KeyRow[], names: readonly string[]): string[] => [
  ...leadingKeys(keys).map(keyColumn),
  ...names.filter((name) => name.startsWith("config.")).slice(0, 40),
];

const keyColumn = (row: KeyRow): string => (row.goal === null ? row.key : `${row.key}.best`);

/** Metrics, then the configuration that differs between the runs at hand, then when and how long. */
export const defaultColumns = (
  keys: readonly KeyRow[],
  names: readonly string[],
  metas: ReadonlyMap<string, TableColumn>,
  rows: readonly TableRow[],
): string[] => {
  const leading = leadingKeys(keys);
  const [first, ...rest] = leading.map(keyColumn);
  const differing = names.filter((name) => name.startsWith("config.") && differs(name, metas.get(name), rows)).slice(0, MOST_CONFIG);
  return [
    "status",
    ...(first === undefined ? [] : [first]),
    ...(leading[0] === undefined ? [] : [`spark:${leading[0].key}`]),
    ...rest,
    ...differing,
    "duration",
    "created",
  ];
};

const differs = (name: string, meta: TableColumn | undefined, rows: readonly TableRow[]): boolean => {
  if (meta?.kind === undefined || meta.kind === null) return false;
  if (meta.low !== null && meta.low !== meta.high) return true;
  const seen = new Set(rows.map((row) => JSON.stringify(row.cells.get(name) ?? null)));
  return seen.size > 1;
};

/** `names` with `name` moved to stand where `target` stands. */
export const moveTo = (names: readonly string[], name: string, target: string): string[] => {
  const from = names.indexOf(name);
  const to = names.indexOf(target);
  if (from < 0 || to < 0 || from === to) return [...names];
  const rest = names.filter((other) => other !== name);
  rest.splice(to, 0, name);
  return rest;
};
