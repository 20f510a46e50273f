/** A series of strings, the newest at the foot. */
import { useEffect, useRef, useState } from "react";

import { useTexts } from "../../api/queries";
import { fromWire } from "../../api/shapes";
import { exactNumber, formatCount, formatMoment } from "../../lib/format";
import { Trouble } from "../shell/Trouble";
import classes from "./Details.module.css";
import { Section } from "./Section";

const PAGE = 500;

export const Texts = ({ run, name }: { run: string; name: string }) => {
  const first = useTexts(run, name, 0, PAGE);
  const total = first.data?.total ?? 0;
  // Null follows the end; a number stands still.
  const [place, setPlace] = useState<number | null>(null);
  const offset = place ?? Math.max(0, total - PAGE);
  const query = useTexts(run, name, offset, PAGE);
  const box = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  useEffect(() => {
    if (!isHeld.current && place === null) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [query.data, place]);
  return (
    <Section title={name} count={total}>
      {query.error !== null && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      {total > PAGE && (
        <p className={classes.tags}>
          <button type="button" className="k-button" disabled={offset === 0} onClick={() => setPlace(Math.max(0, offset - PAGE))}>
            Earlier
          </button>
          <button type="button" className="k-button" disabled={place === null} onClick={() => setPlace(offset + PAGE >= total - PAGE ? null : offset + PAGE)}>
            Later
          </button>
          <span className={classes.quiet}>
            {formatCount(offset + 1)} to {formatCount(Math.min(offset + PAGE, total))}
          </span>
        </p>
      )}
      <div
        ref={box}
        className={classes.lines}
        tabIndex={0}
        role="log"
        aria-label={name}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          isHeld.current = scrollHeight - scrollTop - clientHeight > 24;
        }}
      >
        {query.data?.texts.map((text, at) => (
          <div key={offset + at} className={classes.line} title={formatMoment(text.time)}>
            <span className={classes.step}>{exactNumber(fromWire(text.step) ?? NaN)}</span>
            <span>{text.text}</span>
          </div>
        ))}
      </div>
    </Section>
  );
};
