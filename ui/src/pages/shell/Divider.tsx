/** Two halves and the line between them, which drags and answers to arrow keys. */
import { type PointerEvent, type ReactNode, useRef } from "react";

import classes from "./Divider.module.css";

interface DividerProps {
  /** Percent of the width that the left half takes. */
  readonly share: number;
  readonly onShare: (share: number) => void;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly shows: "left" | "both" | "right";
}

const LEAST = 15;
const MOST = 85;
const STEP = 2;

const within = (share: number): number => Math.min(Math.max(share, LEAST), MOST);

export const Divider = ({ share, onShare, left, right, shows }: DividerProps) => {
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef(false);
  const moved = (event: PointerEvent): void => {
    const frame = box.current?.getBoundingClientRect();
    if (!drag.current || frame === undefined) return;
    onShare(Math.round(within(((event.clientX - frame.left) / frame.width) * 100) * 10) / 10);
  };
  return (
    <div ref={box} className={classes.box} data-shows={shows}>
      {shows !== "right" && (
        <div className={classes.half} style={{ flex: shows === "both" ? `0 0 ${share}%` : 1 }}>
          {left}
        </div>
      )}
      {shows === "both" && (
        <div
          role="separator"
          tabIndex={0}
          aria-orientation="vertical"
          aria-label="Width of the left half"
          aria-valuenow={Math.round(share)}
          aria-valuemin={LEAST}
          aria-valuemax={MOST}
          className={classes.line}
          onPointerDown={(event) => {
            drag.current = true;
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={moved}
          onPointerUp={() => (drag.current = false)}
          onKeyDown={(event) => {
            if (event.key === "ArrowLeft") onShare(within(share - STEP));
            if (event.key === "ArrowRight") onShare(within(share + STEP));
          }}
        />
      )}
      {shows !== "left" && <div className={classes.half}>{right}</div>}
    </div>
  );
};
