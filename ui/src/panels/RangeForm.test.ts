import { describe, expect, test } from "vitest";

import { troubleWith } from "./RangeForm";

describe("a range as typed", () => {
  test.each([
    ["0", "1", false],
    ["-1e3", "2.5e-3", false],
    ["1e-6", "1", true],
  ])("%s to %s is fine", (low, high, log) => expect(troubleWith(low, high, log)).toBeNull());

  test.each([
    ["", "1", false, "numbers"],
    ["a", "1", false, "numbers"],
    ["2", "1", false, "less than"],
    ["1", "1", false, "less than"],
    ["0", "1", true, "above 0"],
  ])("%s to %s is not", (low, high, log, word) => expect(troubleWith(low, high, log)).toContain(word));
});
