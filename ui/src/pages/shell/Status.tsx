/** A run's status: its colour, a shape that says the same without colour, and the word. */
import classes from "./Status.module.css";

const SHAPES: Readonly<Record<string, string>> = {
  running: "M8 3.2 13 8 8 12.8 3 8Z",
  finished: "M3.6 8.4 6.7 11.4 12.4 5",
  failed: "M4.2 4.2 11.8 11.8 M11.8 4.2 4.2 11.8",
  cancelled: "M3.6 8 H12.4",
  lost: "M5.4 6a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.1.8-1.1 1.4 M8 12.3v.1",
};

const WORDS: Readonly<Record<string, string>> = {
  running: "the training writes, or shows signs of life",
  finished: "it came to its end",
  failed: "it ended with an error",
  cancelled: "somebody stopped it",
  lost: "no sign of life: the process is gone, or cannot be reached",
};

export const Status = ({ status }: { status: string }) => (
  <span className={classes.status} data-status={status} title={WORDS[status] ?? status}>
    <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden="true" className={classes.shape}>
      <path d={SHAPES[status] ?? "M5 8h6"} />
    </svg>
    <span className={classes.word}>{status}</span>
  </span>
);
