/** Only the columns in view are drawn. */
import { expect, test } from "vitest";

import { describe as describeColumn } from "./columns";
import { inView, placeColumns } from "./layout";

const columns = Array.from({ length: 2000 }, (_, at) => describeColumn(`config.c${at}`, undefined));

test("of two thousand columns a screen draws its own and the frozen ones", () => {
  const layout = placeColumns(columns, {}, 200, 2);
  const names = inView(layout, 50_000, 800).map((one) => one.column.name);
  expect(names.slice(0, 2)).toEqual(["config.c0", "config.c1"]);
  expect(names.length).toBeLessThan(20);
  expect(layout.width).toBe(200 + 2000 * 96);
});

test("a width that the reader chose moves what stands behind it", () => {
  const { placed } = placeColumns(columns.slice(0, 3), { "config.c0": 300 }, 200, 0);
  expect(placed.map((one) => one.left)).toEqual([200, 500, 596]);
});
