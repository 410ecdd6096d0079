/** Units as they are read in the page's language; those that documents print stay as they are. */
import { has, t } from "../texts";

export function unitName(unit: string | null): string {
  if (unit === null) return "";
  return has(`measure.${unit}`) ? t(`measure.${unit}`) : unit;
}
