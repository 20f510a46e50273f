/** Changes how one chart's y-axis was chosen, as part of the wall's settings. */
import type { WallSettings, YChoice } from "./types";

/** This key's y-axis chosen anew; a choice that says nothing is dropped, so that addresses stay short. */
export const chooseAxis = (settings: WallSettings, key: string, choice: YChoice | null): Partial<WallSettings> => {
  const axes = Object.fromEntries(Object.entries(settings.axes).filter(([one]) => one !== key));
  if (choice !== null && Object.keys(choice).length > 0) axes[key] = choice;
  return { axes };
};
