/** The head of the first column: selects all, and sorts by name. */
import { type PointerEvent, useEffect, useRef } from "react";

import { type Column, LEAST_WIDTH } from "./columns";
import classes from "./Table.module.css";

const NAME: Column = { name: "name", prefix: "", label: "name", width: 0, isNumeric: false, sort: "name", asked: null, spark: null };

interface HeadCellProps {
  readonly width: number;
  readonly isAll: boolean;
  readonly isSome: boolean;
  readonly sort: readonly string[];
  readonly onSelectAll: (isOn: boolean) => void;
  readonly onSort: (column: Column, direction: "next") => void;
  readonly onResize: (name: string, width: number) => void;
}

export const HeadCell = ({ width, isAll, isSome, sort, onSelectAll, onSort, onResize }: HeadCellProps) => {
  const check = useRef<HTMLInputElement>(null);
  const start = useRef<{ x: number; width: number } | null>(null);
  useEffect(() => {
    if (check.current !== null) check.current.indeterminate = isSome && !isAll;
  }, [isSome, isAll]);
  const direction = sort.includes("name") ? "ascending" : sort.includes("-name") ? "descending" : "none";
  return (
    <div role="columnheader" aria-sort={direction} className={`${classes.headerCell} ${classes.headerHead}`} style={{ width }}>
      <input
        ref={check}
        type="checkbox"
        className={classes.check}
        checked={isAll}
        aria-label="Select all runs of the table"
        onChange={() => onSelectAll(!isSome)}
      />
      <button type="button" className={classes.headerName} title="click to sort" onClick={() => onSort(NAME, "next")}>
        name {direction === "none" ? null : <span aria-hidden="true">{direction === "ascending" ? "↑" : "↓"}</span>}
      </button>
      <span
        className={classes.edge}
        aria-hidden="true"
        onPointerDown={(event: PointerEvent) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = { x: event.clientX, width };
        }}
        onPointerMove={(event: PointerEvent) => {
          if (start.current === null) return;
          onResize("name", Math.max(2 * LEAST_WIDTH, Math.round(start.current.width + event.clientX - start.current.x)));
        }}
        onPointerUp={() => (start.current = null)}
      />
    </div>
  );
};
