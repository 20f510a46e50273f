/** Where the columns of the table stand, and which of them are in view. Pure. */
import type { Column } from "./columns";
import type { PlacedColumn } from "./Row";

export interface TableLayout {
  readonly placed: readonly PlacedColumn[];
  readonly frozenWidth: number;
  readonly width: number;
}

export const placeColumns = (
  columns: readonly Column[],
  widths: Readonly<Record<string, number>>,
  nameWidth: number,
  frozen: number,
): TableLayout => {
  let left = nameWidth;
  let frozenWidth = nameWidth;
  const placed = columns.map((column, at) => {
    const width = widths[column.name] ?? column.width;
    const one = { column, left, width, isFrozen: at < frozen };
    left += width;
    if (at < frozen) frozenWidth = left;
    return one;
  });
  return { placed, frozenWidth, width: left };
};

const BEYOND = 240;

/** Frozen columns, and those that the window from `scroll` over `width` pixels shows or nearly shows. */
export const inView = ({ placed, frozenWidth }: TableLayout, scroll: number, width: number): PlacedColumn[] => {
  const from = scroll + frozenWidth - BEYOND;
  const to = scroll + width + BEYOND;
  return placed.filter((one) => one.isFrozen || (one.left + one.width > from && one.left < to));
};
