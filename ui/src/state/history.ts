/** The browser's address as state: one place that reads it, changes it, and tells who listens. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

const tell = (): void => listeners.forEach((listener) => listener());

const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) window.addEventListener("popstate", tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("popstate", tell);
  };
};

const here = (): string => window.location.pathname + window.location.search;

/** Path and search of the page, following back and forward. */
export const useAddress = (): { path: string; search: string } => {
  const address = useSyncExternalStore(subscribe, here);
  const cut = address.indexOf("?");
  return cut < 0 ? { path: address, search: "" } : { path: address.slice(0, cut), search: address.slice(cut) };
};

/** Goes to an address; `replace` leaves no step to come back to. */
export const go = (address: string, how: "push" | "replace" = "push"): void => {
  if (address === here()) return;
  if (how === "push") window.history.pushState(null, "", address);
  else window.history.replaceState(null, "", address);
  tell();
};
