/** A titled part of the facts, with a search where it is long, folded where it is rarely asked for. */
import { type ReactNode, useState } from "react";

import { formatCount } from "../../lib/format";
import classes from "./Details.module.css";

interface SectionProps {
  readonly title: string;
  readonly count: number;
  readonly search?: string;
  readonly onSearch?: ((search: string) => void) | undefined;
  readonly isFolded?: boolean;
  readonly children: ReactNode;
}

export const Section = ({ title, count, search = "", onSearch, isFolded = false, children }: SectionProps) => {
  const [isOpen, setOpen] = useState(!isFolded);
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.title}>
        <button type="button" className={classes.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "▾" : "▸"} {title} <span className={classes.count}>{formatCount(count)}</span>
        </button>
        <span className={classes.grow} />
        {isOpen && onSearch !== undefined && (
          <input
            type="search"
            className={classes.search}
            placeholder="Search"
            aria-label={`Search ${title}`}
            value={search}
            onChange={(event) => onSearch(event.target.value)}
          />
        )}
      </h2>
      {isOpen && children}
    </section>
  );
};
