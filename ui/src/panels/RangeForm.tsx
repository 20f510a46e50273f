/** Lets the reader set where a chart's y-axis begins and ends. */
import { type SyntheticEvent, useState } from "react";

import type { Drawing } from "../charts/drawing";
import { chooseAxis } from "./axisChoice";
import classes from "./ChartPanel.module.css";
import type { KeyInfo, WallSettings } from "./types";

interface RangeFormProps {
  readonly info: KeyInfo;
  readonly settings: WallSettings;
  readonly drawing: Drawing;
  readonly onSettings: (change: Partial<WallSettings>) => void;
  readonly onClose: () => void;
}

export const RangeForm = ({ info, settings, drawing, onSettings, onClose }: RangeFormProps) => {
  const { log: ownLog } = settings.axes[info.key] ?? {};
  const { log } = drawing.options;
  const [low, setLow] = useState(() => Number(drawing.y.span[0].toPrecision(4)).toString());
  const [high, setHigh] = useState(() => Number(drawing.y.span[1].toPrecision(4)).toString());
  const trouble = troubleWith(low, high, log);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (trouble !== null) return;
    onSettings(chooseAxis(settings, info.key, { ...(ownLog === undefined ? {} : { log: ownLog }), range: [Number(low), Number(high)] }));
    onClose();
  };
  return (
    <form
      className={classes.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") onClose();
      }}
    >
      <label>
        from <input autoFocus value={low} onChange={(event) => setLow(event.currentTarget.value)} inputMode="decimal" />
      </label>
      <label>
        to <input value={high} onChange={(event) => setHigh(event.currentTarget.value)} inputMode="decimal" />
      </label>
      <button type="submit" className={classes.chip} disabled={trouble !== null}>
        Set
      </button>
      <button type="button" className={classes.chip} onClick={onClose}>
        Cancel
      </button>
      {trouble !== null && <span className={classes.trouble}>{trouble}</span>}
    </form>
  );
};

/** What is wrong with a range as typed; null when nothing is. */
export const troubleWith = (low: string, high: string, log: boolean): string | null => {
  const [from, to] = [low, high].map((text) => (text.trim() === "" ? Number.NaN : Number(text))) as [number, number];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return "both must be numbers";
  if (from >= to) return "from must be less than to";
  if (log && from <= 0) return "a logarithmic axis begins above 0";
  return null;
};
