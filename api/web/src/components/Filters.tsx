/** A row of filters whose state is the address: it can be shared, and Back undoes a choice. */
import type { ComponentChildren } from "preact";
import { go, href, withParams, type Route } from "../router";
import { t } from "../texts";

export interface Choice {
  value: string;
  label: string;
}

/** A list to choose one of. The first choice, an empty value, is `all`; `null`: there is none, and `preset` is chosen at first. */
export function Select({ route, name, label, choices, all = t("filter.all"), preset = "" }:
  { route: Route; name: string; label: string; choices: Choice[]; all?: string | null; preset?: string }) {
  const chosen = route.params.get(name) ?? preset;
  const known = choices.some((choice) => choice.value === chosen);
  return (
    <label><span>{label}</span>
      <select name={name} value={chosen} onChange={(event) => go(withParams(route, { [name]: event.currentTarget.value }))}>
        {all !== null && <option value="">{all}</option>}
        {!known && chosen && <option value={chosen}>{chosen}</option>}
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
    </label>
  );
}

/** A text or number; it counts when the user leaves it or presses Enter. */
export function Field({ route, name, label, type = "text", ...more }:
  { route: Route; name: string; label: string; type?: "text" | "number" | "search"; placeholder?: string; min?: number; max?: number; step?: number; list?: string }) {
  return (
    <label><span>{label}</span>
      <input name={name} type={type} key={route.params.get(name) ?? ""} defaultValue={route.params.get(name) ?? ""} {...more}
        onChange={(event) => go(withParams(route, { [name]: event.currentTarget.value.trim() }))} />
    </label>
  );
}

/** The row itself; `clearable`: the parameters that “clear” takes away. */
export function Filters({ route, children, clearable }: { route: Route; children: ComponentChildren; clearable: string[] }) {
  const some = clearable.some((name) => route.params.get(name));
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {children}
      {some && <a class="clear" href={href(route.view ?? "search", route.path)}>{t("filter.clear")}</a>}
    </form>
  );
}
