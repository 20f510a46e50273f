/** What is chosen survives its way through the address. */
import { expect, test } from "vitest";

import { PLAIN_VIEW, readView, type View, writeView } from "./view";

const chosen: View = {
  query: 'config.lr < 0.01 and name ~ "res & net+"',
  sort: ["-val/acc.max", "created"],
  columns: ["status", "config.a,b", "spark:val/acc", "config.größe"],
  frozen: 2,
  selected: ["k3x9m2ab", "p4q7r2st"],
  off: ["zz22yy33"],
  baseline: "k3x9m2ab",
  layout: 3,
  wall: {
    x: "clock/epoch",
    smoothing: 0.85,
    log: true,
    search: "^val/(loss|acc)$",
    folded: ["sys", "layer/0"],
    pinned: ["val/acc"],
    hidden: ["a@b"],
    range: [-1.5, 2e6],
    axes: { "val/loss": { log: true, range: [1e-4, 2] }, "odd@key": { log: false, all: true } },
    full: "val/acc",
    bands: true,
  },
};

test("every choice comes back from the address as it was", () => {
  expect(readView(writeView(chosen))).toEqual(chosen);
});

test("a place where nothing was chosen has a bare address", () => {
  expect(writeView(PLAIN_VIEW)).toBe("");
  expect(readView("")).toEqual(PLAIN_VIEW);
});

test("choosing no columns at all differs from not choosing", () => {
  expect(readView(writeView({ ...PLAIN_VIEW, columns: [] })).columns).toEqual([]);
});

test("an address that somebody mistyped shows defaults where it makes no sense", () => {
  const view = readView("?layout=9&smooth=many&range=5...2&axis=@log&frozen=-1&unknown=1");
  expect(view).toEqual(PLAIN_VIEW);
});

test("keys with slashes stay readable", () => {
  expect(writeView({ ...PLAIN_VIEW, sort: ["-val/acc.max"] })).toBe("?sort=-val/acc.max");
});
