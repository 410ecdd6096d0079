/** Where in the document something stands: the page, leading to its picture, or the line. */
import { href } from "../../router";
import { t } from "../../texts";
import type { Source } from "../../types";

/** `pictured`: the document's pages can be shown. */
export function PlaceLink({ source, pictured }: { source: Source | null; pictured: boolean }) {
  if (!source?.page) return source?.line ? <span>{t("place.line", { n: source.line })}</span> : null;
  const words = t("place.page", { n: source.page });
  return pictured ? <a href={href("documents", [source.document], { part: "pages", page: source.page })}>{words}</a> : <span>{words}</span>;
}
