/** Things whose names or codes fit the question, by kind. */
import { useState } from "preact/hooks";
import { useAnswer } from "../../api";
import { viewHref } from "../../router";
import { t } from "../../texts";
import { Shown } from "../../components/State";
import { Marked } from "./highlight";
import { LONGEST_NAME, type Found, type FoundGroup, type FoundNames } from "./shapes";

const MOST = 50; // of a kind that are told at once

export function Names({ query }: { query: string }) {
  const name = query.slice(0, LONGEST_NAME);
  const answer = useAnswer<FoundNames>("/find", { q: name });
  return (
    <Shown answer={answer}>
      {({ groups }) =>
        groups.length ? (
          <section aria-labelledby="names">
            <h2 id="names">{t("search.names")}</h2>
            <div class="cards namegroups">
              {groups.map((group) => (
                <Group key={`${name} ${group.kind}`} group={group} query={name} />
              ))}
            </div>
          </section>
        ) : (
          <p class="note">{t("search.names.none", { q: query })}</p>
        )
      }
    </Shown>
  );
}

function Group({ group, query }: { group: FoundGroup; query: string }) {
  const [all, setAll] = useState(false);
  const whole = useAnswer<FoundNames>(all ? "/find" : null, { q: query, kind: group.kind, limit: MOST });
  const items = whole.value?.groups[0]?.items ?? group.items;
  return (
    <div class="card">
      <h3>
        {t(`search.group.${group.kind}`)} <small>{group.total}</small>
      </h3>
      <ul>
        {items.map((found) => (
          <Name key={found.iri} found={found} query={query} />
        ))}
      </ul>
      {group.total > items.length &&
        (all && whole.value ? (
          <p class="note">{t("search.names.more", { n: group.total - items.length })}</p>
        ) : (
          <button type="button" class="link" disabled={whole.waiting && all} onClick={() => setAll(true)}>
            {t("search.names.all", { n: Math.min(MOST, group.total) })}
          </button>
        ))}
    </div>
  );
}

function Name({ found, query }: { found: Found; query: string }) {
  return (
    <li>
      <a href={viewHref(found.url, found.iri)}>
        <Marked text={found.label} query={query} />
      </a>
      {found.other_name && (
        <small>
          <Marked text={found.other_name} query={query} />
        </small>
      )}
      {found.detail && <small>{found.detail}</small>}
    </li>
  );
}
