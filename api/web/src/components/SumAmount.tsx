/** An amount of the safe sums (docs/sums.md): the way to the printed figures it rests on, and what is to be known of it. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Source } from "../types";
import { exact, type Scale } from "../money";
import { language, t } from "../texts";
import { Money } from "./Money";
import { placeText, SourceButton } from "./Source";
import "../styles/sum.css";

/** A printed figure that entered a sum. */
export interface SumFigure {
  iri: string;
  amount: string;
  document: string;
  table: string;
  source: Source | null;
  /** What of the sum it is, where the sum is of several things. */
  part?: string;
}

/** An amount in which every 元 counts once. `figures` are the first of its `addends` printed figures. */
export interface Sum {
  amount: string;
  addends: number;
  contested: number;
  inferred: number;
  figures: SumFigure[];
}

interface SumAmountProps {
  of: Sum | null | undefined;
  /** What the amount is, in words. */
  name: string;
  scale?: Scale;
  bare?: boolean;
}

export function SumAmount({ of, name, scale, bare = false }: SumAmountProps) {
  const [open, setOpen] = useState(false);
  if (!of) return <Money of={null} />;
  const [only] = of.figures;
  return (
    <span class="sum">
      <Money of={of.amount} scale={scale} bare={bare} />
      {of.contested > 0 && <span class="tag warn" title={t("sum.contested.why", { n: of.contested, all: of.addends })}>{t("sum.contested")}</span>}
      {of.inferred > 0 && <span class="tag calm" title={t("sum.inferred.why", { n: of.inferred, all: of.addends })}>{t("sum.inferred")}</span>}
      {of.addends === 1 && only && <SourceButton iri={only.iri} of={name} />}
      {of.addends > 1 && (
        <button type="button" class="source" aria-label={t("sum.open.of", { n: of.addends, what: name })} onClick={() => setOpen(true)}>
          {t("sum.open", { n: of.addends })}
        </button>
      )}
      {open && <Figures of={of} name={name} close={() => setOpen(false)} />}
    </span>
  );
}

/** The printed figures of a sum, each with its source. */
function Figures({ of, name, close }: { of: Sum; name: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const left = () => dialog.current?.close();
    dialog.current?.showModal();
    addEventListener("hashchange", left);
    return () => removeEventListener("hashchange", left);
  }, []);
  return (
    <dialog ref={dialog} class="panel" aria-label={name} onClose={close} onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}>
      <header>
        <h2>{name}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>{t("source.close")}</button>
      </header>
      <p class="lead">{t("sum.made", { n: of.addends, amount: exact(of.amount) })}</p>
      {of.figures.length < of.addends && <p class="note">{t("sum.some", { n: of.figures.length })}</p>}
      {of.figures.map((figure) => (
        <article key={figure.iri} class="card">
          <p class="facts"><b>{t("money.exact", { amount: exact(figure.amount) })}</b>{figure.part && <span>{figure.part}</span>}<span>{figure.table}</span>
            <span>{figure.source ? placeText(figure.source) : figure.document}</span></p>
          {figure.source && <blockquote>{figure.source.quote}</blockquote>}
          <SourceButton iri={figure.iri} of={[figure.table, exact(figure.amount)].join(language() === "zh" ? "，" : ", ")} />
        </article>
      ))}
    </dialog>
  );
}
