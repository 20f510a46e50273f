/** Gathers what happened into one change, so that a fast run cannot starve the page. */
import type { ChangeEvent } from "./shapes";

export interface Change {
  /** Runs whose attributes, status or points changed. */
  runs: Set<string>;
  /** Which keys of them grew. */
  keys: Map<string, Set<string>>;
  added: Set<string>;
  removed: Set<string>;
}

export const noChange = (): Change => ({ runs: new Set(), keys: new Map(), added: new Set(), removed: new Set() });

/** Adds one event to a change; a run that came and went within one change is only gone. */
export const gather = (change: Change, event: ChangeEvent): Change => {
  for (const run of event.runs) change.runs.add(run);
  for (const [run, keys] of Object.entries(event.keys)) {
    change.runs.add(run);
    const known = change.keys.get(run) ?? new Set<string>();
    for (const key of keys) known.add(key);
    change.keys.set(run, known);
  }
  for (const run of event.new) {
    change.removed.delete(run);
    change.added.add(run);
  }
  for (const run of event.removed) {
    change.added.delete(run);
    change.runs.delete(run);
    change.keys.delete(run);
    change.removed.add(run);
  }
  return change;
};

export interface Coalescer {
  add: (event: ChangeEvent) => void;
  stop: () => void;
}

/** Hands over at once when it was quiet, then no more often than every `pause` milliseconds. */
export const coalesce = (apply: (change: Change) => void, pause: number): Coalescer => {
  let waiting: Change | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const flush = (): void => {
    if (waiting === null) {
      timer = null;
      return;
    }
    const ready = waiting;
    waiting = null;
    timer = setTimeout(flush, pause);
    apply(ready);
  };

  return {
    add: (event) => {
      waiting = gather(waiting ?? noChange(), event);
      if (timer === null) flush();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = null;
    },
  };
};
