/** Names and values of one kind: config, summary, attributes. A click copies the whole value. */
import { useState } from "react";

import type { RunReply } from "../../api/shapes";
import { exactNumber, formatValue } from "../../lib/format";
import { say } from "../../state/undo";
import { copyToClipboard } from "../shell/CopyButton";
import classes from "./Details.module.css";
import { Section } from "./Section";

interface ValuesProps {
  readonly title: string;
  readonly values: RunReply["config"];
  readonly isSearchable?: boolean;
  readonly isFolded?: boolean;
}

const LONG = 12;
const MOST_SHOWN = 500;

const whole = (value: unknown): string => (typeof value === "number" ? exactNumber(value) : typeof value === "string" ? value : JSON.stringify(value));

const copy = (name: string, value: unknown): void => void copyToClipboard(whole(value)).then(() => say(`Copied the value of ${name}`));

export const Values = ({ title, values, isSearchable = false, isFolded = false }: ValuesProps) => {
  const [search, setSearch] = useState("");
  const all = Object.entries(values);
  if (all.length === 0) return null;
  const wanted = search.toLowerCase();
  const found = all.filter(([name, value]) => `${name} ${formatValue(value)}`.toLowerCase().includes(wanted));
  return (
    <Section title={title} count={all.length} search={search} onSearch={isSearchable && all.length > LONG ? setSearch : undefined} isFolded={isFolded}>
      <table className={classes.table}>
        <tbody>
          {found.slice(0, MOST_SHOWN).map(([name, value]) => (
            <tr key={name}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td className={classes.value} title={`${whole(value)}\nclick to copy`} onClick={() => copy(name, value)}>
                {formatValue(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > MOST_SHOWN && <p className={classes.quiet}>{found.length - MOST_SHOWN} more; search for them</p>}
    </Section>
  );
};
