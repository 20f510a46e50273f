/** The runs whose lines are drawn: those selected, else the first rows; without those taken off. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { getRuns } from "../../api/client";
import type { RunRow } from "../../api/shapes";
import type { RunsTable, TableSnapshot } from "../../api/table";
import { paintRuns } from "../../lib/colour";
import type { WallRun } from "../../panels/types";
import type { View } from "../../state/view";

export const FIRST_ROWS = 10;
const BASELINE_DASH = [6, 4];
const MOST_ASKED = 100;

type Known = Omit<RunRow, "cells">;

const NOBODY: ReadonlyMap<string, Known> = new Map();

export interface DrawnRuns {
  readonly runs: readonly WallRun[];
  readonly ids: ReadonlySet<string>;
}

export const useDrawnRuns = (project: string, view: View, shown: TableSnapshot, table: RunsTable): DrawnRuns => {
  const wanted = useMemo(() => {
    const base = view.selected.length > 0 ? view.selected : firstRows(shown);
    const off = new Set(view.off);
    const ids = view.baseline === null || base.includes(view.baseline) ? base : [view.baseline, ...base];
    return ids.filter((id) => !off.has(id));
  }, [view.selected, view.off, view.baseline, shown]);
  const elsewhere = useElsewhere(project, wanted, table);

  const runs = wanted.flatMap((id) => {
    const run = table.seen(id) ?? elsewhere.get(id);
    return run === undefined ? [] : [run];
  });
  const paints = paintRuns(runs);
  const next = runs.map((run): WallRun => {
    const { colour, dash } = paints.get(run.id)!;
    const created = run.created === null ? {} : { created: run.created };
    return { id: run.id, name: run.name, colour, dash: run.id === view.baseline ? BASELINE_DASH : dash, ...created };
  });
  const stable = useStable(next);
  const ids = useMemo(() => new Set(stable.map((run) => run.id)), [stable]);
  return { runs: stable, ids };
};

const firstRows = ({ rows }: TableSnapshot): string[] =>
  Array.from({ length: FIRST_ROWS }, (_, index) => rows.get(index)?.run.id ?? "").filter((id) => id !== "");

/** Selected runs that the table never loaded: their names are asked for. */
const useElsewhere = (project: string, wanted: readonly string[], table: RunsTable): ReadonlyMap<string, Known> => {
  const missing = wanted.filter((id) => table.seen(id) === undefined).sort();
  const query = useQuery({
    queryKey: ["named", project, missing],
    enabled: missing.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const found = new Map<string, Known>();
      for (let at = 0; at < missing.length; at += MOST_ASKED) {
        const ids = missing.slice(at, at + MOST_ASKED);
        const list = ids.map((id) => JSON.stringify(id)).join(", ");
        const reply = await getRuns({ project, query: `id in [${list}]`, sort: [], columns: [], offset: 0, limit: ids.length }, signal);
        for (const run of reply.rows) found.set(run.id, run);
      }
      return found;
    },
  });
  return query.data ?? NOBODY;
};

/** The same array as before while it says the same: charts compare by identity. */
const useStable = (runs: readonly WallRun[]): readonly WallRun[] => {
  const text = JSON.stringify(runs);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the text stands for the runs
  return useMemo(() => runs, [text]);
};
