/** Which columns come first, and what they are called. */
import { expect, test } from "vitest";

import type { KeyRow, TableColumn } from "../../api/shapes";
import type { TableRow } from "../../api/table";
import { defaultColumns, describe as describeColumn, leadingKeys, moveTo } from "./columns";

const key = (name: string, part: Partial<KeyRow> = {}): KeyRow => ({ key: name, runs: 10, goal: null, unit: "", clock: "", doc: "", ...part });

const meta = (name: string, part: Partial<TableColumn>): [string, TableColumn] => [
  name,
  { name, kind: "number", goal: null, best: null, low: null, high: null, ...part },
];

const run = { id: "a", name: "a", status: "finished", colour: null, created: 1, ended: 2, duration: 1, group: null, parent: null, troubles: 0 };

const row = (cells: Record<string, string | number>): TableRow => ({ run, cells: new Map(Object.entries(cells)) });

test("metrics with a goal come first, results before training", () => {
  const keys = [key("train/loss", { goal: "min" }), key("lr"), key("val/acc", { goal: "max" })];
  expect(leadingKeys(keys).map((one) => one.key)).toEqual(["val/acc", "train/loss"]);
});

test("without goals what sounds like a result leads", () => {
  const keys = [key("sys/cpu"), key("train/loss"), key("val/loss"), key("rare/acc", { runs: 1 })];
  expect(leadingKeys(keys)[0]?.key).toBe("val/loss");
});

test("configuration that is the same everywhere is not shown", () => {
  const metas = new Map([
    meta("config.lr", { low: 0.1, high: 0.2 }),
    meta("config.batch", { low: 64, high: 64 }),
    meta("config.model", { kind: "text" }),
    meta("config.data", { kind: "text" }),
  ]);
  const rows = [
    row({ "config.model": "cnn", "config.data": "digits", "config.batch": 64 }),
    row({ "config.model": "mlp", "config.data": "digits", "config.batch": 64 }),
  ];
  const names = ["config.lr", "config.batch", "config.model", "config.data"];
  expect(defaultColumns([key("val/acc", { goal: "max" })], names, metas, rows)).toEqual([
    "status",
    "val/acc.best",
    "spark:val/acc",
    "config.lr",
    "config.model",
    "duration",
    "created",
  ]);
});

test("a column's space is set apart from its name, and odd names can be sorted by", () => {
  expect(describeColumn("config.optim/lr", undefined)).toMatchObject({ prefix: "config.", label: "optim/lr", sort: "config.optim/lr" });
  expect(describeColumn("config.learning rate", undefined).sort).toBe("`config.learning rate`");
  expect(describeColumn("status", undefined)).toMatchObject({ asked: null, sort: "status" });
});

test("a column is moved to another's place", () => {
  expect(moveTo(["a", "b", "c"], "a", "c")).toEqual(["b", "c", "a"]);
  expect(moveTo(["a", "b", "c"], "c", "a")).toEqual(["c", "a", "b"]);
});
