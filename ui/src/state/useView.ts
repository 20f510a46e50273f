/** The view that the address holds, and the way to change it. */
import { useCallback, useMemo } from "react";

import { go, useAddress } from "./history";
import { readView, type View, type WallView, writeView } from "./view";

/** Choices that come in a stream (a slider, a search being typed) replace each other; the rest can be gone back on. */
const STREAMED = new Set<keyof View | keyof WallView>(["selected", "off", "smoothing", "search", "folded"]);

const isStreamed = (change: object): boolean => Object.keys(change).every((name) => STREAMED.has(name as keyof View));

export interface ViewState {
  view: View;
  /** `how` is chosen by what changes, unless given. */
  change: (change: Partial<View>, how?: "push" | "replace") => void;
  changeWall: (change: Partial<WallView>) => void;
  /** The address of this place with other choices about the charts. */
  link: (change: Partial<WallView>) => string;
}

const currentView = (): View => readView(window.location.search);

const goTo = (view: View, how: "push" | "replace"): void => go(window.location.pathname + writeView(view), how);

export const useView = (): ViewState => {
  const { search } = useAddress();
  const view = useMemo(() => readView(search), [search]);
  const change = useCallback((part: Partial<View>, how?: "push" | "replace") => {
    goTo({ ...currentView(), ...part }, how ?? (isStreamed(part) ? "replace" : "push"));
  }, []);
  const changeWall = useCallback((part: Partial<WallView>) => {
    const now = currentView();
    goTo({ ...now, wall: { ...now.wall, ...part } }, isStreamed(part) ? "replace" : "push");
  }, []);
  const link = useCallback((part: Partial<WallView>) => {
    const now = currentView();
    return window.location.origin + window.location.pathname + writeView({ ...now, wall: { ...now.wall, ...part } });
  }, []);
  return { view, change, changeWall, link };
};
