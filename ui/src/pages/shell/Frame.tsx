/** What every place has around it: the rail, the bar with the way here, and what is live. */
import { type ReactNode, useEffect } from "react";

import type { LiveState } from "../../api/live";
import { say } from "../../state/undo";
import { copyToClipboard } from "./CopyButton";
import classes from "./Frame.module.css";
import { Link } from "./Link";
import { ThemeButton } from "./ThemeButton";

export interface Crumb {
  readonly label: string;
  readonly href?: string;
}

interface FrameProps {
  readonly crumbs: readonly Crumb[];
  readonly live?: LiveState;
  readonly middle?: ReactNode;
  readonly children: ReactNode;
}

const LIVE_WORDS: Readonly<Record<LiveState, string>> = { connecting: "connecting", on: "live", off: "not connected" };

const LIVE_TITLES: Readonly<Record<LiveState, string>> = {
  connecting: "The stream of changes is being opened",
  on: "New points and runs appear by themselves",
  off: "The server does not answer; what is shown may be old. Trying again.",
};

const share = (): void => void copyToClipboard(window.location.href).then(() => say("The link to this view was copied"));

export const Frame = ({ crumbs, live, middle, children }: FrameProps) => {
  const title = crumbs.at(-1)?.label;
  useEffect(() => {
    document.title = title === undefined ? "Kymograph" : `${title} · Kymograph`;
  }, [title]);
  return (
    <div className={classes.page}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <header className={classes.bar}>
        <Link href="/" className={classes.mark} title="All projects" aria-label="Kymograph: all projects">
          <svg width="22" height="22" viewBox="0 0 16 16" aria-hidden="true">
            <rect width="16" height="16" rx="4" fill="var(--accent)" />
            <path d="M2.5 10.5c2 0 2-6 4-6s2 8 4 8 1.5-5 3-5" fill="none" stroke="var(--accent-text)" strokeWidth="1.5" strokeLinecap="round" />
          </svg>
        </Link>
        <nav aria-label="Way here" className={classes.crumbs}>
          {crumbs.map((crumb, at) => (
            <span key={crumb.label} className={classes.crumb}>
              {at > 0 && <span className={classes.slash}>/</span>}
              {crumb.href === undefined ? (
                <h1 className={classes.title} title={crumb.label}>
                  {crumb.label}
                </h1>
              ) : (
                <Link href={crumb.href} className={classes.way}>
                  {crumb.label}
                </Link>
              )}
            </span>
          ))}
        </nav>
        <div className={classes.middle}>{middle}</div>
        {live !== undefined && (
          <span className={classes.live} data-live={live} title={LIVE_TITLES[live]} role="status">
            {LIVE_WORDS[live]}
          </span>
        )}
        <button type="button" className="k-button" onClick={share} title="Copy the link to what is shown">
          Share
        </button>
        <ThemeButton />
        <button type="button" className="k-icon" aria-label="All actions (Ctrl-K)" title="All actions (Ctrl-K); ? lists the keys" onClick={() => window.dispatchEvent(new Event("kymograph-palette"))}>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h7" />
          </svg>
        </button>
      </header>
      <main id="content" className={classes.content}>
        {children}
      </main>
    </div>
  );
};
