/** What a chart does not show, said beside its title, each with the way to see it. */
import type { Drawing } from "../charts/drawing";
import { formatCount, formatNumber } from "../lib/format";
import classes from "./ChartPanel.module.css";
import type { KeyInfo, WallSettings } from "./types";
import { chooseAxis } from "./axisChoice";

/** Bands instead of lines are offered beyond this. */
export const MANY = 300;

interface ChipsProps {
  readonly drawing: Drawing;
  readonly info: KeyInfo;
  readonly settings: WallSettings;
  readonly onSettings: (change: Partial<WallSettings>) => void;
}

export const Chips = ({ drawing, info, settings, onSettings }: ChipsProps) => {
  const { y, lines } = drawing;
  if (lines.length === 0) return null;
  const choice = settings.axes[info.key] ?? {};
  const { all, range, ...rest } = choice;
  const outside = y.above + y.below;
  return (
    <>
      {y.leftOut > 0 && (
        <span className={classes.note} title="A logarithmic axis has no place for zero and negative values.">
          {formatCount(y.leftOut)} left out (≤ 0)
        </span>
      )}
      {y.extent === null && drawing.marks.length > 0 && <span className={classes.note}>no finite value</span>}
      {outside > 0 && y.extent !== null && (
        <button
          type="button"
          className={classes.chip}
          title={`Points or buckets that reach outside of this axis. All values: ${formatNumber(y.extent[0])} to ${formatNumber(y.extent[1])}. Click to show all.`}
          onClick={() => onSettings(chooseAxis(settings, info.key, { ...rest, all: true }))}
        >
          {y.above > 0 && `▲ ${formatCount(y.above)} `}
          {y.below > 0 && `▼ ${formatCount(y.below)} `}
          outside
        </button>
      )}
      {all === true && (
        <button
          type="button"
          className={classes.chip}
          title="Every value is shown. Click to let the middle 98 % of them choose the axis."
          onClick={() => onSettings(chooseAxis(settings, info.key, rest))}
        >
          all
        </button>
      )}
      {range !== undefined && (
        <button
          type="button"
          className={classes.chip}
          title="An own range of the y-axis. Click to let the values choose it."
          onClick={() => onSettings(chooseAxis(settings, info.key, rest))}
        >
          own range
        </button>
      )}
      {lines.length > MANY && (
        <button
          type="button"
          className={classes.chip}
          aria-pressed={settings.bands}
          title={`${formatCount(lines.length)} lines. Bands show the median, the mean (dashed), 25-75 % and 5-95 % of them.`}
          onClick={() => onSettings({ bands: !settings.bands })}
        >
          bands
        </button>
      )}
    </>
  );
};
