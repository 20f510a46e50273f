/** What stands where data would be: nothing yet, nothing at all, or what went wrong and the way out. */
import type { ChartData } from "../api/series";
import classes from "./ChartPanel.module.css";

interface NotesProps {
  readonly data: ChartData;
  /** Whether there is anything drawn; old lines stay behind a message. */
  readonly isDrawn: boolean;
  /** How many runs are shown on the page. */
  readonly runs: number;
  readonly onRetry: () => void;
}

export const Notes = ({ data, isDrawn, runs, onRetry }: NotesProps) => {
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
  if (isDrawn) return null;
  if (runs === 0) return <div className={classes.instead}>No run is shown. Choose some in the table.</div>;
  if (!data.known || data.waiting) return <div className={classes.skeleton} aria-label="loading" />;
  return <div className={classes.instead}>None of the shown runs has points here.</div>;
};
