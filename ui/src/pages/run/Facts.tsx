/** When, how long, where: the run in a few words, each whole on hover. */
import type { ReactNode } from "react";

import type { RunReply } from "../../api/shapes";
import { formatAgo, formatBytes, formatDuration, formatMoment, formatShortCount } from "../../lib/format";
import { useNow } from "../../lib/useNow";
import { runPath } from "../../state/route";
import { CopyButton } from "../shell/CopyButton";
import { Link } from "../shell/Link";
import classes from "./Details.module.css";

export const Facts = ({ run }: { run: RunReply }) => {
  const isRunning = run.status === "running";
  const now = useNow(isRunning ? 1 : 30);
  const seconds = isRunning && run.created !== null ? Math.max(run.duration ?? 0, now - run.created) : run.duration;
  const points = run.keys.reduce((sum, key) => sum + key.count, 0);
  return (
    <dl className={classes.facts}>
      <Fact name="created">
        <time title={formatMoment(run.created)}>{formatAgo(run.created, now)}</time>
      </Fact>
      <Fact name="duration">{formatDuration(seconds)}</Fact>
      <Fact name="last activity">
        <time title={formatMoment(run.last_activity)}>{formatAgo(run.last_activity, now)}</time>
      </Fact>
      <Fact name="points">
        {formatShortCount(points)} in {run.keys.length} keys
      </Fact>
      <Fact name="size">{formatBytes(run.size)}</Fact>
      {run.group !== null && <Fact name="group">{run.group}</Fact>}
      {run.parent !== null && (
        <Fact name="child of">
          <Link className={classes.link} href={runPath(run.parent.id)}>
            {run.parent.name}
          </Link>
        </Fact>
      )}
      {run.fork !== null && (
        <Fact name="forked from">
          <Link className={classes.link} href={runPath(run.fork.run)}>
            {run.fork.run}
          </Link>{" "}
          at step {run.fork.step}
        </Fact>
      )}
      {run.children.length > 0 && (
        <Fact name="children" isWide>
          {run.children.slice(0, 20).map((child, at) => (
            <span key={child.id}>
              {at > 0 && ", "}
              <Link className={classes.link} href={runPath(child.id)}>
                {child.name}
              </Link>
            </span>
          ))}
          {run.children.length > 20 && ` and ${run.children.length - 20} more`}
        </Fact>
      )}
      <Fact name="id" isCopied>
        <span className={classes.mono}>{run.id}</span>
        <CopyButton text={run.id} label="Copy the id" />
      </Fact>
      <Fact name="folder" isCopied isWide>
        <span className={classes.mono} title={run.path}>
          {run.path}
        </span>
        <CopyButton text={run.path} label="Copy the folder" />
      </Fact>
    </dl>
  );
};

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  readonly isWide?: boolean;
  readonly isCopied?: boolean;
}

const Fact = ({ name, children, isWide = false, isCopied = false }: FactProps) => (
  <div className={`${classes.fact} ${isWide ? classes.wide : ""}`}>
    <dt>{name}</dt>
    <dd className={isCopied ? classes.copied : undefined}>{children}</dd>
  </div>
);
