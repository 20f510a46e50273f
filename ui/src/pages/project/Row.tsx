/** One run of the table: its mark, its name, and the columns in view. */
import { memo, type MouseEvent } from "react";

import type { Sparks } from "../../api/sparks";
import type { TableRow, TableSnapshot } from "../../api/table";
import { runColour } from "../../lib/colour";
import { go } from "../../state/history";
import { runPath } from "../../state/route";
import { Cell } from "./Cell";
import type { Column } from "./columns";
import { SparkCell } from "./SparkCell";
import classes from "./Table.module.css";

/** A column with its place in the row. */
export interface PlacedColumn {
  readonly column: Column;
  readonly left: number;
  readonly width: number;
  readonly isFrozen: boolean;
}

export interface RowProps {
  readonly index: number;
  readonly top: number;
  readonly width: number;
  readonly nameWidth: number;
  readonly row: TableRow | undefined;
  readonly columns: readonly PlacedColumn[];
  readonly metas: TableSnapshot["columns"];
  readonly sparks: Sparks;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly isHovered: boolean;
  readonly isBaseline: boolean;
  readonly drawn: "drawn" | "off" | "not";
  readonly onHover: (run: string | null) => void;
  readonly onSelect: (index: number, isRange: boolean) => void;
  readonly onActivate: (index: number) => void;
  readonly onOff: (run: string) => void;
}

export const Row = memo(function Row(props: RowProps) {
  const { row, index } = props;
  const run = row?.run;
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={props.isSelected}
      className={classes.row}
      data-active={props.isActive || undefined}
      data-hovered={props.isHovered || undefined}
      style={{ transform: `translateY(${props.top}px)`, width: props.width }}
      onPointerEnter={() => props.onHover(run?.id ?? null)}
      onPointerLeave={() => props.onHover(null)}
      onClick={(event: MouseEvent) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) props.onSelect(index, event.shiftKey);
        props.onActivate(index);
      }}
    >
      <div role="gridcell" className={`${classes.cell} ${classes.head}`} style={{ width: props.nameWidth }}>
        {row !== undefined && <Head {...props} row={row} />}
      </div>
      {row !== undefined &&
        props.columns.map((placed) => (
          <div
            key={placed.column.name}
            role="gridcell"
            className={classes.cell}
            data-numeric={placed.column.isNumeric || undefined}
            data-frozen={placed.isFrozen || undefined}
            style={placed.isFrozen ? { left: placed.left, width: placed.width } : { transform: `translateX(${placed.left}px)`, width: placed.width }}
          >
            {placed.column.spark !== null ? (
              <SparkCell sparks={props.sparks} run={row.run} />
            ) : (
              <Cell column={placed.column} row={row} meta={props.metas.get(placed.column.name)} />
            )}
          </div>
        ))}
    </div>
  );
});

/** Checkbox, colour and name: what never leaves the left edge. */
const Head = (props: RowProps & { row: TableRow }) => {
  const { run } = props.row;
  return (
    <>
      <input
        type="checkbox"
        className={classes.check}
        checked={props.isSelected}
        aria-label={`Select ${run.name}`}
        tabIndex={-1}
        onClick={(event) => {
          event.stopPropagation();
          props.onSelect(props.index, event.shiftKey);
        }}
        onChange={() => undefined}
      />
      <button
        type="button"
        tabIndex={-1}
        className={classes.dot}
        data-drawn={props.drawn}
        style={{ color: runColour(run.id, run.colour) }}
        title={props.drawn === "off" ? "Draw this run (x)" : "Take this run off the charts (x)"}
        aria-label={props.drawn === "off" ? `Draw ${run.name}` : `Take ${run.name} off the charts`}
        onClick={(event) => {
          event.stopPropagation();
          props.onOff(run.id);
        }}
      />
      <a
        href={runPath(run.id)}
        tabIndex={-1}
        className={classes.name}
        title={run.name}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go(runPath(run.id));
        }}
      >
        {run.name}
      </a>
      {props.isBaseline && (
        <span className={classes.badge} title="The baseline: drawn dashed">
          base
        </span>
      )}
      {run.troubles > 0 && (
        <span className={classes.trouble} title={`${run.troubles} kind${run.troubles > 1 ? "s" : ""} of trouble; see the run`}>
          ▲
        </span>
      )}
    </>
  );
};
