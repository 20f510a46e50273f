import { describe, expect, test } from "vitest";

import { chooseAxis } from "./axisChoice";
import { PLAIN_SETTINGS } from "./types";

const SETTINGS = { ...PLAIN_SETTINGS, axes: { loss: { log: true }, acc: { all: true } } };

describe("chooseAxis", () => {
  test("changes one chart and leaves the others", () => {
    expect(chooseAxis(SETTINGS, "loss", { range: [0, 1] }).axes).toEqual({ acc: { all: true }, loss: { range: [0, 1] } });
  });

  test("forgets a choice that says nothing", () => {
    expect(chooseAxis(SETTINGS, "loss", {}).axes).toEqual({ acc: { all: true } });
    expect(chooseAxis(SETTINGS, "loss", null).axes).toEqual({ acc: { all: true } });
  });
});
