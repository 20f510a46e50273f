/** What the lines near the pointer say: colour, name, value and where each of them was measured. */
import { useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";

import type { ChartPoint } from "../charts/LineChart";
import type { Hit } from "../charts/nearest";
import type { Pen } from "../charts/types";
import { formatCount, formatDuration, formatNumber } from "../lib/format";
import classes from "./Tooltip.module.css";
import { placeTooltip } from "./tooltipPlace";
import { kindOf, xWords } from "./xwords";

export const Tooltip = ({ point, x, unit }: { point: ChartPoint; x: string; unit: string }) => {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = box.current!;
    const size = { width: node.offsetWidth, height: node.offsetHeight };
    const { left, top } = placeTooltip(point, size, { width: window.innerWidth, height: window.innerHeight });
    node.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }, [point]);
  const smoothed = point.hits.some((hit) => hit.shown !== hit.value && !Number.isNaN(hit.value));
  const isTime = kindOf(x) === "time";
  return createPortal(
    <div ref={box} className={classes.tooltip} aria-hidden>
      <div className={classes.head}>
        <span>{xWords(x, point.x)}</span>
        {unit !== "" && <span className={classes.quiet}>{unit}</span>}
        {smoothed && <span className={classes.quiet}>smoothed (value)</span>}
        {point.of > point.hits.length && (
          <span className={classes.quiet}>
            {point.hits.length} of {formatCount(point.of)}
          </span>
        )}
      </div>
      <div className={classes.rows}>
        {point.hits.map((hit) => (
          <Row key={hit.pen.id} hit={hit} x={x} isTime={isTime} strong={hit.pen.id === point.under?.pen.id} smoothed={smoothed} />
        ))}
      </div>
    </div>,
    document.body,
  );
};

interface RowProps {
  hit: Hit;
  x: string;
  isTime: boolean;
  strong: boolean;
  smoothed: boolean;
}

const Row = ({ hit, x, isTime, strong, smoothed }: RowProps) => (
  <div className={strong ? `${classes.row ?? ""} ${classes.strong ?? ""}` : classes.row}>
    <Swatch pen={hit.pen} />
    <span className={classes.name}>{hit.pen.name}</span>
    <span className={classes.value}>
      {formatNumber(hit.shown)}
      {smoothed && <span className={classes.quiet}> ({formatNumber(hit.value)})</span>}
    </span>
    <span className={classes.quiet}>{spread(hit)}</span>
    <span className={classes.quiet}>{xWords(x, hit.x)}</span>
    {isTime && <span className={classes.quiet}>{sinceStart(hit)}</span>}
  </div>
);

/** A bucket of several points says from where to where they reach. */
const spread = ({ bucket }: Hit): string =>
  bucket === null || bucket.count < 2 ? "" : `${formatNumber(bucket.low)} … ${formatNumber(bucket.high)}`;

const sinceStart = ({ pen, x }: Hit): string => (pen.created === undefined ? "" : `+${formatDuration(x - pen.created)}`);

/** A short piece of the line itself. */
export const Swatch = ({ pen }: { pen: Pen }) => (
  <svg width="16" height="8" className={classes.swatch} aria-hidden>
    <line x1="0" y1="4" x2="16" y2="4" stroke={pen.colour} strokeWidth="2" strokeDasharray={pen.dash.join(" ")} />
  </svg>
);
