/** The named queries by subject. */
import { useState } from "preact/hooks";
import { href } from "../../router";
import { t } from "../../texts";
import { described, grouped, told, type Query } from "./model";

export function QueryList({ queries }: { queries: Query[] }) {
  const [wanted, setWanted] = useState("");
  const words = wanted.trim().toLowerCase();
  const matches = (query: Query): boolean =>
    [query.name, query.title.zh, query.title.en, query.description.zh, query.description.en].some((text) => text.toLowerCase().includes(words));
  const groups = grouped(queries.filter(matches));
  return (
    <>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label><span>{t("queries.find")}</span>
          <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} /></label>
      </form>
      {!groups.length && <p class="empty">{t("state.empty")}</p>}
      {groups.map(({ group, queries: some }) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{t(`queries.group.${group}`)}</h2>
          <ul class="query-list">
            {some.map((query) => (
              <li key={query.name}>
                <a href={href("queries", [query.name])}>{told(query.title)}</a>
                <p class="note">{described(query)}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
