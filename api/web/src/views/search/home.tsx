/** Before a question: what the workspace holds, and ways in. */
import type { ComponentChildren } from "preact";
import { useAnswer, type Page } from "../../api";
import { href, viewHref } from "../../router";
import { t } from "../../texts";
import type { DocumentReference } from "../../types";
import { count, share } from "../../components/count";
import { Shown } from "../../components/State";
import type { Overview } from "./shapes";

interface Issue {
  iri: string;
  url: string;
  label: string;
  departments: unknown[];
}

interface CheckLine {
  iri: string;
  documents: string[];
  detail: string;
}

interface CheckedPage extends Page<CheckLine> {
  documents: { document: string; issuer: string; fiscal_year: number; kind: string }[];
}

// Questions in words of one's own, as auditors put them.
const EXAMPLES = ["资金下达较晚", "专业人员不足", "采购流程较长", "项目前期准备不足", "验收和结算滞后", "人员减少，支出相应减少"];
const FEW = 6;

export function Home() {
  const overview = useAnswer<Overview>("/overview");
  if (overview.value?.documents === 0) {
    return (
      <div class="empty">
        <p>{t("home.empty")}</p>
        <p>
          <a href={href("documents")}>{t("home.empty.cure")}</a>
        </p>
      </div>
    );
  }
  return (
    <>
      <ul class="examples" aria-label={t("home.examples")}>
        {EXAMPLES.map((question) => (
          <li key={question}>
            <a lang="zh-CN" href={href("search", [], { q: question })}>
              {question}
            </a>
          </li>
        ))}
      </ul>
      <Shown answer={overview}>{(found) => <Figures of={found} />}</Shown>
      <div class="entrances">
        {overview.value && <Regions of={overview.value} />}
        <SharedIssues />
        {overview.value && <Newest documents={overview.value.newest} />}
        <Contradicting />
        <Questions />
      </div>
    </>
  );
}

function Figures({ of }: { of: Overview }) {
  const [latest, earliest] = [of.years[0]?.value, of.years.at(-1)?.value];
  const { tables, tables_read } = of.reading;
  const figures: { key: string; value: string; to: string; title?: string }[] = [
    { key: "documents", value: count(of.documents), to: href("documents"), title: t("home.disclosures", { n: count(of.disclosures) }) },
    { key: "years", value: latest === earliest ? String(latest ?? "") : `${earliest}–${latest}`, to: href("documents") },
    { key: "departments", value: count(of.departments), to: href("departments", [], { published: true }) },
    { key: "figures", value: count(of.observations), to: href("queries", ["spending"]) },
    { key: "projects", value: count(of.projects), to: href("projects") },
    { key: "indicators", value: count(of.indicators), to: href("queries", ["indicators"]) },
    { key: "reasons", value: count(of.causes + of.measures + of.reasons + of.spending_reasons), to: href("queries", ["findings"]) },
    { key: "issues", value: count(of.issues), to: href("issues") },
    { key: "contradictions", value: count(of.contradictions - of.contradictions_repeated), to: href("checks", [], { verdict: "contradicts" }) },
    {
      key: "read",
      value: share(tables_read, tables),
      to: href("queries", ["leftovers"]),
      title: t("documents.of", { read: count(tables_read), all: count(tables) }),
    },
  ];
  return (
    <ul class="figures home-figures" aria-label={t("home.holds")}>
      {figures
        .filter(({ value }) => value)
        .map(({ key, value, to, title }) => (
          <li key={key}>
            <a href={to} title={title}>
              <b>{value}</b>
              <span>{t(`home.${key}`)}</span>
            </a>
          </li>
        ))}
    </ul>
  );
}

