/** What one document tells of a project, from its money and goals to the measures. */
import { Downloads } from "../../components/Downloads";
import { Money } from "../../components/Money";
import { SourceButton } from "../../components/Source";
import { Table, type Column } from "../../components/Table";
import { compareAmounts, difference, exact, forDrawing, inScale, scaleOf } from "../../money";
import { href } from "../../router";
import { t } from "../../texts";
import type { Money as Amount } from "../../types";
import { InWan } from "./amounts";
import { Indicators } from "./indicators";
import { ReasonList, StatedList } from "./statements";
import type { Entry, Fund, Project } from "./shapes";

export function EntryChain({ project, entry }: { project: Project; entry: Entry }) {
  const { document } = entry;
  return (
    <>
      <div class="heading">
        <h2>{document.fiscal_year} {document.kind}</h2>
        <span class="links">
          <a href={href("documents", [document.document])}>{t("source.document")}</a>
          <a href={href("checks", [], { document: document.document })}>{t("projects.checks")}</a>
          <SourceButton iri={entry.iri} of={`${project.name} ${document.fiscal_year} ${document.kind}`} />
        </span>
      </div>
      <p class="facts">
        {entry.printed_name !== project.name && <span>{t("projects.printed_name")} {entry.printed_name}</span>}
        {entry.implementing_unit && <span>{t("projects.unit")} {entry.implementing_unit}</span>}
        {entry.score && <span>{t("projects.self_score")} <b>{entry.score}</b></span>}
      </p>
      <Steps entry={entry} />
      {entry.funds.length > 0 && (
        <>
          <h3>{t("projects.funds")}</h3>
          <Funds funds={entry.funds} />
          {entry.funds.length > 1 && <p class="note">{t("projects.funds.note")}</p>}
        </>
      )}
      {entry.goals.length + entry.outcomes.length > 0 && (
        <div class="columns">
          <StatedList title={t("projects.goals")} items={entry.goals} />
          <StatedList title={t("projects.outcomes")} items={entry.outcomes} />
        </div>
      )}
      {entry.indicators.length > 0 && (
        <>
          <div class="heading">
            <h3>{t("projects.indicators")}</h3>
            <Downloads path="/indicators" params={{ project: project.iri, document: document.document }}
              name={`${project.name} ${document.fiscal_year}`} />
          </div>
          <Indicators indicators={entry.indicators} />
        </>
      )}
      {entry.reasons.length + entry.causes.length + entry.measures.length > 0 && (
        <>
          <h3>{t("projects.why")}</h3>
          <div class="chain">
            <ReasonList title={t("projects.reasons")} items={entry.reasons} indicators={entry.indicators} />
            <ReasonList title={t("projects.causes")} items={entry.causes} indicators={entry.indicators} />
            <ReasonList title={t("projects.measures")} items={entry.measures} indicators={entry.indicators} />
          </div>
          <p class="note">{t("projects.why.note")}</p>
        </>
      )}
      {entry.conclusions.length > 0 && <StatedList title={t("projects.conclusions")} items={entry.conclusions} />}
    </>
  );
}

/** Initial budget → full-year budget → executed, as bars of one length scale, with what changed between them. */
function Steps({ entry }: { entry: Entry }) {
  const { budget_initial: initial, budget_full: full, executed } = entry;
  const steps: { name: string; of: Amount | null; change: string | null; word: "adjusted" | "unspent" | null }[] = [
    { name: t("projects.initial"), of: initial, change: null, word: null },
    { name: t("projects.full"), of: full, change: between(full, initial), word: "adjusted" },
    { name: t("projects.executed"), of: executed, change: between(full, executed), word: "unspent" },
  ];
  const stated = steps.filter((step) => step.of);
  if (stated.length < 2) return null;
  const longest = Math.max(...stated.map((step) => forDrawing(step.of?.amount)));
  return (
    <dl class="steps">
      {stated.map(({ name, of, change, word }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Money of={of} />
            <span class="meter" aria-hidden="true">
              {longest > 0 && <span style={{ inlineSize: `${(100 * Math.max(forDrawing(of?.amount), 0)) / longest}%` }} />}
            </span>
            {change !== null && word !== null && <Change word={word} amount={change} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function between(left: Amount | null, right: Amount | null): string | null {
  return left?.amount && right?.amount ? difference(left.amount, right.amount) : null;
}

/** What lies between two printed amounts of one row; it is not printed itself, and says so. */
function Change({ word, amount }: { word: "adjusted" | "unspent"; amount: string }) {
  const sign = compareAmounts(amount, "0");
  const size = amount.replace(/^-/, "");
  const scale = scaleOf(size);
  const key = sign === 0 ? `projects.${word}.none` : `projects.${word}.${amount.startsWith("-") ? "less" : "more"}`;
  const title = t("projects.reckoned", { amount: exact(amount) });
  return <small class="change" title={title}>{t(key, { amount: `${inScale(size, scale)} ${scale}` })}</small>;
}

function Funds({ funds }: { funds: Fund[] }) {
  const none = <span class="none">{t("money.none")}</span>;
  const scored = funds.some((fund) => fund.weight !== null || fund.score !== null);
  const columns: Column<Fund>[] = [
    { key: "name", head: t("projects.fund"), wrap: true, cell: (fund) => fund.name },
    { key: "initial", head: t("projects.initial.in", { scale: "万元" }), number: true, cell: (fund) => <InWan of={fund.budget_initial} /> },
    { key: "full", head: t("projects.full.in", { scale: "万元" }), number: true, cell: (fund) => <InWan of={fund.budget_full} /> },
    { key: "executed", head: t("projects.executed.in", { scale: "万元" }), number: true, cell: (fund) => <InWan of={fund.executed} /> },
    { key: "rate", head: t("projects.fund.rate"), number: true, cell: (fund) => fund.printed_rate ?? none },
    ...(scored ? [
      { key: "weight", head: t("projects.weight"), number: true, cell: (fund: Fund) => fund.weight ?? none },
      { key: "score", head: t("field.score"), number: true, cell: (fund: Fund) => fund.score ?? none },
    ] : []),
    { key: "source", head: t("source.open"), cell: (fund) => <SourceButton iri={fund.iri} of={fund.name} /> },
  ];
  return <Table caption={t("projects.funds")} columns={columns} rows={funds} rowKey={(fund) => fund.iri} />;
}
