/** What is shown while an answer is awaited, when there is none, and when it is empty. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { apiKey, type Answer, type Refusal } from "../api";
import { viewHref } from "../router";
import { t } from "../texts";

/** A line that says that something is awaited, and after a while that it takes long. */
export function Loading() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 3000);
    return () => clearTimeout(timer);
  }, []);
  return <p class="loading" role="status">{slow ? t("state.slow") : t("state.loading")}</p>;
}

/** Why there is no answer, and what to do: try again, give a key, take a name that is alike. */
export function Problem({ problem, again }: { problem: Refusal; again?: () => void }) {
  useEffect(() => {
    if (problem.code !== "unreachable" || !again) return undefined;
    const timer = setInterval(async () => {
      const alive = await fetch("/health").then((answer) => answer.ok).catch(() => false);
      if (alive) again();
    }, 2000);
    return () => clearInterval(timer);
  }, [problem, again]);
  if (problem.status === 401) return <KeyForm wrong={apiKey.get() !== null} done={() => again?.()} />;
  if (problem.code === "unreachable" || problem.code === "page") {
    return (
      <div class="problem" role="alert">
        <p><b>{t(`state.${problem.code}`)}</b> {problem.code === "page" ? problem.what : ""}</p>
        <p>{t(`state.${problem.code}.cure`)}</p>
        {again && <button type="button" class="quiet" onClick={again}>{t("state.again")}</button>}
      </div>
    );
  }
  const { alike } = problem.more as { alike?: (string | { name: string; url: string })[] };
  return (
    <div class="problem" role="alert">
      <p><b>{problem.what || t("state.problem")}</b>{problem.why && `：${problem.why}`}</p>
      {problem.cure && <p>{problem.cure}</p>}
      {alike && alike.length > 0 && (
        <p>{t("state.alike")}{alike.map((each) => typeof each === "string"
          ? <span class="tag">{each}</span> : <a href={viewHref(each.url)}>{each.name}</a>)}</p>
      )}
      {again && (problem.status >= 500 || problem.status === 429) && (
        <button type="button" class="quiet" onClick={again}>{t("state.again")}</button>
      )}
    </div>
  );
}

function KeyForm({ wrong, done }: { wrong: boolean; done: () => void }) {
  const [key, setKey] = useState("");
  return (
    <form class="problem" onSubmit={(event) => { event.preventDefault(); apiKey.set(key.trim()); done(); }}>
      <p><b>{t("key.title")}</b></p>
      <p>{wrong ? t("key.wrong") : t("key.lead")}</p>
      <label>{t("key.label")} <input type="password" value={key} required autocomplete="off"
        onInput={(event) => setKey(event.currentTarget.value)} /></label>{" "}
      <button type="submit">{t("key.enter")}</button>
    </form>
  );
}

/** A line for a list without rows. */
export function Empty({ children }: { children?: ComponentChildren }) {
  return <p class="empty">{children ?? t("state.empty")}</p>;
}

/** `children` of the value when it is there; else its state. While a next value is awaited the old one stays, dimmed. */
export function Shown<T>({ answer, children }: { answer: Answer<T>; children: (value: T) => ComponentChildren }) {
  if (answer.problem) return <Problem problem={answer.problem} again={answer.again} />;
  if (answer.value === null) return answer.waiting ? <Loading /> : null;
  return <div class={answer.waiting ? "stale" : undefined} aria-busy={answer.waiting}>{children(answer.value)}</div>;
}
