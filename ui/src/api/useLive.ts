/** The stream of changes of a project, shared by everything on the page that listens to it. */
import { useCallback, useEffect, useSyncExternalStore } from "react";

import { address } from "./client";
import type { Change } from "./coalesce";
import { type LiveState, LiveStream } from "./live";

/** Streams are closed a moment after the last listener left, so that going from table to run keeps the connection. */
const CLOSE_AFTER = 3000;

class SharedStream {
  private readonly stream: LiveStream;
  private users = 0;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private breaks = new Set<() => void>();
  epoch = 0;

  constructor(private readonly name: string) {
    this.stream = new LiveStream(address("/events", { project: name }), () => {
      this.epoch += 1;
      this.breaks.forEach((listener) => listener());
    });
  }

  use(): () => void {
    this.users += 1;
    clearTimeout(this.closing);
    return () => {
      this.users -= 1;
      if (this.users > 0) return;
      this.closing = setTimeout(() => {
        this.stream.close();
        shared.delete(this.name);
      }, CLOSE_AFTER);
    };
  }

  listen = (listener: (change: Change) => void): (() => void) => this.stream.listen(listener);

  watch = (watcher: () => void): (() => void) => {
    const stop = this.stream.watch(watcher);
    this.breaks.add(watcher);
    return () => {
      stop();
      this.breaks.delete(watcher);
    };
  };

  state = (): LiveState => this.stream.state;
}

const shared = new Map<string, SharedStream>();

const streamOf = (project: string): SharedStream => {
  const known = shared.get(project);
  if (known !== undefined) return known;
  const stream = new SharedStream(project);
  shared.set(project, stream);
  return stream;
};

export interface LiveView {
  listen: (listener: (change: Change) => void) => () => void;
  state: LiveState;
  /** Grows after a break: what is shown may be old. */
  epoch: number;
}

export const useLive = (project: string): LiveView => {
  useEffect(() => streamOf(project).use(), [project]);
  const watch = useCallback(
    (watcher: () => void) => streamOf(project).watch(watcher),
    [project],
  );
  const state = useSyncExternalStore(watch, () => streamOf(project).state());
  const epoch = useSyncExternalStore(watch, () => streamOf(project).epoch);
  const listen = useCallback((listener: (change: Change) => void) => streamOf(project).listen(listener), [project]);
  return { listen, state, epoch };
};
