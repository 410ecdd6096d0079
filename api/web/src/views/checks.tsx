/** 核对: what the checks found, document by document, and by which rules. */
import { href, type Route } from "../router";
import { t } from "../texts";
import { useTitle } from "../title";
import "../styles/checks.css";
import { Documents } from "./checks/documents";
import { Lines } from "./checks/lines";
import { Rules } from "./checks/rules";

const PARTS = ["", "documents", "rules"];

export default function Checks({ route }: { route: Route }) {
  const part = PARTS.includes(route.path[0] ?? "") ? (route.path[0] ?? "") : "";
  useTitle(t("nav.checks"));
  return (
    <>
      <h1>{t("nav.checks")}</h1>
      <p class="lead">{t("checks.lead")}</p>
      <nav class="tabs" aria-label={t("checks.parts")}>
        {PARTS.map((each) => (
          <a key={each} href={href("checks", each ? [each] : [])} aria-current={each === part ? "page" : undefined}>{t(`checks.part.${each || "lines"}`)}</a>
        ))}
      </nav>
      {part === "documents" ? <Documents route={route} /> : part === "rules" ? <Rules /> : <Lines route={route} />}
    </>
  );
}
