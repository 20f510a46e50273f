/** The only EventSource: one stream of changes for the project on the page, shared by all who listen. */
import { type Change, coalesce } from "./coalesce";
import type { ChangeEvent } from "./shapes";

/** `off` while nothing was heard for a while: what is shown may be old. */
export type LiveState = "connecting" | "on" | "off";

type Listener = (change: Change) => void;

const PAUSE = 250;
const FIRST_RETRY = 500;
const LAST_RETRY = 10_000;

export class LiveStream {
  private source: EventSource | null = null;
  private retry = FIRST_RETRY;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private version: string | null = null;
  private listeners = new Set<Listener>();
  private watchers = new Set<() => void>();
  private readonly gatherer = coalesce((change) => this.listeners.forEach((listener) => listener(change)), PAUSE);
  state: LiveState = "connecting";

  /** `missed` is called after a break: events may have been lost, so what is shown must be asked for again. */
  constructor(
    private readonly url: string,
    private readonly missed: () => void,
  ) {
    this.connect();
  }

  listen = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  close(): void {
    this.source?.close();
    this.source = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.gatherer.stop();
  }

  private connect(): void {
    const source = new EventSource(this.url);
    const again = this.state === "off";
    this.source = source;
    source.addEventListener("hello", (event: MessageEvent<string>) => {
      const { version } = JSON.parse(event.data) as { version: string };
      if (this.version !== null && this.version !== version) window.location.reload();
      this.version = version;
      this.retry = FIRST_RETRY;
      this.turn("on");
      if (again) this.missed();
    });
    source.addEventListener("change", (event: MessageEvent<string>) => {
      this.gatherer.add(JSON.parse(event.data) as ChangeEvent);
    });
    // The browser's own retry gives up for good after some answers; ours never does.
    source.onerror = () => {
      source.close();
      this.turn("off");
      this.timer = setTimeout(() => this.connect(), this.retry);
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
    };
  }

  private turn(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    this.watchers.forEach((watcher) => watcher());
  }
}
