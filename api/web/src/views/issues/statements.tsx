/** Who states an issue, department by department: the words, the measures beside them, and what came of the indicators. */
import { Money } from "../../components/Money";
import { placeText, SourceButton } from "../../components/Source";
import { Empty } from "../../components/State";
import { href, viewHref } from "../../router";
import { language, t } from "../../texts";
import type { Reference, Source } from "../../types";
import { OutcomeTag } from "./parts";
import type { Answering, Issue, Member, Missed } from "./shapes";

/** Below it a member is marked as doubtful: little more likely than not to state what the others do. */
const DOUBTFUL = 0.6;

export function Statements({ issue, department }: { issue: Issue; department: string | null }) {
  const groups = new Map<string, { of: Reference | null; members: Member[] }>();
  for (const member of issue.members) {
    if (department && member.department?.name !== department && member.organization?.name !== department) continue;
    const key = member.department?.iri ?? "";
    const group = groups.get(key) ?? { of: member.department, members: [] };
    group.members.push(member);
    groups.set(key, group);
  }
  const ordered = [...groups.values()].sort((a, b) => b.members.length - a.members.length);
  return (
    <section>
      <h2>{t(`issues.statements.${issue.side}`)}</h2>
      {department && <p class="note">{t("issues.statements.chosen", { department })}</p>}
      {issue.passages > issue.members.length && <p class="note">{t("issues.statements.some", { n: issue.members.length, all: issue.passages })}</p>}
      {issue.indicators_total > issue.indicators.length && (
        <p class="note">{t("issues.indicators.some", { n: issue.indicators.length, all: issue.indicators_total })}</p>
      )}
      {!ordered.length && <Empty />}
      {ordered.map(({ of, members }) => (
        <section key={of?.iri ?? ""} class="issue-group">
          <h3>{of ? <a href={viewHref(of.url, of.iri)}>{of.name}</a> : t("issues.department.unknown")}{" "}
            <small>{t("issues.statements.count", { n: members.length })}</small></h3>
          {distinct(members).map((same) => <Statement key={same[0]?.iri} members={same} issue={issue} />)}
        </section>
      ))}
    </section>
  );
}

/** Members by what they say: tables and annexes of a document, and copies of it, print the same words of the same project again. */
function distinct(members: Member[]): Member[][] {
  const found = new Map<string, Member[]>();
  for (const member of members) {
    const { organization, document: of, project_url, project, text } = member;
    const key = JSON.stringify([organization?.iri, of.fiscal_year, of.kind, project_url ?? project, text]);
    found.set(key, [...(found.get(key) ?? []), member]);
  }
  return [...found.values()];
}

/** The first of those that say the same. */
function firsts<T>(items: T[], says: (item: T) => unknown[]): T[] {
  const found = new Map<string, T>();
  for (const item of items) {
    const key = JSON.stringify(says(item));
    if (!found.has(key)) found.set(key, item);
  }
  return [...found.values()];
}

/** What is said once, with all places where it is printed. */
function Statement({ members, issue }: { members: Member[]; issue: Issue }) {
  const [member] = members;
  if (!member) return null;
  const answers = firsts(issue.answers.filter((each) => members.some((one) => one.iri === each.cause)), (each) => [each.text]);
  const indicators = firsts(issue.indicators.filter((each) => members.some((one) => one.indicators.includes(each.iri))),
    (each) => [each.name, each.target, each.actual, each.points_lost, each.outcome]);
  const { document: of, organization } = member;
  return (
    <article class="card issue-statement">
      <p class="facts">
        {organization && organization.iri !== member.department?.iri && <a href={viewHref(organization.url, organization.iri)}>{organization.name}</a>}
        <a href={href("documents", [of.document])}>{of.fiscal_year} {of.kind}</a>
        {member.project && (member.project_url ? <a href={viewHref(member.project_url)}>{member.project}</a> : <span>{member.project}</span>)}
        {member.budget !== null && <span>{t("issues.column.budget")} <Money of={member.budget} /></span>}
        {member.unspent !== null && <span>{t("issues.column.unspent")} <Money of={member.unspent} /></span>}
        <span class="issue-score" title={t(issue.names ? "issues.confidence.means" : "issues.score.means")}>{t(issue.names ? "issues.confidence" : "issues.score", { score: member.score.toFixed(2) })}
          {member.score < DOUBTFUL && <> <span class="tag warn">{t("issues.doubtful")}</span></>}</span>
      </p>
      <div class="issue-chain">
        <div>
          <h4>{t(`issues.statement.${issue.side}`)}{members.length > 1 && <> {t("issues.statement.places", { n: members.length })}</>}</h4>
          <p class="issue-words">{member.text}</p>
          {members.map((each) => each.source && <PlaceLine key={each.iri} source={each.source} of={each.text} />)}
        </div>
        {issue.side === "cause" && (
          <div>
            <h4>{t("issues.answers")}</h4>
            {answers.map((each) => <Answered key={`${each.iri} ${each.text}`} answer={each} />)}
            {!answers.length && <p class="note">{t("issues.answers.none")}</p>}
          </div>
        )}
        {indicators.length > 0 && (
          <div>
            <h4>{t("issues.indicators")}</h4>
            {indicators.map((each) => <Indicator key={each.iri} of={each} />)}
          </div>
        )}
      </div>
    </article>
  );
}

function PlaceLine({ source, of }: { source: Source; of: string }) {
  return (
    <p class="issue-place">
      {placeText(source)}{source.recognised && <span class="tag">{t("source.recognised")}</span>}<SourceButton iri={source.iri} of={of} />
    </p>
  );
}

function Answered({ answer }: { answer: Answering }) {
  return (
    <>
      <p class="issue-words">{answer.text}</p>
      {answer.source && <PlaceLine source={answer.source} of={answer.text} />}
      <p class="issue-place" title={t("issues.answers.means")}>
        {t("issues.answers.ground", { ground: answer.ground[language()], score: answer.score.toFixed(2) })}
      </p>
    </>
  );
}

function Indicator({ of }: { of: Missed }) {
  return (
    <div class="issue-indicator">
      <p class="issue-words">{of.name}</p>
      <p class="issue-place">
        {of.target !== null && <span>{t("issues.target", { value: of.target })}</span>}
        {of.actual !== null && <span>{t("issues.actual", { value: of.actual })}</span>}
        {of.points_lost !== null && <span>{t("issues.lost", { value: of.points_lost })}</span>}
        <SourceButton iri={of.iri} of={of.name} />
      </p>
      {of.outcome && <p class="issue-place">{t("issues.next.year", { year: of.document.fiscal_year + 1 })} <OutcomeTag outcome={of.outcome} /></p>}
    </div>
  );
}
