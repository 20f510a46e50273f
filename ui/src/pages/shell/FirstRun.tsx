/** The lines of code that make a first run, ready to be copied. */
import { useStore } from "../../api/queries";
import { CopyButton } from "./CopyButton";
import classes from "./FirstRun.module.css";

const code = (project: string, store: string | undefined): string =>
  [
    "import kymograph as ky",
    store === undefined
      ? `with ky.init(project=${JSON.stringify(project)}, config={"lr": 0.01}) as run:`
      : `with ky.init(project=${JSON.stringify(project)}, config={"lr": 0.01}, store=${JSON.stringify(store)}) as run:`,
    '    run.log({"loss": 0.3, "val/acc": 0.9})',
  ].join("\n");

export const FirstRun = ({ project }: { project: string }) => {
  const store = useStore();
  const text = code(project, store.data?.path);
  return (
    <div className={classes.box}>
      <h2 className={classes.title}>No runs yet</h2>
      <p className={classes.words}>These three lines log one. It appears here while it runs; this page need not be loaded again.</p>
      <pre className={classes.code}>
        <code>{text}</code>
        <CopyButton text={text} label="Copy the code" />
      </pre>
    </div>
  );
};
