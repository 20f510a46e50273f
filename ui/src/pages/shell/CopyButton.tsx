/** Copies a text, and says that it did. */
import { useState } from "react";

const SAID_FOR = 1200;

/** Works on plain http too, where browsers offer no clipboard but the old way. */
export const copyToClipboard = async (text: string): Promise<void> => {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way without https
  document.execCommand("copy");
  area.remove();
};

export const CopyButton = ({ text, label, word = "Copy" }: { text: string; label: string; word?: string }) => {
  const [isDone, setDone] = useState(false);
  const copy = (): void => {
    void copyToClipboard(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), SAID_FOR);
    });
  };
  return (
    <button type="button" className="k-button" aria-label={label} onClick={copy}>
      {isDone ? "Copied" : word}
    </button>
  );
};