function Entrance({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Regions({ of }: { of: Overview }) {
  const regions = of.regions.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total);
  return (
    <Entrance id="regions" title={t("home.regions")}>
      <ul class="regions">
        {of.levels.map(({ value, total }) => (
          <li key={value}>
            <a href={href("departments", [], { level: value, published: true })}>{t(`level.${value}`)}</a> <small>{total}</small>
          </li>
        ))}
      </ul>
      {regions.length > 0 && (
        <ul class="regions">
          {regions.map(({ code, name, total }) => (
            <li key={code}>
              <a href={href("departments", [], { region: name, published: true })}>{name}</a> <small>{total}</small>
            </li>
          ))}
        </ul>
      )}
      <p class="links">
        <a href={href("departments")}>{t("home.departments.all")}</a>
      </p>
    </Entrance>
  );
}

function SharedIssues() {
  const answer = useAnswer<Page<Issue>>("/issues", { min_departments: 2, side: "cause", limit: FEW });
  return (
    <Entrance id="shared" title={t("home.shared")}>
      <Shown answer={answer}>
        {({ items, total }) =>
          items.length ? (
            <>
              <ul>
                {items.map((issue) => (
                  <li key={issue.iri}>
                    <a href={viewHref(issue.url, issue.iri)}>{issue.label}</a>
                    <small>{t("home.shared.of", { n: issue.departments.length })}</small>
                  </li>
                ))}
              </ul>
              {total > items.length && (
                <p class="links">
                  <a href={href("issues")}>{t("home.shared.all")}</a>
                </p>
              )}
            </>
          ) : (
            <p class="note">{t("home.shared.none")}</p>
          )
        }
      </Shown>
    </Entrance>
  );
}

function Newest({ documents }: { documents: DocumentReference[] }) {
  return (
    <Entrance id="newest" title={t("home.newest")}>
      <ul>
        {documents.slice(0, FEW).map((each) => (
          <li key={each.iri}>
            <a href={href("documents", [each.document])}>{each.issuer}</a>
            <small>
              {each.fiscal_year} {each.kind}
            </small>
          </li>
        ))}
      </ul>
      <p class="links">
        <a href={href("documents")}>{t("home.newest.all")}</a>
      </p>
    </Entrance>
  );
}

/** Whose documents contradict themselves. */
function whose(line: CheckLine, documents: CheckedPage["documents"]): string {
  const found = documents.find((each) => each.document === line.documents[0]);
  return found ? `${found.issuer} ${found.fiscal_year} ${found.kind}` : "";
}

function Contradicting() {
  const answer = useAnswer<CheckedPage>("/checks", { verdict: "contradicts", once: true, limit: FEW });
  return (
    <Entrance id="contradicting" title={t("home.contradicting")}>
      <Shown answer={answer}>
        {({ items, total, documents }) =>
          items.length ? (
            <>
              <ul class="contradicting">
                {items.map((line) => (
                  <li key={line.iri}>
                    <a href={href("checks", [], { document: line.documents[0], verdict: "contradicts" })}>{line.detail}</a>
                    <small>{whose(line, documents)}</small>
                  </li>
                ))}
              </ul>
              <p class="links">
                <a href={href("checks", [], { verdict: "contradicts" })}>{t("home.contradicting.all", { n: count(total) })}</a>
              </p>
            </>
          ) : (
            <p class="note">{t("home.contradicting.none")}</p>
          )
        }
      </Shown>
    </Entrance>
  );
}

function Questions() {
  const questions: [string, string][] = [
    ["rate", href("projects", [], { max_rate: 80 })],
    ["missed", href("queries", ["missed-indicators"])],
    ["publics", href("queries", ["three-publics"])],
    ["phases", href("queries", ["budget-to-execution"])],
    ["outcomes", href("queries", ["outcomes"])],
    ["laws", href("queries", ["laws-by-departments"])],
    ["unread", href("queries", ["leftovers"])],
  ];
  return (
    <Entrance id="questions" title={t("home.questions")}>
      <ul>
        {questions.map(([key, to]) => (
          <li key={key}>
            <a href={to}>{t(`home.question.${key}`)}</a>
          </li>
        ))}
      </ul>
    </Entrance>
  );
}
