/** Light or dark: follows the system until the reader chooses, and keeps data-theme on <html>. */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const KEPT = "kymograph.theme";
const DARK = "(prefers-color-scheme: dark)";
const listeners = new Set<() => void>();

const read = (): ThemeChoice => {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
};

const apply = (): void => {
  const choice = read();
  const theme = choice === "system" ? (window.matchMedia(DARK).matches ? "dark" : "light") : choice;
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.mantineColorScheme = theme;
};

/** Called once, before anything is drawn. */
export const startTheme = (): void => {
  apply();
  window.matchMedia(DARK).addEventListener("change", apply);
};

export const chooseTheme = (choice: ThemeChoice): void => {
  if (choice === "system") localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, choice);
  apply();
  listeners.forEach((listener) => listener());
};

export const useThemeChoice = (): ThemeChoice =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
