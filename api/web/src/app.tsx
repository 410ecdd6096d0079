/** The frame around the views. */
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { go, href, useRoute, VIEWS, type Route, type ViewName } from "./router";
import { language, setLanguage, t, useLanguage } from "./texts";
import { Loading, Problem } from "./components/State";
import { SourcePanel } from "./components/Source";
import { Refusal } from "./api";

type View = ComponentType<{ route: Route }>;

// Each view is loaded when it is first shown.
const LOADERS: Record<ViewName, () => Promise<{ default: View }>> = {
  search: () => import("./views/search"),
  departments: () => import("./views/departments"),
  projects: () => import("./views/projects"),
  issues: () => import("./views/issues"),
  codes: () => import("./views/codes"),
  checks: () => import("./views/checks"),
  documents: () => import("./views/documents"),
  queries: () => import("./views/queries"),
  thing: () => import("./views/thing"),
};

export function App() {
  const route = useRoute();
  useLanguage();
  const main = useRef<HTMLElement>(null);
  const before = useRef(place(route));
  useEffect(() => {
    document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  });
  useEffect(() => {
    // On a narrow screen the bar holds more sections than are seen.
    // (scrollIntoView would have Tab start from there.)
    const link = document.querySelector<HTMLElement>(".bar nav [aria-current]");
    const bar = link?.parentElement;
    if (link && bar) bar.scrollLeft = Math.max(0, link.offsetLeft + link.offsetWidth - bar.offsetLeft - bar.clientWidth);
    // Another view or thing is read from its top, by eye and by screen reader; a changed filter is not.
    if (place(route) === before.current) return;
    before.current = place(route);
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [route.address]);
  return (
    <>
      <header class="bar">
        <a class="skip" href={`#${route.address || "/search"}`} onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t("app.skip")}</a>
        <a class="brand" href={href("search")}><img src="/web/icon.svg" alt="" width="26" height="26" />fiscalgraph</a>
        <nav aria-label={t("app.sections")}>
          {VIEWS.filter((view) => view !== "thing").map((view) => (
            <a key={view} href={href(view)} aria-current={route.view === view ? "page" : undefined}>{t(`nav.${view}`)}</a>
          ))}
        </nav>
        <button type="button" class="quiet" id="language" lang={language() === "zh" ? "en" : "zh-CN"} aria-label={t("app.language.label")}
          onClick={() => setLanguage(language() === "zh" ? "en" : "zh")}>{t("app.language")}</button>
      </header>
      <main ref={main} tabIndex={-1} id="main">
        {route.view ? <Lazy key={`${route.view} ${language()}`} view={route.view} route={route} /> : <Nowhere route={route} />}
      </main>
      <footer>{t("app.footer")}</footer>
      <SourcePanel />
    </>
  );
}

function place(route: Route): string {
  return [route.view, ...route.path].join("/");
}

/** A view that may still have to be loaded. */
function Lazy({ view, route }: { view: ViewName; route: Route }) {
  const [loaded, setLoaded] = useState<{ view: View } | null>(null);
  const [failed, setFailed] = useState<Refusal | null>(null);
  const load = () => {
    setFailed(null);
    LOADERS[view]().then(
      (found) => setLoaded({ view: found.default }),
      () => setFailed(new Refusal(0, "unreachable", "", "", "")),
    );
  };
  useEffect(load, [view]);
  if (failed) return <Problem problem={failed} again={() => location.reload()} />;
  if (!loaded) return <Loading />;
  const Component = loaded.view;
  return <Component route={route} />;
}

function Nowhere({ route }: { route: Route }) {
  return (
    <>
      <h1>{t("app.nowhere")}</h1>
      <p class="lead"><code>#{route.address}</code></p>
      <p>{t("app.nowhere.cure")}</p>
      <button type="button" onClick={() => go(href("search"))}>{t("nav.search")}</button>
    </>
  );
}
