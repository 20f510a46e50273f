/** Light, dark, or as the system has it. */
import { Menu } from "@mantine/core";

import { chooseTheme, type ThemeChoice, useThemeChoice } from "../../state/theme";

const CHOICES: readonly [ThemeChoice, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

export const ThemeButton = () => {
  const choice = useThemeChoice();
  return (
    <Menu position="bottom-end" shadow="none" withinPortal>
      <Menu.Target>
        <button type="button" className="k-icon" aria-label="Light or dark" title="Light or dark">
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="5.5" />
            <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />
          </svg>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map(([value, label]) => (
          <Menu.Item key={value} role="menuitemradio" aria-checked={choice === value} onClick={() => chooseTheme(value)}>
            {choice === value ? "✓ " : "\u2007 "}
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};
