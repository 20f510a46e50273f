/** Which processes wrote the run, and the branches that resuming left. */
import { fromWire, type RunReply } from "../../api/shapes";
import { formatAgo, formatMoment, formatNumber, formatShortCount } from "../../lib/format";
import classes from "./Details.module.css";
import { Section } from "./Section";

export const Writers = ({ run }: { run: RunReply }) => (
  <>
    {run.writers.length > 0 && (
      <Section title="Writers" count={run.writers.length} isFolded>
        <table className={classes.table}>
          <tbody>
            {run.writers.map((writer) => (
              <tr key={writer.id}>
                <th scope="row">{writer.id}</th>
                <td>{`${writer.host}, process ${writer.pid}`}</td>
                <td title={formatMoment(writer.last_activity)}>{writer.alive ? "alive" : writer.closed ? "closed" : formatAgo(writer.last_activity)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    )}
    {run.branches.length > 0 && (
      <Section title="Branches" count={run.branches.length}>
        <table className={classes.table}>
          <tbody>
            {run.branches.map((branch) => (
              <tr key={branch.name}>
                <th scope="row">{branch.name}</th>
                <td title={formatMoment(branch.left)}>left at step {formatNumber(fromWire(branch.cut))}</td>
                <td className={classes.number}>{formatShortCount(branch.points)} points</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    )}
  </>
);
