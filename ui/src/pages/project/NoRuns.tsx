/** Where rows would be when there are none: why, and what to do. */
import { ApiError } from "../../api/client";
import type { TableSnapshot } from "../../api/table";
import { FirstRun } from "../shell/FirstRun";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";

export const NoRuns = ({ project, shown, onClear }: { project: string; shown: TableSnapshot; onClear: () => void }) => {
  if (shown.error instanceof ApiError && shown.error.status === 404) {
    return (
      <p>
        {shown.error.message}. <Link href="/">All projects</Link>
      </p>
    );
  }
  if (!shown.known && shown.error !== null) return <Trouble error={shown.error} word="Show all runs" onRetry={onClear} />;
  if (shown.total === 0) return <FirstRun project={project} />;
  return (
    <>
      <p style={{ margin: "0 0 8px" }}>None of the {shown.total} runs matches this query.</p>
      <button type="button" className="k-button" onClick={onClear}>
        Clear the query
      </button>
    </>
  );
};
