/** A filter by department: a text with the names that contain what is typed. */
import { useEffect, useState } from "preact/hooks";
import { useAnswer, type Page } from "../api";
import type { Reference } from "../types";
import type { Route } from "../router";
import { t } from "../texts";
import { Field } from "./Filters";

export function DepartmentField({ route, name = "department" }: { route: Route; name?: string }) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), 250); // not a request for every key
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useAnswer<Page<Reference>>(asked ? "/departments" : null, { q: asked, limit: 15 });
  const id = `names-${name}`;
  return (
    <div class="suggested" onInput={(event) => event.target instanceof HTMLInputElement && setTyped(event.target.value.trim())}>
      <Field route={route} name={name} label={t("field.department")} type="search" list={id} placeholder={t("projects.department.hint")} />
      <datalist id={id}>{found.value?.items.map((each) => <option key={each.iri} value={each.name} />)}</datalist>
    </div>
  );
}
