/** The keys of the wall: full screen, logarithm and smoothing, for the chart under the pointer where one is. */
import { type RefObject, useEffect } from "react";

import { chooseAxis } from "./axisChoice";
import { nextSmoothing } from "./smoothing";
import type { WallProps, WallSettings } from "./types";

/** What a key changes; null when it means nothing here. `current` is the key of the chart under the pointer. */
export const settingsFor = (pressed: string, current: string | null, settings: WallSettings): Partial<WallSettings> | null => {
  const chart = current ?? settings.full;
  switch (pressed) {
    case "f":
      if (settings.full !== null) return { full: null };
      return chart === null ? null : { full: chart };
    case "Escape":
      return settings.full === null ? null : { full: null };
    case "l": {
      if (chart === null) return { log: !settings.log };
      const choice = settings.axes[chart] ?? {};
      return chooseAxis(settings, chart, { ...choice, log: !(choice.log ?? settings.log) });
    }
    case "s":
      return { smoothing: nextSmoothing(settings.smoothing) };
    default:
      return null;
  }
};

const isTyped = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  event.target.closest("input:not([type=range], [type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=menu]") !== null;

export const useWallKeys = (current: RefObject<string | null>, settings: WallSettings, onSettings: WallProps["onSettings"]): void => {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event)) return;
      // The page takes Escape for its own things and leaves full screen to us.
      if (event.defaultPrevented && event.key !== "Escape") return;
      const change = settingsFor(event.key, current.current, settings);
      if (change === null) return;
      event.preventDefault();
      onSettings(change);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [current, settings, onSettings]);
};
