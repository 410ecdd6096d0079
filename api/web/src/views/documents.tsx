/** 文件: what was read of which document, and how to add one. */
import { useState } from "preact/hooks";
import { useTitle } from "../title";
import type { Route } from "../router";
import { t } from "../texts";
import { DocumentList } from "./documents/list";
import { OneDocument } from "./documents/one";
import { Uploads } from "./documents/uploads";
import "../styles/documents.css";

export default function Documents({ route }: { route: Route }) {
  const [name] = route.path;
  return name ? <OneDocument route={route} name={name} /> : <All route={route} />;
}

function All({ route }: { route: Route }) {
  const [turn, setTurn] = useState(0); // the list is asked for again when a document has come in
  useTitle(t("nav.documents"));
  return (
    <>
      <h1>{t("nav.documents")}</h1>
      <p class="lead">{t("documents.lead")}</p>
      <Uploads landed={() => setTurn((before) => before + 1)} />
      <DocumentList key={turn} route={route} />
    </>
  );
}
