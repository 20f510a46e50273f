/** The table of a project as React knows it: one RunsTable for as long as the project is looked at. */
import { useEffect, useState, useSyncExternalStore } from "react";

import { getRuns } from "../../api/client";
import { RunsTable, type TableSnapshot } from "../../api/table";
import type { LiveView } from "../../api/useLive";

export const useRunsTable = (project: string, live: LiveView): { table: RunsTable; shown: TableSnapshot } => {
  const [kept, setKept] = useState(() => ({ project, table: new RunsTable(project, getRuns) }));
  if (kept.project !== project) setKept({ project, table: new RunsTable(project, getRuns) });
  const { table } = kept;
  const shown = useSyncExternalStore(table.subscribe, table.snapshot);
  const { listen, epoch } = live;
  useEffect(() => listen((change) => table.apply(change)), [listen, table]);
  useEffect(() => {
    if (epoch > 0) table.reload();
  }, [epoch, table]);
  return { table, shown };
};
