/** All projects of the store: what is alive, what was lately, and where it all lies. */
import { useProjects, useStore } from "../../api/queries";
import type { ProjectRow } from "../../api/shapes";
import { formatAgo, formatCount, formatMoment } from "../../lib/format";
import { useNow } from "../../lib/useNow";
import { projectPath } from "../../state/route";
import { CopyButton } from "../shell/CopyButton";
import { FirstRun } from "../shell/FirstRun";
import { Frame } from "../shell/Frame";
import { Late } from "../shell/Late";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { Activity } from "./Activity";
import classes from "./ProjectsPage.module.css";

export const ProjectsPage = () => {
  const store = useStore();
  const projects = useProjects();
  return (
    <Frame crumbs={[{ label: "Projects" }]}>
      <div className={classes.scroll}>
        <div className={classes.sheet}>
          <p className={classes.store}>
            <span className={classes.path}>{store.data?.path ?? " "}</span>
            {store.data !== undefined && <CopyButton text={store.data.path} label="Copy the store's path" />}
            {store.data?.readonly === true && <span className={classes.readonly}>read-only</span>}
            <span className={classes.version}>{store.data === undefined ? null : `Kymograph ${store.data.version}`}</span>
          </p>
          {projects.error !== null && projects.data === undefined && <Trouble error={projects.error} onRetry={() => void projects.refetch()} />}
          {projects.data?.projects.length === 0 && <FirstRun project="my-project" />}
          {projects.isPending && <Late>Looking at the store…</Late>}
          {projects.data !== undefined && projects.data.projects.length > 0 && <Projects rows={projects.data.projects} />}
        </div>
      </div>
    </Frame>
  );
};

const Projects = ({ rows }: { rows: readonly ProjectRow[] }) => {
  const now = useNow(30);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">project</th>
          <th scope="col" className={classes.number}>
            runs
          </th>
          <th scope="col">running</th>
          <th scope="col">last activity</th>
          <th scope="col">runs a day, 30 days</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" className={classes.name}>
              <Link href={projectPath(row.name)} className={classes.link}>
                {row.name}
              </Link>
            </th>
            <td className={classes.number}>{formatCount(row.runs)}</td>
            <td>{row.live > 0 ? <span className={classes.live}>◆ {formatCount(row.live)}</span> : <span className={classes.none}>–</span>}</td>
            <td>
              <time title={formatMoment(row.last_activity)}>{formatAgo(row.last_activity, now)}</time>
            </td>
            <td>
              <Activity days={row.activity} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
