import { describe, expect, test } from "vitest";

import { groupsOf, PINNED, rowsOf, searchOf, TOP } from "./groups";
import { type KeyInfo, PLAIN_SETTINGS } from "./types";

const keys = (...names: string[]): KeyInfo[] => names.map((key) => ({ key, runs: 1, goal: null, unit: "", clock: "", doc: "" }));
const names = (groups: ReturnType<typeof groupsOf>) => groups.map((group) => [group.name, group.keys.map(({ key }) => key)]);

describe("groupsOf", () => {
  test("keys that are alone in their prefix come together above it", () => {
    expect(names(groupsOf(keys("layer/0/norm", "layer/1/norm", "layer/1/bias", "a/long/way/down", "b/loss"), PLAIN_SETTINGS))).toEqual([
      ["a", ["a/long/way/down"]],
      ["b", ["b/loss"]],
      ["layer", ["layer/0/norm"]],
      ["layer/1", ["layer/1/bias", "layer/1/norm"]],
    ]);
  });

  test("groups with a goal lead", () => {
    const goal = { ...keys("val/acc")[0]!, goal: "max" as const };
    expect(names(groupsOf([...keys("lr", "train/loss"), goal], PLAIN_SETTINGS)).map(([name]) => name)).toEqual(["val", TOP, "train"]);
  });

  test("takes what stands before the last slash", () => {
    expect(names(groupsOf(keys("val/acc", "train/a/loss", "train/a/acc", "val/loss", "lr"), PLAIN_SETTINGS))).toEqual([
      [TOP, ["lr"]],
      ["train/a", ["train/a/acc", "train/a/loss"]],
      ["val", ["val/acc", "val/loss"]],
    ]);
  });

  test("counts as people do, and puts the machine last", () => {
    expect(names(groupsOf(keys("system/cpu", "layer/10", "layer/9", "zoo/x"), PLAIN_SETTINGS))).toEqual([
      ["layer", ["layer/9", "layer/10"]],
      ["zoo", ["zoo/x"]],
      ["system", ["system/cpu"]],
    ]);
  });

  test("puts pinned keys first in the order of pinning, and leaves hidden ones out", () => {
    const settings = { ...PLAIN_SETTINGS, pinned: ["b/2", "a/1"], hidden: ["a/3"] };
    expect(names(groupsOf(keys("a/1", "b/2", "a/3", "a/4"), settings))).toEqual([
      [PINNED, ["b/2", "a/1"]],
      ["a", ["a/4"]],
    ]);
  });

  test("searches by regular expression", () => {
    const search = (text: string) => groupsOf(keys("val/acc", "val/loss"), { ...PLAIN_SETTINGS, search: text }).flatMap((group) => group.keys.map(({ key }) => key));
    expect(search("^val/l")).toEqual(["val/loss"]);
    expect(search("ACC")).toEqual([]);
    expect(search("acc|loss")).toEqual(["val/acc", "val/loss"]);
  });

  test("shows all while an expression is half typed", () => {
    expect(searchOf("val/(")).toBeNull();
    expect(groupsOf(keys("val/acc"), { ...PLAIN_SETTINGS, search: "val/(" })).toHaveLength(1);
  });
});

describe("rowsOf", () => {
  test("fills rows and keeps only the head of a folded group", () => {
    const groups = groupsOf(keys("a/1", "a/2", "a/3", "b/1"), PLAIN_SETTINGS);
    const rows = rowsOf(groups, ["b"], 2).map((row) => (row.kind === "head" ? row.group.name : row.keys.length));
    expect(rows).toEqual(["a", 2, 1, "b"]);
  });
});
