/** What went wrong: why the run ended, its traceback, what was lost inside. Nothing when all is well. */
import type { RunReply } from "../../api/shapes";
import { formatCount } from "../../lib/format";
import { CopyButton } from "../shell/CopyButton";
import classes from "./Details.module.css";

export const Ending = ({ run }: { run: RunReply }) => (
  <>
    {(run.status_reason !== "" || run.traceback !== "") && (
      <div className={classes.alarm} data-tone={run.status === "failed" ? "bad" : "warn"}>
        <div>{run.status_reason === "" ? lastLine(run.traceback) : run.status_reason}</div>
        {run.traceback !== "" && (
          <details open={run.status === "failed"}>
            <summary>Traceback</summary>
            <pre className={classes.traceback}>{run.traceback}</pre>
            <CopyButton text={run.traceback} label="Copy the traceback" />
          </details>
        )}
      </div>
    )}
    {run.troubles.length > 0 && (
      <div className={classes.alarm} data-tone="warn">
        <ul className={classes.list} aria-label="Troubles">
          {run.troubles.map((trouble) => (
            <li key={`${trouble.kind} ${trouble.message}`}>
              {trouble.message} {trouble.count > 1 && <span className={classes.quiet}>({formatCount(trouble.count)} times)</span>}
            </li>
          ))}
        </ul>
      </div>
    )}
    {run.damage.length > 0 && (
      <div className={classes.alarm}>
        <ul className={classes.list} aria-label="Damage">
          {run.damage.map((damage) => (
            <li key={`${damage.file} ${damage.start}`}>
              {damage.file}: {formatCount(damage.end - damage.start)} bytes at {formatCount(damage.start)} do not pass their check; all else was read
            </li>
          ))}
        </ul>
      </div>
    )}
  </>
);

const lastLine = (traceback: string): string => traceback.trimEnd().split("\n").at(-1) ?? "";
