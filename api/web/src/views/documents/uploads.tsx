/** Adding documents: choose or drop files; what becomes of each is told, and what to do where it is refused. */
import { useState } from "preact/hooks";
import { href } from "../../router";
import { language, t } from "../../texts";
import { count } from "../../components/count";
import { Problem } from "../../components/State";
import { add, hasEnded, megabytes, repeat, useUploads, type Transfer, type UploadedDocument, type UploadList } from "./upload_client";

const SHOWN = 4; // of those that have ended

export function Uploads({ landed }: { landed: () => void }) {
  const { list, rules, problem } = useUploads(landed);
  const [all, setAll] = useState(false);
  if (problem) return <Problem problem={problem} />;
  if (!rules) return null;
  if (!rules.enabled) {
    return (
      <p class="note">
        {t("uploads.off")} <code>fiscalgraph build {t("uploads.off.file")}</code>
      </p>
    );
  }
  const ended = list.filter(hasEnded);
  const kept = new Set(all ? ended : ended.slice(0, SHOWN));
  const shown = list.filter((each) => !hasEnded(each) || kept.has(each));
  return (
    <section class="uploads" aria-labelledby="uploads">
      <h2 id="uploads">{t("uploads.title")}</h2>
      <Drop rules={rules} />
      {list.length > 0 && (
        <ol aria-live="polite">
          {shown.map((transfer) => (
            <li key={transfer.key}>
              <One of={transfer} />
            </li>
          ))}
        </ol>
      )}
      {shown.length < list.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {t("uploads.earlier", { n: list.length - shown.length })}
        </button>
      )}
    </section>
  );
}

function Drop({ rules }: { rules: UploadList }) {
  const [over, setOver] = useState(false);
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
    const folders = entries.flatMap((entry) => (entry?.isDirectory ? entry.name : []));
    add(
      [...(event.dataTransfer?.files ?? [])].filter((file) => !folders.includes(file.name)),
      folders,
    );
  };
  return (
    <div
      class={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <label class="choose">
        {t("uploads.choose")}
        <input
          type="file"
          multiple
          accept={rules.types.map((type) => `.${type}`).join(",")}
          onChange={(event) => {
            add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = ""; // the same file can be chosen again
          }}
        />
      </label>
      <span class="wide">{t("uploads.drop")}</span>
      <span class="note">{t("uploads.takes", { types: rules.types.join(" "), n: megabytes(rules.most_bytes) })}</span>
    </div>
  );
}

function One({ of: transfer }: { of: Transfer }) {
  const { upload, problem, name, file, key } = transfer;
  const active = upload?.state === "reading" || upload?.state === "publishing";
  return (
    <>
      <p class="facts">
        <b>{name}</b>
        {hasEnded(transfer) ? <Outcome of={transfer} /> : <span>{upload ? upload.progress[language()] : t("uploads.sending")}</span>}
        {active && <progress aria-label={name} />}
        {!active && upload?.ahead ? <span>{t("uploads.ahead", { n: upload.ahead })}</span> : null}
      </p>
      {upload?.document && <Result of={upload.document} />}
      {upload?.error && (
        <div class="problem">
          <p>
            <b>{upload.error.what}</b>：{upload.error.why}
          </p>
          <p>{upload.error.cure}</p>
        </div>
      )}
      {problem && <Problem problem={problem} again={file ? () => repeat(key) : undefined} />}
    </>
  );
}

/** How it ended, in a word or two. */
function Outcome({ of: { upload, problem } }: { of: Transfer }) {
  if (upload?.document) return <span class="tag good">{t(`uploads.status.${upload.document.status}`)}</span>;
  const refused = upload?.state === "refused" || (problem !== null && problem.status >= 400 && problem.status < 500);
  return <span class="tag warn">{t(refused ? "uploads.refused" : "uploads.failed")}</span>;
}

/** What was read of a file, and the way to it. */
function Result({ of }: { of: UploadedDocument }) {
  const { coverage } = of;
  const known = of.issuer && of.fiscal_year && of.kind;
  return (
    <p class="facts">
      <a href={href("documents", [of.document])}>
        {known ? t("documents.title", { issuer: of.issuer ?? "", year: of.fiscal_year ?? "", kind: of.kind ?? "" }) : of.document}
      </a>
      {coverage.tables !== undefined && (
        <span>
          {t("uploads.read", {
            tables: count(coverage.tables_read ?? 0),
            tables_all: count(coverage.tables ?? 0),
            cells: count(coverage.cells_read ?? 0),
            cells_all: count(coverage.cells ?? 0),
          })}
        </span>
      )}
      {of.contradictions !== null && (
        <a href={href("documents", [of.document], { part: "contradictions" })}>{t("uploads.contradictions", { n: of.contradictions })}</a>
      )}
      {of.problems.map((words) => (
        <span key={words} class="tag warn">
          {words}
        </span>
      ))}
    </p>
  );
}
