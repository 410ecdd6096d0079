/** The one box: names are offered while one types; Enter without a choice searches. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useAnswer } from "../../api";
import { go, viewHref, withParams, type Route } from "../../router";
import { t } from "../../texts";
import { LONGEST_NAME, LONGEST_QUERY, type FoundNames } from "./shapes";

const PAUSE = 150; // milliseconds without a key before names are asked for
const EACH = 4; // names offered of each kind

export function SearchBox({ route }: { route: Route }) {
  const asked = route.params.get("q") ?? "";
  const [text, setText] = useState(asked);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const settled = useSettled(text.trim());
  const names = useAnswer<FoundNames>(open && settled ? "/find" : null, { q: settled.slice(0, LONGEST_NAME), limit: EACH });
  const groups = (open && names.value?.groups) || [];
  const offered = groups.flatMap((group) => group.items);
  const shown = open && offered.length > 0;
  const chosen = shown ? offered[active] : undefined;

  useEffect(() => {
    setText(asked);
    setOpen(false);
  }, [asked]);
  useEffect(() => setActive(-1), [settled]);
  useEffect(() => {
    // On a phone a focused box would bring up the keyboard over the page.
    if (!asked && !route.params.get("like") && matchMedia("(hover: hover)").matches) input.current?.focus({ preventScroll: true });
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog, [contenteditable]");
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);

  const search = () => {
    setOpen(false);
    if (chosen) go(viewHref(chosen.url, chosen.iri));
    else if (text.trim()) go(withParams({ ...route, view: "search", path: [] }, { q: text.trim(), like: null }));
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.isComposing) return; // the keys choose among characters of an input method
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) return setOpen(true);
      const count = offered.length + 1; // one more: the box itself
      setActive((before) => ((before + 1 + (event.key === "ArrowDown" ? 1 : count - 1)) % count) - 1);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      setOpen(false);
      setActive(-1);
    }
  };
  let at = -1;
  return (
    <form
      class="searchbox"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <label class="hidden" for="search-box">
        {t("search.label")}
      </label>
      <div class="line">
        <input
          ref={input}
          id="search-box"
          name="q"
          type="search"
          autocomplete="off"
          maxLength={LONGEST_QUERY}
          value={text}
          placeholder={t("search.placeholder")}
          role="combobox"
          list={undefined}
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls="search-names"
          aria-describedby="search-keys"
          aria-activedescendant={chosen ? `search-name-${active}` : undefined}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setOpen(true);
          }}
          onKeyDown={keyed}
          onBlur={() => setOpen(false)}
        />
        <button type="submit">{t("search.go")}</button>
      </div>
      <p class="note wide" id="search-keys">
        {t("search.keys")}
      </p>
      <span class="hidden" role="status">
        {shown ? t("search.suggestions.count", { n: offered.length }) : ""}
      </span>
      <div id="search-names" class="names" role="listbox" aria-label={t("search.suggestions")} hidden={!shown}>
        {groups.map((group) => (
          <div key={group.kind} role="group" aria-label={t(`search.group.${group.kind}`)}>
            <p aria-hidden="true">{t(`search.group.${group.kind}`)}</p>
            {group.items.map((found) => {
              const number = ++at;
              return (
                <div
                  key={found.iri}
                  id={`search-name-${number}`}
                  role="option"
                  aria-selected={number === active}
                  class={number === active ? "active" : undefined}
                  onMouseMove={() => setActive(number)}
                  // The box keeps the focus: leaving it would close the list before the click counts.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => {
                    setOpen(false);
                    go(viewHref(found.url, found.iri));
                  }}
                >
                  <span>{found.label}</span>
                  <small>{[found.other_name, found.detail].filter(Boolean).join(" · ")}</small>
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </form>
  );
}

/** `value` after it has stood still for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
