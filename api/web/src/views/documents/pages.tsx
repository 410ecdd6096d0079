/** The pages of a PDF as pictures, one by one. */
import { useEffect, useState } from "preact/hooks";
import { request, useMade } from "../../api";
import { go, withParams, type Route } from "../../router";
import { t } from "../../texts";
import { Shown } from "../../components/State";
import type { DocumentItem } from "./shapes";

export function Pages({ route, of }: { route: Route; of: DocumentItem }) {
  const all = of.pages ?? 0;
  const asked = Number(route.params.get("page") ?? 1);
  const page = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), Math.max(all, 1)) : 1;
  const large = route.params.get("large") === "1";
  const turn = (to: number) => to >= 1 && to <= all && go(withParams(route, { page: to }), true);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog, .sheet");
      if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowLeft") turn(page - 1);
      if (event.key === "ArrowRight") turn(page + 1);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
  if (!all) return <p class="note">{t("pages.none")}</p>;
  return (
    <section class="pages" aria-labelledby="pages">
      <h2 id="pages" class="hidden">
        {t("pages.title")}
      </h2>
      <p class="turning">
        <button type="button" class="quiet" disabled={page <= 1} onClick={() => turn(page - 1)}>
          {t("pages.before")}
        </button>
        <label>
          {t("pages.number")}{" "}
          <input type="number" min={1} max={all} value={page} onChange={(event) => turn(Number(event.currentTarget.value))} />
        </label>
        <span>{t("pages.of", { n: all })}</span>
        <button type="button" class="quiet" disabled={page >= all} onClick={() => turn(page + 1)}>
          {t("pages.after")}
        </button>
        <button type="button" class="quiet" aria-pressed={large} onClick={() => go(withParams(route, { large: large ? null : 1 }), true)}>
          {t(large ? "pages.smaller" : "pages.larger")}
        </button>
        <span class="note wide">{t("pages.keys")}</span>
      </p>
      <Sheet document={of.document} page={page} large={large} />
    </section>
  );
}

/** A page, asked for as a request like others: it carries the user's key where one is needed. */
function Sheet({ document, page, large }: { document: string; page: number; large: boolean }) {
  const path = `/documents/${encodeURIComponent(document)}/pages/${page}.png?scale=${large ? 2.5 : 1.5}`;
  const picture = useMade<Blob>(path, async (signal) => (await request(path, { headers: { Accept: "image/png" }, signal })).blob());
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    if (!picture.value) return undefined;
    const made = URL.createObjectURL(picture.value);
    setShown(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.value]);
  return (
    <Shown answer={picture}>
      {() => (
        <div class={large ? "sheet large" : "sheet"} tabIndex={large ? 0 : undefined}>
          {shown && <img src={shown} alt={t("pages.alt", { document, page })} />}
        </div>
      )}
    </Shown>
  );
}
