import { describe, expect, test } from "vitest";

import { PLAIN_SETTINGS } from "./types";
import { settingsFor } from "./wallKeys";

describe("keys of the wall", () => {
  test("f fills the window with the chart under the pointer and empties it again", () => {
    expect(settingsFor("f", "loss", PLAIN_SETTINGS)).toEqual({ full: "loss" });
    expect(settingsFor("f", null, PLAIN_SETTINGS)).toBeNull();
    expect(settingsFor("f", "loss", { ...PLAIN_SETTINGS, full: "loss" })).toEqual({ full: null });
    expect(settingsFor("Escape", null, { ...PLAIN_SETTINGS, full: "loss" })).toEqual({ full: null });
    expect(settingsFor("Escape", "loss", PLAIN_SETTINGS)).toBeNull();
  });

  test("l turns one chart where the pointer is in one, else all", () => {
    expect(settingsFor("l", "loss", PLAIN_SETTINGS)).toEqual({ axes: { loss: { log: true } } });
    expect(settingsFor("l", "loss", { ...PLAIN_SETTINGS, log: true })).toEqual({ axes: { loss: { log: false } } });
    expect(settingsFor("l", null, PLAIN_SETTINGS)).toEqual({ log: true });
  });

  test("s goes through the steps of smoothing and comes back to none", () => {
    let smoothing = 0;
    const seen = new Set<number>();
    do {
      seen.add(smoothing);
      smoothing = settingsFor("s", null, { ...PLAIN_SETTINGS, smoothing })!.smoothing!;
    } while (smoothing !== 0 && seen.size < 50);
    expect(seen.size).toBe(9);
  });
});
