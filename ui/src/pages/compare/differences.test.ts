/** What differs is found, and what is better. */
import { expect, test } from "vitest";

import type { RunReply } from "../../api/shapes";
import { compare } from "./differences";

const run = (config: RunReply["config"], accuracy: number): RunReply =>
  ({
    config,
    summary: {},
    tags: {},
    attributes: {},
    keys: [
      { key: "lr", goal: null, last: 0.1 },
      { key: "val/acc", goal: "max", max: accuracy, last: 0 },
    ],
  }) as unknown as RunReply;

const parts = compare([run({ lr: 0.1, seed: 1 }, 0.9), run({ lr: 0.01, seed: 1, extra: true }, 0.95)]);
const lines = (title: string) => parts.find((part) => part.title === title)?.lines ?? [];

test("values that one run lacks differ", () => {
  expect(lines("Config").map((line) => [line.name, line.isSame])).toEqual([
    ["lr", false],
    ["seed", true],
    ["extra", false],
  ]);
});

test("with a goal the best is compared and marked, without one the last", () => {
  expect(lines("Metrics").map((line) => [line.name, line.best])).toEqual([
    ["val/acc.max", [1]],
    ["lr.last", []],
  ]);
});
