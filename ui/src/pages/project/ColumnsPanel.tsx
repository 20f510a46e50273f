/** The catalogue of columns: search among thousands, tick what is shown. */
import { Popover } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useMemo, useRef, useState } from "react";

import { useColumns } from "../../api/queries";
import { formatCount } from "../../lib/format";
import classes from "./ColumnsPanel.module.css";

interface ColumnsPanelProps {
  readonly project: string;
  readonly names: readonly string[];
  readonly isDefault: boolean;
  readonly onShow: (names: readonly string[] | null) => void;
}

const ITEM = 26;
const CARRIED = ["status", "created", "ended", "duration", "group", "parent", "id", "troubles"];
const STATS = ["last", "min", "max", "mean", "best", "count"];

interface Item {
  readonly name: string;
  readonly detail: string;
  readonly isSeries: boolean;
}

export const ColumnsPanel = (props: ColumnsPanelProps) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" withinPortal trapFocus returnFocus shadow="none">
      <Popover.Target>
        <button type="button" className="k-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Columns
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Catalogue {...props} />
      </Popover.Dropdown>
    </Popover>
  );
};

const Catalogue = ({ project, names, isDefault, onShow }: ColumnsPanelProps) => {
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const query = useColumns(project, asked);
  const shown = useMemo(() => new Set(names), [names]);
  const items = useMemo((): Item[] => {
    const fits = (name: string): boolean => name.toLowerCase().includes(asked.toLowerCase());
    const own = CARRIED.filter(fits).map((name) => ({ name, detail: "", isSeries: false }));
    const found = (query.data?.columns ?? [])
      .filter((column) => !CARRIED.includes(column.name) && column.name !== "name")
      .map((column) => ({ name: column.name, detail: `${formatCount(column.runs)} runs`, isSeries: column.source === "series" }));
    return [...own, ...found];
  }, [query.data, asked]);

  const toggle = (name: string): void => onShow(shown.has(name) ? names.filter((other) => other !== name) : [...names, name]);
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => list.current, estimateSize: () => ITEM, overscan: 6 });
  return (
    <div className={classes.panel}>
      <input
        type="search"
        className={classes.search}
        placeholder={`Search ${formatCount(query.data?.total ?? 0)} columns`}
        aria-label="Search columns"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        data-autofocus
      />
      <div ref={list} className={classes.list}>
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const item = items[index]!;
            return (
              <div key={item.name} className={classes.item} style={{ transform: `translateY(${start}px)` }}>
                <label className={classes.label} title={item.name}>
                  <input type="checkbox" className={classes.check} checked={shown.has(item.name)} onChange={() => toggle(item.name)} />
                  <span className={classes.name}>{item.name}</span>
                </label>
                {item.isSeries ? <Variants name={item.name} shown={shown} toggle={toggle} /> : <span className={classes.detail}>{item.detail}</span>}
              </div>
            );
          })}
        </div>
        {items.length === 0 && query.data !== undefined && <p className={classes.none}>No column contains “{asked}”.</p>}
      </div>
      <div className={classes.foot}>
        <span>{formatCount(names.length)} shown</span>
        <button type="button" className="k-button" disabled={items.length === 0} onClick={() => onShow([...new Set([...names, ...items.map((one) => one.name)])])}>
          Show all found
        </button>
        <button type="button" className="k-button" disabled={isDefault} onClick={() => onShow(null)}>
          As it comes
        </button>
      </div>
    </div>
  );
};

/** What else a series can show in a column: its statistics, and its curve. */
const Variants = ({ name, shown, toggle }: { name: string; shown: ReadonlySet<string>; toggle: (name: string) => void }) => (
  <span className={classes.variants}>
    {[...STATS.map((stat) => [`${name}.${stat}`, stat] as const), [`spark:${name}`, "∿"] as const].map(([column, word]) => (
      <button
        key={column}
        type="button"
        className={classes.variant}
        aria-pressed={shown.has(column)}
        title={word === "∿" ? `sparkline of ${name}` : column}
        onClick={() => toggle(column)}
      >
        {word}
      </button>
    ))}
  </span>
);
