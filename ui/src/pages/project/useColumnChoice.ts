/** Which columns the table shows: those in the address, else those chosen for this project. */
import { useCallback, useMemo, useState } from "react";

import type { KeyRow } from "../../api/shapes";
import type { TableSnapshot } from "../../api/table";
import { useRemembered } from "../../state/remember";
import type { View } from "../../state/view";
import { candidates, type Column, defaultColumns, describe, moveTo } from "./columns";
import type { ColumnActions } from "./HeaderCell";

export interface ColumnChoice {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  /** What is asked before the defaults are known. */
  readonly probe: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  readonly show: (names: readonly string[] | null) => void;
  readonly actions: Omit<ColumnActions, "onSort" | "onFilter">;
}

const NO_WIDTHS: Record<string, number> = {};
const ROWS_LOOKED_AT = 100;

export const useColumnChoice = (
  project: string,
  view: View,
  shown: TableSnapshot,
  keys: readonly KeyRow[],
  known: readonly string[],
  isReady: boolean,
  change: (part: Partial<View>) => void,
): ColumnChoice => {
  const [widths, setWidths] = useRemembered(`widths.${project}`, NO_WIDTHS);
  const probe = useMemo(() => (view.columns === null && isReady ? candidates(keys, known) : []), [view.columns, isReady, keys, known]);
  const chosen = view.columns;
  const fresh = useMemo(() => {
    // Names and status can be shown before it is known what else is worth it.
    if (!isReady) return "status";
    const rows = Array.from({ length: ROWS_LOOKED_AT }, (_, index) => shown.rows.get(index)).filter((row) => row !== undefined);
    return defaultColumns(keys, known, shown.columns, rows).join("\n");
  }, [isReady, keys, known, shown.columns, shown.rows]);
  // A query leaves fewer runs that differ in less; its columns stay, so that nothing moves while it is typed.
  const [kept, setKept] = useState({ text: fresh, isFirm: false });
  const isFirm = isReady && shown.known && probe.every((name) => shown.columns.has(name));
  const isBetter = !kept.isFirm || (shown.question.query === "" && !shown.waiting);
  if (isBetter && (kept.text !== fresh || kept.isFirm !== isFirm)) setKept({ text: fresh, isFirm });
  const text = chosen === null ? (isBetter ? fresh : kept.text) : chosen.join("\n");
  const names = useMemo(() => text.split("\n").filter((name) => name !== ""), [text]);
  const kinds = names.map((name) => shown.columns.get(name)?.kind ?? "").join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the kinds are all that matters of the columns
  const columns = useMemo(() => names.map((name) => describe(name, shown.columns.get(name))), [names, kinds]);
  const show = useCallback((next: readonly string[] | null) => change({ columns: next }), [change]);

  const actions = useMemo(
    () => ({
      onHide: (name: string) => show(names.filter((other) => other !== name)),
      onMove: (name: string, target: string) => show(moveTo(names, name, target)),
      onShift: (name: string, by: -1 | 1) => {
        const target = names[names.indexOf(name) + by];
        if (target !== undefined) show(moveTo(names, name, target));
      },
      onFreeze: (name: string) => {
        const at = names.indexOf(name);
        change({ columns: names, frozen: at < view.frozen ? at : at + 1 });
      },
      onResize: (name: string, width: number) => setWidths({ ...widths, [name]: width }),
    }),
    [names, show, change, view.frozen, widths, setWidths],
  );
  return { names, columns, probe, widths, show, actions };
};
