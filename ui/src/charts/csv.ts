/** Writes what a chart shows as comma-separated values, one row per point or bucket, with every digit. */
import type { Drawing } from "./drawing";
import { present } from "./gaps";
import { within } from "./search";

export const csv = (drawing: Drawing, x: string): string => {
  const anySmoothed = drawing.lines.some((line) => line.isSmoothed);
  const rows = [["run", "name", x, "value", "min", "max", "points", ...(anySmoothed ? ["smoothed"] : [])].map(cell).join(",")];
  for (const { line, y } of drawing.lines) {
    const { trace } = line;
    const [from, to] = within(trace.x, drawing.x);
    for (let index = from; index < to; index += 1) {
      if (!present(trace, index)) continue;
      const value = trace.y[index]!;
      const cells: (string | number)[] = [line.id, line.name, trace.x[index]!, value];
      cells.push(trace.low?.[index] ?? value, trace.high?.[index] ?? value, trace.count?.[index] ?? 1);
      if (anySmoothed) cells.push(y[index]!);
      rows.push(cells.map(cell).join(","));
    }
  }
  return `${rows.join("\r\n")}\r\n`;
};

/** Quoted where it must be. A text that a spreadsheet would run as a formula gets an apostrophe in front. */
const cell = (value: string | number): string => {
  if (typeof value === "number") return value.toString();
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
