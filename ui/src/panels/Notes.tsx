/** What has to be said about a chart, where its data is or would be: nothing there, failed, cut off, left out. */
import type { ChartData } from "../api/series";
import type { Drawing } from "../charts/drawing";
import { formatCount, formatNumber } from "../lib/format";
import { chooseAxis } from "./ChartHeader";
import classes from "./ChartPanel.module.css";
import type { KeyInfo, WallSettings } from "./types";

interface NotesProps {
  readonly data: ChartData;
  readonly drawing: Drawing;
  readonly info: KeyInfo;
  readonly settings: WallSettings;
  /** How many runs are shown on the page. */
  readonly runs: number;
  readonly isMany: boolean;
  readonly onSettings: (change: Partial<WallSettings>) => void;
  readonly onRetry: () => void;
}

export const Notes = (props: NotesProps) => {
  const { data, drawing, runs, onRetry } = props;
  if (data.error !== null) {
    return (
      <div className={drawing.lines.length > 0 ? classes.strip : classes.instead} role="alert">
        <span>{data.error}</span>
        <button type="button" className={classes.chip} onClick={onRetry}>
          Try again
        </button>
      </div>
    );
  }
  if (drawing.lines.length > 0) return <Chips {...props} />;
  if (runs === 0) return <div className={classes.instead}>No run is shown. Choose some in the table.</div>;
  if (!data.known || data.waiting) return <div className={classes.skeleton} aria-label="loading" />;
  return <div className={classes.instead}>None of the shown runs has points here.</div>;
};

const Chips = ({ drawing, info, settings, isMany, onSettings }: NotesProps) => {
  const { y, options } = drawing;
  const choice = settings.axes[info.key] ?? {};
  const outside = y.above + y.below;
  const isNothing = y.extent === null && options.yRange === null;
  return (
    <div className={classes.chips}>
      {outside > 0 && options.yRange === null && y.extent !== null && (
        <button
          type="button"
          className={classes.chip}
          title={`The axis shows the middle 98 % of the values. All values: ${formatNumber(y.extent[0])} to ${formatNumber(y.extent[1])}.`}
          onClick={() => onSettings(chooseAxis(settings, info.key, { ...choice, all: true }))}
        >
          {y.above > 0 && `▲ ${formatCount(y.above)} `}
          {y.below > 0 && `▼ ${formatCount(y.below)} `}
          outside: show all
        </button>
      )}
      {choice.all === true && (
        <button
          type="button"
          className={classes.chip}
          onClick={() => onSettings(chooseAxis(settings, info.key, withoutAll(choice)))}
        >
          all shown: fit to 98 %
        </button>
      )}
      {y.leftOut > 0 && (
        <span className={classes.note} title="A logarithmic axis has no place for zero and negative values.">
          {formatCount(y.leftOut)} ≤ 0 left out
        </span>
      )}
      {isNothing && <span className={classes.note}>no finite value</span>}
      {isMany && (
        <button type="button" className={classes.chip} onClick={() => onSettings({ bands: !settings.bands })}>
          {settings.bands ? `bands of ${formatCount(drawing.lines.length)}: show lines` : `${formatCount(drawing.lines.length)} lines: show bands`}
        </button>
      )}
    </div>
  );
};

const withoutAll = ({ log, range }: WallSettings["axes"][string]) => ({
  ...(log === undefined ? {} : { log }),
  ...(range === undefined ? {} : { range }),
});
