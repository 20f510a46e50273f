/** Which runs are chosen: kept in the address, by clicks, ranges and keys. */
import { useCallback, useMemo, useRef } from "react";

import { getRuns } from "../../api/client";
import type { TableSnapshot } from "../../api/table";
import { useLatest } from "../../lib/useLatest";
import { say } from "../../state/undo";
import type { View } from "../../state/view";

/** One page of the server: what "select all" and ranges reach. */
const MOST_SELECTED = 1000;

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly toggle: (index: number, isRange: boolean) => void;
  readonly all: (isOn: boolean) => void;
}

export const useSelection = (
  project: string,
  view: View,
  shown: TableSnapshot,
  change: (part: Partial<View>) => void,
): Selection => {
  const selected = useMemo(() => new Set(view.selected), [view.selected]);
  const from = useRef(0);
  const latest = useLatest({ selected, shown, question: shown.question });

  /** Ids of rows `first` to `last`, those out of view too. */
  const idsOf = useCallback(
    async (first: number, last: number): Promise<string[]> => {
      const { rows } = latest.current.shown;
      const known = Array.from({ length: last - first + 1 }, (_, at) => rows.get(first + at)?.run.id);
      if (known.every((id) => id !== undefined)) return known;
      const limit = Math.min(last - first + 1, MOST_SELECTED);
      if (last - first + 1 > MOST_SELECTED) say(`Selected the first ${MOST_SELECTED} of ${last - first + 1} runs`);
      const reply = await getRuns({ ...latest.current.question, project, columns: [], offset: first, limit });
      return reply.rows.map((row) => row.id);
    },
    [project, latest],
  );

  const toggle = useCallback(
    (index: number, isRange: boolean) => {
      const id = latest.current.shown.rows.get(index)?.run.id;
      if (id === undefined) return;
      if (isRange) {
        const [first, last] = [Math.min(from.current, index), Math.max(from.current, index)];
        void idsOf(first, last).then((ids) => change({ selected: [...new Set([...latest.current.selected, ...ids])] }));
      } else {
        const next = new Set(latest.current.selected);
        if (!next.delete(id)) next.add(id);
        change({ selected: [...next] });
      }
      from.current = index;
    },
    [change, idsOf, latest],
  );

  const all = useCallback(
    (isOn: boolean) => {
      const { matched } = latest.current.shown;
      if (!isOn || matched === 0) change({ selected: [] });
      else void idsOf(0, matched - 1).then((ids) => change({ selected: ids }));
    },
    [change, idsOf, latest],
  );

  return { selected, toggle, all };
};
