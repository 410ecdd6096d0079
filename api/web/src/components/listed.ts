import { language } from "../texts";

/** Names in one line, as the page's language sets them apart. */
export function listed(names: string[]): string {
  return names.join(language() === "zh" ? "、" : ", ");
}
