/** Shapes that many answers share (docs/api.md). Those of one view stand in the view. */

/** A thing by name, with its IRI and its address over HTTP. */
export interface Reference {
  iri: string;
  name: string;
  url: string;
}

/** An amount: exact 元 as text (null: unit unknown), and what is printed. */
export interface Money {
  amount: string | null;
  printed?: string | null;
  unit?: string | null;
}

/** Where a fact is printed. */
export interface Source {
  iri?: string;
  document: string;
  page: number | null;
  line: number | null;
  box: string | null;
  quote: string;
  recognised?: boolean;
}

/** A document as it is named in answers about others. */
export interface DocumentReference {
  iri: string;
  document: string;
  url: string;
  issuer: string;
  kind: string;
  fiscal_year: number;
}
