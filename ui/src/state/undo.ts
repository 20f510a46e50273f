/** What was done and can be taken back: a short stack, and the note that offers it. */
import { useSyncExternalStore } from "react";

export interface Done {
  /** What was done, as a reader would say it: "Renamed to amber-heron". */
  readonly label: string;
  readonly undo: () => Promise<void> | void;
}

export interface Note {
  readonly id: number;
  readonly text: string;
  readonly tone: "quiet" | "bad";
  readonly done: Done | null;
}

const MOST = 50;
const SHOWN_FOR = 6000;
const stack: Done[] = [];
const listeners = new Set<() => void>();
let note: Note | null = null;
let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const show = (text: string, tone: Note["tone"], done: Done | null): void => {
  count += 1;
  note = { id: count, text, tone, done };
  clearTimeout(timer);
  timer = setTimeout(dismiss, SHOWN_FOR);
  listeners.forEach((listener) => listener());
};

export const dismiss = (): void => {
  note = null;
  listeners.forEach((listener) => listener());
};

/** Remembers what was done, and offers to take it back. */
export const didIt = (done: Done): void => {
  stack.push(done);
  if (stack.length > MOST) stack.shift();
  show(done.label, "quiet", done);
};

export const say = (text: string, tone: Note["tone"] = "quiet"): void => show(text, tone, null);

/** Takes back the last thing, or `which`. */
export const undo = (which?: Done): void => {
  const done = which ?? stack.at(-1);
  if (done === undefined) return;
  const at = stack.lastIndexOf(done);
  if (at >= 0) stack.splice(at, 1);
  void Promise.resolve(done.undo()).then(() => say(`Undone: ${done.label}`));
};

export const useNote = (): Note | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => note,
  );
