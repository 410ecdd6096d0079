/** Addresses of views: `#/projects/云泽省水务厅/中小河流治理?year=2024`. Every view has its own. */
import { useEffect, useState } from "preact/hooks";

export const VIEWS = [
  "search", "departments", "projects", "issues", "codes", "checks", "documents", "queries", "thing",
] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Route {
  /** The view, or `null` for an address that leads nowhere. */
  view: ViewName | null;
  /** The parts behind it, unescaped. */
  path: string[];
  params: URLSearchParams;
  /** The address as it stands behind `#`. */
  address: string;
}

type Value = string | number | boolean | null | undefined;
export type Params = Record<string, Value | Value[]>;

/** Parameters as they stand in an address; empty ones are left out. */
export function parameters(params: Params): URLSearchParams {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== "" && each !== null && each !== undefined) found.append(name, String(each));
    }
  }
  return found;
}

/** The address of a view, to be used in `<a href>`. */
export function href(view: ViewName, path: string[] = [], params: Params = {}): string {
  const query = parameters(params).toString();
  return `#/${[view, ...path.map(encodeURIComponent)].join("/")}${query ? `?${query}` : ""}`;
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // an address typed by hand: shown as it is, and found unknown
  }
}

/** What an address (with or without its `#`) means. The empty one is the search. */
export function parse(hash: string): Route {
  const address = hash.replace(/^#/, "");
  const [before = "", ...rest] = address.split("?");
  const parts = before.split("/").filter(Boolean).map(unescaped);
  const name = parts[0] ?? "search";
  const view = (VIEWS as readonly string[]).includes(name) ? (name as ViewName) : null;
  return { view, path: parts.slice(1), params: new URLSearchParams(rest.join("?")), address };
}

/** The address shown now; the component is drawn again when it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parse(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

/** Go to an address made by {@link href}. `replace`: Back does not lead here again. */
export function go(address: string, replace = false): void {
  if (!replace) {
    location.hash = address;
    return;
  }
  history.replaceState(null, "", address);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** The same view with some parameters changed; an empty value takes one away. */
export function withParams(route: Route, changes: Params): string {
  const all: Params = {};
  for (const name of route.params.keys()) all[name] = route.params.getAll(name);
  return href(route.view ?? "search", route.path, { ...all, ...changes });
}

const THINGS = "https://w3id.org/fiscalgraph/id/";

/** Whether a value is the IRI of a thing that the graph tells of. */
export function isThing(value: unknown): value is string {
  return typeof value === "string" && value.startsWith(THINGS);
}

/** The address of a thing of the graph, told by its IRI: what it says and where it is printed. */
export function thingHref(iri: string): string {
  return href("thing", [], { iri });
}

/**
 * The view for an address of the interface over HTTP: `/departments/云泽省水务厅` → `#/departments/云泽省水务厅`.
 * `/classification/…` is the view of codes; what has no view leads to the thing of `iri`.
 */
export function viewHref(url: string, iri?: string): string {
  const [path = "", query = ""] = url.split("?");
  const parts = path.split("/").filter(Boolean).map(unescaped);
  const name = parts[0] === "classification" ? "codes" : parts[0];
  if (name && (VIEWS as readonly string[]).includes(name)) {
    const params = new URLSearchParams(query);
    return href(name as ViewName, parts.slice(1), Object.fromEntries([...params.keys()].map((each) => [each, params.getAll(each)])));
  }
  return iri ? thingHref(iri) : url;
}
