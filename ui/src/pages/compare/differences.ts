/** Lines up what several runs say, and finds where they differ. Pure. */
import type { RunReply } from "../../api/shapes";

export interface Line {
  readonly name: string;
  /** One for each run, in their order; undefined where a run does not have it. */
  readonly values: readonly unknown[];
  readonly isSame: boolean;
  /** Places of the best values, when it is known what is good and they differ. */
  readonly best: readonly number[];
}

export interface Part {
  readonly title: string;
  readonly lines: readonly Line[];
}

export const compare = (runs: readonly RunReply[]): Part[] => [
  { title: "Config", lines: values(runs.map((run) => run.config)) },
  { title: "Metrics", lines: metrics(runs) },
  { title: "Summary", lines: values(runs.map((run) => run.summary)) },
  { title: "Tags", lines: values(runs.map((run) => run.tags)) },
  { title: "Attributes", lines: values(runs.map((run) => run.attributes)) },
];

const lineOf = (name: string, found: readonly unknown[], goal: "min" | "max" | null = null): Line => {
  const texts = found.map((value) => JSON.stringify(value ?? null));
  const isSame = texts.every((text) => text === texts[0]);
  const numbers = found.map((value) => (typeof value === "number" ? value : NaN));
  const finite = numbers.filter(Number.isFinite);
  const wanted = goal === "max" ? Math.max(...finite) : Math.min(...finite);
  const best = goal === null || isSame ? [] : numbers.flatMap((value, at) => (value === wanted ? [at] : []));
  return { name, values: found, isSame, best };
};

const values = (maps: readonly Readonly<Record<string, unknown>>[]): Line[] => {
  const names = [...new Set(maps.flatMap((map) => Object.keys(map)))];
  return names.map((name) => lineOf(name, maps.map((map) => map[name])));
};

/** The best value where a goal is known, else the last. */
const metrics = (runs: readonly RunReply[]): Line[] => {
  const goals = new Map(runs.flatMap((run) => run.keys.map((key) => [key.key, key.goal] as const)));
  const rows = runs.map((run) => new Map(run.keys.map((key) => [key.key, key])));
  const lines = [...goals].map(([key, goal]) => {
    const found = rows.map((row) => row.get(key)?.[goal ?? "last"]);
    return lineOf(goal === null ? `${key}.last` : `${key}.${goal}`, found, goal);
  });
  return lines.sort((a, b) => Number(b.best.length > 0) - Number(a.best.length > 0));
};
