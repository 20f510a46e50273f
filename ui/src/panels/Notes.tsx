/** What stands where data would be: nothing yet, nothing at all, or what went wrong and the way out. */
import type { ChartData } from "../api/series";
import classes from "./ChartPanel.module.css";

interface NotesProps {
  readonly data: ChartData;
  /** Whether there is anything drawn; old lines stay behind a message. */
  readonly isDrawn: boolean;
  /** Whether all that is drawn lies outside of the axes. */
  readonly isEmpty: boolean;
  /** How many runs are shown on the page. */
  readonly runs: number;
  readonly onRetry: () => void;
}

export const Notes = ({ data, isDrawn, isEmpty, runs, onRetry }: NotesProps) => {
  if (data.error !== null) {
    return (
      <div className={isDrawn ? classes.strip : classes.instead} role="alert">
        <span>{data.error}</span>
        <button type="button" className={classes.chip} onClick={onRetry}>
          Try again
        </button>
      </div>
    );
  }
  if (isDrawn && !isEmpty) return null;
  if (isDrawn) return <div className={classes.instead}>No points in the part that is zoomed to.</div>;
  if (runs === 0) return <div className={classes.instead}>No run is shown. Choose some in the table.</div>;
  if (!data.known || data.waiting) return <div className={classes.skeleton} aria-label="loading" />;
  return <div className={classes.instead}>None of the shown runs has points here.</div>;
};
