import { describe, expect, test } from "vitest";

import { kindOf, xWords } from "./xwords";

describe("xWords", () => {
  test.each([
    ["step", 1234, "step 1,234"],
    ["step", 999.5, "step 1,000"],
    ["step", 2.5, "step 2.500"],
    ["epoch", 3, "epoch 3"],
    ["epoch", 120.25, "epoch 120.3"],
    ["relative", 192, "3m 12s"],
  ])("of %s %d are %s", (x, value, words) => expect(xWords(x, value)).toBe(words));

  test("of a time are the moment in full", () => expect(xWords("time", 1_795_365_459)).toMatch(/^2026-11-\d\d \d\d:\d\d:\d\d$/));
});

describe("kindOf", () => {
  test("is a clock for anything that has no name of its own", () => expect(kindOf("tokens")).toBe("clock"));
});
