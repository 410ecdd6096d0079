/** One document: who published it, how much of it was read, what contradicts itself, what it holds, its pages. */
import { useState } from "preact/hooks";
import { apiKey, download, Refusal, useAnswer } from "../../api";
import { href, thingHref, viewHref, withParams, type Route } from "../../router";
import { useTitle } from "../../title";
import { t } from "../../texts";
import { SourceButton } from "../../components/Source";
import { Problem, Shown } from "../../components/State";
import { Contents } from "./contents";
import { Contradictions } from "./contradictions";
import { Certificate } from "./coverage";
import { Pages } from "./pages";
import type { DocumentDetail } from "./shapes";

const PARTS = ["coverage", "contradictions", "contents", "pages"] as const;
type Part = (typeof PARTS)[number];

export function OneDocument({ route, name }: { route: Route; name: string }) {
  const answer = useAnswer<DocumentDetail>(`/documents/${encodeURIComponent(name)}`);
  const { document } = answer.value ?? {};
  const title = document ? t("documents.title", { issuer: document.issuer, year: document.fiscal_year, kind: document.kind }) : name;
  const asked = route.params.get("part");
  const part: Part = PARTS.find((each) => each === asked) ?? "coverage";
  useTitle(title);
  return (
    <>
      <p class="links">
        <a href={href("documents")}>{t("documents.back")}</a>
      </p>
      <h1>{title}</h1>
      <Shown answer={answer}>
        {(found) => (
          <>
            <Facts of={found} />
            <nav class="tabs" aria-label={t("documents.parts")}>
              {PARTS.map((each) => (
                <a
                  key={each}
                  href={withParams(route, { part: each === "coverage" ? null : each, page: null, verdict: null })}
                  aria-current={each === part ? "page" : undefined}
                >
                  {t(`documents.part.${each}`)}
                  {each === "contradictions" && found.document.contradictions > 0 && <small> {found.document.contradictions}</small>}
                </a>
              ))}
            </nav>
            {part === "coverage" && <Certificate of={found} />}
            {part === "contradictions" && <Contradictions route={route} of={found} />}
            {part === "contents" && <Contents of={found.document} />}
            {part === "pages" && <Pages route={route} of={found.document} />}
          </>
        )}
      </Shown>
    </>
  );
}

function Facts({ of: { document } }: { of: DocumentDetail }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  /** With the user's key, which a link does not carry. */
  const save = () => {
    setBusy(true);
    setProblem(null);
    download(document.file.url, document.file.name)
      .catch((error) => setProblem(error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", "")))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <p class="facts">
        {document.department ? (
          <a href={viewHref(document.department.url, document.department.iri)}>{document.issuer}</a>
        ) : (
          <b>{document.issuer}</b>
        )}
        {document.reporting_unit && (
          <a class="tag warn" href={viewHref(document.reporting_unit.url, document.reporting_unit.iri)}>
            {t("documents.reporting", { unit: document.reporting_unit.name })}
          </a>
        )}
        <SourceButton iri={document.iri} of={document.issuer} />
        <span>{document.pages ? t("documents.page.count", { n: document.pages }) : t("documents.page.none")}</span>
        {document.amount_unit && <span>{t("documents.unit", { unit: document.amount_unit })}</span>}
        <code class="filename">{document.file.name}</code>
        {document.same_disclosure.length > 0 && (
          <span>
            {t("documents.same", { names: "" })}
            {document.same_disclosure.map((name, place) => <>{place > 0 && t("documents.and")}<a href={href("documents", [name])}>{name}</a></>)}
          </span>
        )}
      </p>
      <p class="links">
        <a
          href={document.file.url}
          download={document.file.name}
          aria-disabled={busy}
          title={t("documents.hash", { hash: document.sha256 })}
          onClick={(event) => {
            if (!apiKey.get()) return; // the browser saves it by itself
            event.preventDefault();
            if (!busy) save();
          }}
        >
          {t(busy ? "documents.file.busy" : "documents.file")}
        </a>
        <a href={href("checks", [], { document: document.document })}>{t("documents.checks")}</a>
        <a href={thingHref(document.iri)}>{t("documents.facts")}</a>
      </p>
      {problem && <Problem problem={problem} again={save} />}
    </>
  );
}
