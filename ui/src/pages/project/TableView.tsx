/** The runs table: virtual both ways, with its head, and a chip for what came while the reader was elsewhere. */
import { type ClipboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { Sparks } from "../../api/sparks";
import type { TableSnapshot } from "../../api/table";
import { copyText } from "./Cell";
import { type Column, NAME_WIDTH, ROW_HEIGHT } from "./columns";
import { type ColumnActions, HeaderCell } from "./HeaderCell";
import { HeadCell } from "./HeadCell";
import { inView, placeColumns } from "./layout";
import { Row, type RowProps } from "./Row";
import classes from "./Table.module.css";
import { type ScrollPlace, useScroll } from "./useScroll";

const HEADER = 33;
const BEYOND = 8;

export interface TableViewProps extends ColumnActions, Pick<RowProps, "onHover" | "onSelect" | "onActivate" | "onOff"> {
  readonly shown: TableSnapshot;
  readonly columns: readonly Column[];
  readonly frozen: number;
  readonly widths: Readonly<Record<string, number>>;
  readonly selected: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
  readonly drawn: ReadonlySet<string>;
  readonly baseline: string | null;
  readonly hovered: string | null;
  readonly active: number | null;
  readonly sort: readonly string[];
  readonly sparks: Sparks;
  readonly onSelectAll: (isOn: boolean) => void;
  /** First and last row in view, and the columns to ask for. */
  readonly onLook: (first: number, last: number, columns: readonly string[]) => void;
  readonly empty: React.ReactNode;
}

export const TableView = (props: TableViewProps) => {
  const { shown, columns, widths, frozen, onLook, active } = props;
  const box = useRef<HTMLDivElement>(null);
  const place = useScroll(box);
  const nameWidth = widths.name ?? NAME_WIDTH;
  // On a narrow table frozen columns would leave no room for the others.
  const layout = useMemo(() => placeColumns(columns, widths, nameWidth, frozen), [columns, widths, nameWidth, frozen]);
  const visible = useMemo(() => inView(layout, place.left, place.width), [layout, place.left, place.width]);
  const first = Math.max(0, Math.floor(place.top / ROW_HEIGHT));
  const last = Math.ceil((place.top + place.height - HEADER) / ROW_HEIGHT);
  const asked = useMemo(() => visible.flatMap(({ column }) => (column.asked === null ? [] : [column.asked])), [visible]);
  useEffect(() => onLook(first, last, asked), [onLook, first, last, asked]);
  const { padding, fresh, dismiss } = useAnchor(box, shown, place);
  useFollow(box, active);

  const rows: number[] = [];
  for (let index = Math.max(0, first - BEYOND); index < Math.min(shown.matched, last + BEYOND); index += 1) rows.push(index);
  const height = Math.max(shown.matched * ROW_HEIGHT, padding);

  return (
    <div className={classes.frame}>
      <div
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label="Runs"
        aria-rowcount={shown.matched + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={active === null ? undefined : `row-${active}`}
        aria-busy={shown.waiting}
        className={`${classes.scroll} ${shown.waiting ? classes.waiting : ""}`}
        onCopy={(event) => copyRows(event, props)}
      >
        <div role="row" aria-rowindex={1} className={classes.header} style={{ width: Math.max(layout.width, place.width) }}>
          <HeadCell
            width={nameWidth}
            isAll={props.selected.size > 0 && props.selected.size >= shown.matched}
            isSome={props.selected.size > 0}
            sort={props.sort}
            onSelectAll={props.onSelectAll}
            onSort={props.onSort}
            onResize={props.onResize}
          />
          {visible.map((one) => (
            <HeaderCell
              key={one.column.name}
              {...one}
              {...props}
              sorted={sortedBy(one.column, props.sort)}
              goal={shown.columns.get(one.column.name)?.goal ?? null}
            />
          ))}
        </div>
        <div className={classes.canvas} style={{ height, width: Math.max(layout.width, place.width) }}>
          {rows.map((index) => {
            const row = shown.rows.get(index);
            const id = row?.run.id ?? "";
            return (
              <Row
                key={id === "" ? `row-${index}` : id}
                index={index}
                top={index * ROW_HEIGHT}
                width={Math.max(layout.width, place.width)}
                nameWidth={nameWidth}
                row={row}
                columns={visible}
                metas={shown.columns}
                sparks={props.sparks}
                isSelected={props.selected.has(id)}
                isActive={index === active}
                isHovered={id !== "" && id === props.hovered}
                isBaseline={id === props.baseline}
                drawn={props.off.has(id) ? "off" : props.drawn.has(id) ? "drawn" : "not"}
                onHover={props.onHover}
                onSelect={props.onSelect}
                onActivate={props.onActivate}
                onOff={props.onOff}
              />
            );
          })}
          {(shown.known ? shown.matched === 0 : shown.error !== null) && <div className={classes.empty}>{props.empty}</div>}
        </div>
      </div>
      {fresh > 0 && (
        <button
          type="button"
          className={classes.chip}
          onClick={() => {
            dismiss();
            box.current?.scrollTo({ top: 0 });
          }}
        >
          {fresh} new ↑
        </button>
      )}
    </div>
  );
};

const sortedBy = (column: Column, sort: readonly string[]): "up" | "down" | null => {
  if (column.sort === null) return null;
  if (sort.includes(column.sort)) return "up";
  return sort.includes(`-${column.sort}`) ? "down" : null;
};

/** Rows that came by themselves push down what is above the reader, not what is read: the place is kept by its first run. */
const useAnchor = (box: RefObject<HTMLDivElement | null>, shown: TableSnapshot, place: ScrollPlace) => {
  const [kept, setKept] = useState({ epoch: shown.epoch, ids: [] as string[], padding: 0, fresh: 0 });
  const anchor = useRef<string[]>([]);
  const jump = useRef<number | null>(null);
  const first = Math.floor(place.top / ROW_HEIGHT);

  useLayoutEffect(() => {
    const isMine = shown.epoch === kept.epoch;
    const ids = [...Array(8).keys()].map((at) => shown.rows.get(first + at)?.run.id ?? "").filter((id) => id !== "");
    if (isMine) {
      anchor.current = ids;
      return;
    }
    const element = box.current;
    const isHeld = element !== null && (element.scrollTop > 0 || element.matches(":hover, :focus-within"));
    const moved = isHeld ? movedBy(anchor.current, shown, first) : 0;
    const top = (element?.scrollTop ?? 0) + moved * ROW_HEIGHT;
    jump.current = moved > 0 ? top : null;
    setKept((old) => ({
      epoch: shown.epoch,
      ids,
      padding: moved > 0 ? top + place.height - HEADER : 0,
      fresh: moved > 0 ? old.fresh + moved : isHeld ? old.fresh : 0,
    }));
  }, [shown, kept.epoch, first, box, place.height]);

  useLayoutEffect(() => {
    if (jump.current !== null) box.current?.scrollTo({ top: jump.current });
    jump.current = null;
  }, [kept, box]);

  // Whoever comes back to the top has seen what is new.
  const isAtTop = place.top === 0;
  const [wasAtTop, setWasAtTop] = useState(isAtTop);
  if (isAtTop !== wasAtTop) {
    setWasAtTop(isAtTop);
    if (isAtTop) setKept({ ...kept, fresh: 0, padding: 0 });
  }

  return { padding: kept.padding, fresh: kept.fresh, dismiss: () => setKept((old) => ({ ...old, fresh: 0, padding: 0 })) };
};

const movedBy = (ids: readonly string[], shown: TableSnapshot, first: number): number => {
  const places = new Map([...shown.rows].map(([index, row]) => [row.run.id, index]));
  for (const [at, id] of ids.entries()) {
    const now = places.get(id);
    if (now !== undefined) return now - (first + at);
  }
  return 0;
};

/** Keeps the active row in view as keys move it. */
const useFollow = (box: RefObject<HTMLDivElement | null>, active: number | null): void => {
  useEffect(() => {
    const element = box.current;
    if (element === null || active === null) return;
    const top = active * ROW_HEIGHT;
    const room = element.clientHeight - HEADER;
    if (top < element.scrollTop) element.scrollTo({ top });
    else if (top + ROW_HEIGHT > element.scrollTop + room) element.scrollTo({ top: top + ROW_HEIGHT - room });
  }, [box, active]);
};

/** Selected rows, else the active one, else all that is here, as tab-separated text with a head. */
const copyRows = (event: ClipboardEvent, { shown, columns, selected, active }: TableViewProps): void => {
  if (!(window.getSelection()?.isCollapsed ?? true)) return;
  const all = [...shown.rows].sort(([a], [b]) => a - b);
  const chosen = selected.size > 0 ? all.filter(([, row]) => selected.has(row.run.id)) : all.filter(([index]) => active === null || index === active);
  const data = columns.filter((column) => column.spark === null);
  const head = ["name", "id", ...data.map((column) => column.name)].join("\t");
  const lines = chosen.map(([, row]) => [row.run.name, row.run.id, ...data.map((column) => copyText(column, row))].join("\t"));
  event.clipboardData.setData("text/plain", [head, ...lines].join("\n"));
  event.preventDefault();
};
