/** All facts of one run, in the order in which they are asked for. */
import { useStore } from "../../api/queries";
import type { RunReply } from "../../api/shapes";
import classes from "./Details.module.css";
import { Ending } from "./Ending";
import { Facts } from "./Facts";
import { Headline } from "./Headline";
import { Metrics } from "./Metrics";
import { RunNotes } from "./RunNotes";
import { Tags } from "./Tags";
import { Texts } from "./Texts";
import { Values } from "./Values";
import { Writers } from "./Writers";

export const Details = ({ run }: { run: RunReply }) => {
  const store = useStore();
  const isFixed = store.data?.readonly === true;
  return (
    <section className={classes.scroll} aria-label="Facts">
      <div className={classes.sheet}>
        <Headline run={run} isFixed={isFixed} />
        <Ending run={run} />
        <Facts run={run} />
        <Tags run={run} isFixed={isFixed} />
        <RunNotes run={run} isFixed={isFixed} />
        <Metrics keys={run.keys} />
        <Values title="Summary" values={run.summary} />
        <Values title="Config" values={run.config} isSearchable />
        {run.text_keys.map((key) => (
          <Texts key={key} run={run.id} name={key} />
        ))}
        <Values title="Attributes" values={run.attributes} isSearchable isFolded />
        <Writers run={run} />
      </div>
    </section>
  );
};
