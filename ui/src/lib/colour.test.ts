/** A run keeps its colour. */
import { expect, test } from "vitest";

import { COLOURS, colourIndex, paintRuns, runColour } from "./colour";

const ids = Array.from({ length: 1200 }, (_, index) => `run${index.toString(36)}`);

test("a colour depends on the id alone", () => {
  expect(colourIndex("k3x9m2ab")).toBe(colourIndex("k3x9m2ab"));
  expect(["a", "b", "k3x9m2ab"].map(colourIndex)).toEqual([9, 2, 5]);
});

test("the twelve are used about equally", () => {
  const uses = new Map<number, number>();
  for (const id of ids) uses.set(colourIndex(id), (uses.get(colourIndex(id)) ?? 0) + 1);
  expect(uses.size).toBe(COLOURS);
  for (const times of uses.values()) expect(times).toBeGreaterThan(60);
});

test("runs that share a colour are told apart by their dash", () => {
  const alike = ids.filter((id) => colourIndex(id) === 3).slice(0, 4);
  const paints = [...paintRuns(alike.map((id) => ({ id }))).values()];
  expect(paints.map((paint) => paint.colour)).toEqual(Array(4).fill("var(--run-3)"));
  expect(new Set(paints.map((paint) => paint.dash.join())).size).toBe(4);
  expect(paints[0]?.dash).toEqual([]);
});

test("a colour that was chosen wins", () => {
  expect(runColour("a", "#aabbcc")).toBe("#aabbcc");
  expect(runColour("a", "0")).toBe("var(--run-1)");
  expect(runColour("a", null)).toBe(runColour("a"));
});
