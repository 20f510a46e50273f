/** Tells components when the theme changes, for what is drawn on a canvas and does not follow by itself. */
import { useSyncExternalStore } from "react";

const DARK = "(prefers-color-scheme: dark)";

const current = (): string => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (window.matchMedia(DARK).matches ? "dark" : "light");
};

const subscribe = (changed: () => void): (() => void) => {
  const media = window.matchMedia(DARK);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  media.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", changed);
  };
};

/** "light" or "dark". */
export const useTheme = (): string => useSyncExternalStore(subscribe, current);
