/** The heart: the runs of a project beside their charts. */
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";

import { useColumns, useFreshCatalogue, useKeys } from "../../api/queries";
import { useLive } from "../../api/useLive";
import { formatCount } from "../../lib/format";
import { Wall } from "../../panels/Wall";
import { rememberOrder } from "../../state/order";
import { useRemembered } from "../../state/remember";
import { useView } from "../../state/useView";
import { Divider } from "../shell/Divider";
import { Frame } from "../shell/Frame";
import { ColumnsPanel } from "./ColumnsPanel";
import type { Column } from "./columns";
import { NoRuns } from "./NoRuns";
import classes from "./ProjectPage.module.css";
import { QueryField } from "./QueryField";
import { TableView } from "./TableView";
import { useColumnChoice } from "./useColumnChoice";
import { FIRST_ROWS, useDrawnRuns } from "./useDrawnRuns";
import { compareSelected, useProjectCommands } from "./useProjectCommands";
import { useRunsTable } from "./useRunsTable";
import { useSelection } from "./useSelection";
import { useSparks } from "./useSparks";

const SHOWS = { 1: "left", 2: "both", 3: "right" } as const;
const NO_NAMES: string[] = [];

export const ProjectPage = ({ project }: { project: string }) => {
  const { view, change, changeWall, link } = useView();
  const live = useLive(project);
  const { table, shown } = useRunsTable(project, live);
  const keys = useKeys(project);
  const catalogue = useColumns(project);
  useFreshCatalogue(project, live.listen);
  const [hovered, setHovered] = useState<string | null>(null);
  const [active, setActive] = useState<number | null>(null);
  const [share, setShare] = useRemembered(`divider.${project}`, 42);

  const known = useMemo(() => catalogue.data?.columns.map((column) => column.name) ?? NO_NAMES, [catalogue.data]);
  const isReady = (keys.known || keys.error !== null) && (catalogue.data !== undefined || catalogue.error !== null);
  const choice = useColumnChoice(project, view, shown, keys.keys, known, isReady, change);
  const selection = useSelection(project, view, shown, change);
  const drawn = useDrawnRuns(project, view, shown, table);
  const wallRuns = useDeferredValue(drawn.runs);
  const [window_, setWindow] = useState({ first: 0, last: 30 });

  const { query, sort } = view;
  const { probe } = choice;
  const look = useCallback(
    (first: number, last: number, asked: readonly string[]) => {
      setWindow((old) => (old.first === first && old.last === last ? old : { first, last }));
      table.look({ query, sort }, first, last, [...new Set([...probe, ...asked])]);
    },
    [table, query, sort, probe],
  );
  // Charts alone need the first rows too.
  useEffect(() => {
    if (view.layout === 3) table.look({ query, sort }, 0, 30, NO_NAMES);
  }, [view.layout, table, query, sort]);

  const sparkKey = choice.columns.find((column) => column.spark !== null)?.spark ?? null;
  const sparkRuns = useMemo(() => {
    const ids: string[] = [];
    for (let index = Math.max(0, window_.first - 4); index < window_.last + 8; index += 1) {
      const id = shown.rows.get(index)?.run.id;
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }, [shown.rows, window_]);
  const sparks = useSparks(view.layout === 3 ? null : sparkKey, sparkRuns, live);

  useEffect(() => {
    const ids = [...shown.rows].sort(([a], [b]) => a - b).map(([, row]) => row.run.id);
    rememberOrder(ids, window.location.pathname + window.location.search);
  }, [shown.rows, view]);

  const onSort = useCallback(
    (column: Column, direction: "up" | "down" | "next") => {
      if (column.sort === null) return;
      const [up, down] = [column.sort, `-${column.sort}`];
      // Larger is looked for first in numbers, and in what has a goal the better.
      const goal = shown.columns.get(column.name)?.goal;
      const order = goal === "min" || !column.isNumeric ? [up, down] : [down, up];
      const at = order.indexOf(sort[0] ?? "");
      const next = direction === "up" ? up : direction === "down" ? down : order[at + 1];
      change({ sort: next === undefined ? [] : [next] });
    },
    [change, sort, shown.columns],
  );
  const onFilter = useCallback(
    (column: Column) => {
      const field = document.querySelector<HTMLInputElement>('input[role="combobox"]');
      change({ query: query === "" ? `${column.sort} ` : `${query} and ${column.sort} ` }, "push");
      requestAnimationFrame(() => field?.focus());
    },
    [change, query],
  );
  const onQuery = useCallback((next: string, how: "push" | "replace") => change({ query: next }, how), [change]);
  const onOff = useCallback(
    (run: string) => change({ off: view.off.includes(run) ? view.off.filter((id) => id !== run) : [...view.off, run] }),
    [change, view.off],
  );
  const off = useMemo(() => new Set(view.off), [view.off]);
  useProjectCommands({ table: shown, view, active, setActive, change, selection, onOff, project });

  return (
    <Frame
      live={live.state}
      crumbs={[{ label: project }]}
      middle={<QueryField project={project} query={query} error={query === "" ? null : shown.error} onQuery={onQuery} />}
    >
      <Divider
        share={share}
        onShare={setShare}
        shows={SHOWS[view.layout]}
        left={
          <section className={classes.table} aria-label="Runs">
            <div className={classes.toolbar}>
              <span className={classes.counts} hidden={!shown.known}>
                <b>{formatCount(shown.matched)}</b>
                {shown.matched === shown.total ? "" : ` of ${formatCount(shown.total)}`}
                {shown.total === 1 ? " run" : " runs"}
                {shown.live > 0 && <span className={classes.live}> · {formatCount(shown.live)} running</span>}
              </span>
              <DrawnWords
                selected={view.selected.length}
                off={view.off.length}
                drawn={drawn.runs.length}
                isAll={drawn.runs.length >= shown.matched}
                onClear={() => change({ selected: [] })}
                onShow={() => change({ off: [] })}
                onCompare={() => compareSelected(project, view)}
              />
              <ColumnsPanel project={project} names={choice.names} isDefault={view.columns === null} onShow={choice.show} />
            </div>
            <TableView
              shown={shown}
              columns={choice.columns}
              frozen={view.frozen}
              widths={choice.widths}
              selected={selection.selected}
              off={off}
              drawn={drawn.ids}
              baseline={view.baseline}
              hovered={hovered}
              active={active}
              sort={sort}
              sparks={sparks}
              onLook={look}
              onHover={setHovered}
              onSelect={selection.toggle}
              onSelectAll={selection.all}
              onActivate={setActive}
              onOff={onOff}
              onSort={onSort}
              onFilter={onFilter}
              {...choice.actions}
              empty={<NoRuns project={project} shown={shown} onClear={() => change({ query: "" })} />}
            />
          </section>
        }
        right={
          <Wall
            project={project}
            runs={wallRuns}
            keys={keys.keys}
            settings={view.wall}
            hovered={hovered}
            onHover={setHovered}
            onSettings={changeWall}
            live={live.listen}
            epoch={live.epoch}
            link={link}
          />
        }
      />
    </Frame>
  );
};

interface DrawnWordsProps {
  readonly selected: number;
  readonly off: number;
  readonly drawn: number;
  readonly isAll: boolean;
  readonly onClear: () => void;
  readonly onShow: () => void;
  readonly onCompare: () => void;
}

/** Says quietly which runs the charts show, and why. */
const DrawnWords = ({ selected, off, drawn, isAll, onClear, onShow, onCompare }: DrawnWordsProps) => (
  <span className={classes.drawn}>
    {selected > 1 && (
      <button type="button" className="k-button" onClick={onCompare} title="What differs between the selected runs (c)">
        Compare
      </button>
    )}
    {selected > 0 ? (
      <button type="button" className="k-button" onClick={onClear} title="Clear the selection (Escape)">
        {formatCount(selected)} selected ×
      </button>
    ) : (
      drawn > 0 && !isAll && <span title={`Nothing is selected: the charts show the first ${FIRST_ROWS} rows`}>charts: first {drawn}</span>
    )}
    {off > 0 && (
      <button type="button" className="k-button" onClick={onShow} title="Draw all again">
        {formatCount(off)} off ×
      </button>
    )}
  </span>
);
