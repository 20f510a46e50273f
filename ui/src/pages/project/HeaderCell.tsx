/** The head of a column: its name, its order, its menu, and the edge that makes it wider. */
import { Menu } from "@mantine/core";
import { type DragEvent, type PointerEvent, useRef } from "react";

import { type Column, LEAST_WIDTH } from "./columns";
import classes from "./Table.module.css";

export interface ColumnActions {
  readonly onSort: (column: Column, direction: "up" | "down" | "next") => void;
  readonly onHide: (name: string) => void;
  readonly onMove: (name: string, target: string) => void;
  readonly onShift: (name: string, by: -1 | 1) => void;
  readonly onFreeze: (name: string) => void;
  readonly onFilter: (column: Column) => void;
  readonly onResize: (name: string, width: number) => void;
}

interface HeaderCellProps extends ColumnActions {
  readonly column: Column;
  readonly width: number;
  readonly left: number;
  readonly isFrozen: boolean;
  readonly sorted: "up" | "down" | null;
  readonly goal: "min" | "max" | null;
}

const SORT_WORDS = { up: "ascending", down: "descending" } as const;

export const HeaderCell = (props: HeaderCellProps) => {
  const { column, width, left, isFrozen, sorted } = props;
  const place = isFrozen ? { left, width } : { transform: `translateX(${left}px)`, width };
  return (
    <div
      role="columnheader"
      aria-sort={sorted === null ? "none" : SORT_WORDS[sorted]}
      className={classes.headerCell}
      data-numeric={column.isNumeric || undefined}
      data-frozen={isFrozen || undefined}
      style={place}
      draggable
      onDragStart={(event: DragEvent) => event.dataTransfer.setData("text/x-column", column.name)}
      onDragOver={(event: DragEvent) => {
        if (event.dataTransfer.types.includes("text/x-column")) event.preventDefault();
      }}
      onDrop={(event: DragEvent) => props.onMove(event.dataTransfer.getData("text/x-column"), column.name)}
    >
      <button
        type="button"
        className={classes.headerName}
        title={`${column.name}${column.sort === null ? "" : "\nclick to sort"}`}
        onClick={() => props.onSort(column, "next")}
      >
        {column.spark !== null && <span className={classes.prefix}>∿&thinsp;</span>}
        <span className={classes.headerWord}>
          <bdi>{column.label}</bdi>
        </span>
        {sorted !== null && <span aria-hidden="true">{sorted === "up" ? "↑" : "↓"}</span>}
      </button>
      <ColumnMenu {...props} />
      <Edge {...props} />
    </div>
  );
};

const ColumnMenu = (props: HeaderCellProps) => {
  const { column } = props;
  return (
    <Menu position="bottom-start" withinPortal shadow="none">
      <Menu.Target>
        <button type="button" className={classes.headerMenu} aria-label={`Menu of ${column.name}`}>
          ⋮
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{column.name}</Menu.Label>
        {column.sort !== null && (
          <>
            <Menu.Item onClick={() => props.onSort(column, "up")}>Sort ascending</Menu.Item>
            <Menu.Item onClick={() => props.onSort(column, "down")}>Sort descending</Menu.Item>
            <Menu.Item onClick={() => props.onFilter(column)}>Filter by this…</Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Item onClick={() => props.onFreeze(column.name)}>{props.isFrozen ? "Unfreeze from here" : "Freeze up to here"}</Menu.Item>
        <Menu.Item onClick={() => props.onShift(column.name, -1)}>Move left</Menu.Item>
        <Menu.Item onClick={() => props.onShift(column.name, 1)}>Move right</Menu.Item>
        <Menu.Item onClick={() => props.onHide(column.name)}>Hide</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

const Edge = ({ column, width, onResize }: HeaderCellProps) => {
  const start = useRef<{ x: number; width: number } | null>(null);
  return (
    <span
      className={classes.edge}
      aria-hidden="true"
      draggable={false}
      onPointerDown={(event: PointerEvent) => {
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event: PointerEvent) => {
        if (start.current === null) return;
        onResize(column.name, Math.max(LEAST_WIDTH, Math.round(start.current.width + event.clientX - start.current.x)));
      }}
      onPointerUp={() => (start.current = null)}
    />
  );
};
