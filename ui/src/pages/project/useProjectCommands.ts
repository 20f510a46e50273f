/** What the keys and the palette do on a project: move, select, open, compare, change the layout. */
import { useMemo } from "react";

import type { TableSnapshot } from "../../api/table";
import { useLatest } from "../../lib/useLatest";
import { type Command, useCommands } from "../../state/commands";
import { go } from "../../state/history";
import { layoutCommands } from "../../state/layoutCommands";
import { comparePath, runPath } from "../../state/route";
import { say } from "../../state/undo";
import type { View } from "../../state/view";
import type { Selection } from "./useSelection";

interface Context {
  readonly table: TableSnapshot;
  readonly view: View;
  readonly active: number | null;
  readonly setActive: (index: number | null) => void;
  readonly change: (part: Partial<View>) => void;
  readonly selection: Selection;
  readonly onOff: (run: string) => void;
  readonly project: string;
}

export const useProjectCommands = (context: Context): void => {
  const now = useLatest(context);
  const commands = useMemo(() => makeCommands(() => now.current), [now]);
  useCommands(commands);
};

const activeRun = ({ table, active }: Context): string | null => (active === null ? null : (table.rows.get(active)?.run.id ?? null));

/** Takes the selection along in the address. */
export const compareSelected = (project: string, view: View): void => {
  if (view.selected.length < 2) say("Select two runs or more, then compare them");
  else go(comparePath(project) + window.location.search);
};

const makeCommands = (now: () => Context): Command[] => {
  const move = (by: number): void => {
    const { active, setActive, table } = now();
    if (table.matched > 0) setActive(Math.min(Math.max((active ?? -1) + by, 0), table.matched - 1));
  };
  const withRun = (act: (run: string) => void): void => {
    const run = activeRun(now());
    if (run === null) say("Choose a row first, with j and k or a click");
    else act(run);
  };
  return [
    { id: "down", label: "Next row", keys: ["j", "ArrowDown"], group: "Runs", run: () => move(1) },
    { id: "up", label: "Previous row", keys: ["k", "ArrowUp"], group: "Runs", run: () => move(-1) },
    {
      id: "select",
      label: "Select the row",
      keys: [" "],
      group: "Runs",
      run: () => withRun(() => now().selection.toggle(now().active!, false)),
    },
    { id: "open", label: "Open the run", keys: ["Enter"], group: "Runs", run: () => withRun((run) => go(runPath(run))) },
    { id: "off", label: "Draw the run, or take it off the charts", keys: ["x"], group: "Runs", run: () => withRun((run) => now().onOff(run)) },
    {
      id: "baseline",
      label: "Make the run the baseline, or no longer",
      keys: ["b"],
      group: "Runs",
      run: () => withRun((run) => now().change({ baseline: now().view.baseline === run ? null : run })),
    },
    {
      id: "compare",
      label: "Compare the selected runs",
      keys: ["c"],
      group: "Runs",
      run: () => compareSelected(now().project, now().view),
    },
    { id: "all", label: "Select all runs", keys: ["mod+a"], group: "Runs", run: () => now().selection.all(true) },
    {
      id: "none",
      label: "Clear the selection",
      keys: ["Escape"],
      group: "Runs",
      run: () => {
        const { view, change, setActive } = now();
        if (view.wall.full !== null) return;
        if (view.selected.length > 0) change({ selected: [] });
        else setActive(null);
      },
    },
    ...layoutCommands("table", (layout) => now().change({ layout })),
  ];
};
