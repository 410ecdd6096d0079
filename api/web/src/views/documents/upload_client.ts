/** Giving files to the server and following what becomes of them: `/uploads` (docs/api.md). */
import { useEffect, useRef, useState } from "preact/hooks";
import { address, ask, request, Refusal } from "../../api";
import { t } from "../../texts";
import type { Coverage } from "./shapes";

export type UploadState = "waiting" | "reading" | "publishing" | "done" | "refused" | "failed";

/** What was read of a file. `replaced`: a document of that name was there with other content. */
export interface UploadedDocument {
  document: string;
  url: string;
  status: "built" | "replaced" | "unchanged" | "duplicate";
  issuer: string | null;
  kind: string | null;
  fiscal_year: number | null;
  coverage: Partial<Coverage>;
  contradictions: number | null;
  problems: string[];
}

/** What became of a file. */
export interface Upload {
  id: string;
  url: string;
  name: string;
  state: UploadState;
  /** What is being done, in words. */
  progress: { zh: string; en: string };
  /** How many uploads are read before it. */
  ahead: number | null;
  /** When it is done. */
  document: UploadedDocument | null;
  /** When it was refused or failed. */
  error: { what: string; why: string; cure: string } | null;
}

/** The last uploads, and whether and which files can be uploaded. */
export interface UploadList {
  enabled: boolean;
  most_bytes: number;
  types: string[];
  items: Upload[];
}

/** A file on its way; before the server has it there is no `upload`. */
export interface Transfer {
  key: string;
  name: string;
  file: File | null;
  upload: Upload | null;
  problem: Refusal | null;
}

const LATEST = 20; // earlier uploads that are asked for
const PAUSE = 800; // milliseconds between two looks at uploads
const ENDED: readonly UploadState[] = ["done", "refused", "failed"];
const CHANGED = "fiscalgraph:uploads";
const LANDED = "fiscalgraph:upload-landed";

// They outlive the view: files that were dropped are sent while the user looks at something else.
let transfers: Transfer[] = [];
let rules: UploadList | null = null;
let sending = false;
let watching = false;

export function hasEnded({ upload, problem }: Transfer): boolean {
  return problem !== null || (upload !== null && ENDED.includes(upload.state));
}

const isWaitingHere = ({ file, upload, problem }: Transfer): boolean => file !== null && upload === null && problem === null;
const isUnderWay = (transfer: Transfer): boolean => transfer.upload !== null && !hasEnded(transfer);
const after = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const refusalOf = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", ""));

function keep(next: Transfer[]): void {
  transfers = next;
  dispatchEvent(new Event(CHANGED));
}

function change(key: string, changes: Partial<Transfer>): void {
  keep(transfers.map((each) => (each.key === key ? { ...each, ...changes } : each)));
}

async function post(file: File): Promise<Upload> {
  const path = address("/uploads", { name: file.name });
  const answer = await request(path, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
  return answer.json() as Promise<Upload>;
}

/** The newest stand first; the oldest is sent first. */
const nextToSend = (): Transfer | undefined => [...transfers].reverse().find(isWaitingHere);

/** Send what waits here, one file after the other. A server with too many uploads is asked again later. */
async function send(): Promise<void> {
  if (sending) return;
  sending = true;
  for (let next = nextToSend(); next?.file; next = nextToSend()) {
    try {
      change(next.key, { upload: await post(next.file) });
      void watch();
    } catch (error) {
      const problem = refusalOf(error);
      if (problem.code === "busy") await after(3 * PAUSE);
      else change(next.key, { problem });
    }
  }
  sending = false;
}

/** The transfers with what the server says of them now. */
function told({ items }: UploadList): Transfer[] {
  const byId = new Map(items.map((upload) => [upload.id, upload]));
  return transfers.map((each) => ({ ...each, upload: byId.get(each.upload?.id ?? "") ?? each.upload }));
}

/** Look at the uploads until all have ended. A server that restarts is waited for. */
async function watch(): Promise<void> {
  if (watching) return;
  watching = true;
  while (transfers.some(isUnderWay)) {
    await after(PAUSE);
    const known = await ask<UploadList>("/uploads", { limit: 10 * LATEST }).catch(() => null);
    if (!known) continue;
    const open = transfers.filter(isUnderWay).map(({ key }) => key);
    keep(told(known));
    if (transfers.some(({ key, upload }) => open.includes(key) && upload?.state === "done")) dispatchEvent(new Event(LANDED));
  }
  watching = false;
}

/** Hand files over. */
export function add(files: Iterable<File>, folders: Iterable<string> = []): void {
  const refused = (name: string, why: string, cure: string): Transfer => ({
    key: crypto.randomUUID(),
    name,
    file: null,
    upload: null,
    problem: new Refusal(422, "not_sent", name, why, cure),
  });
  const fresh = [...files].map((file) =>
    rules && file.size > rules.most_bytes
      ? refused(file.name, t("uploads.large"), t("uploads.large.cure", { n: megabytes(rules.most_bytes) }))
      : { key: crypto.randomUUID(), name: file.name, file, upload: null, problem: null },
  );
  keep([...[...folders].map((name) => refused(name, t("uploads.folder"), t("uploads.folder.cure"))), ...fresh.reverse(), ...transfers]);
  void send();
}

/** Send a file again that did not arrive. */
export function repeat(key: string): void {
  change(key, { problem: null, upload: null });
  void send();
}

export function megabytes(bytes: number): string {
  return String(Math.floor(bytes / 1_000_000));
}

/** The uploads of this page and the last ones before it; `landed` is called when a document has come in. */
export function useUploads(landed: () => void): { list: Transfer[]; rules: UploadList | null; problem: Refusal | null } {
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const cameIn = useRef(landed);
  cameIn.current = landed;
  useEffect(() => {
    const changed = () => redraw((turn) => turn + 1);
    const came = () => cameIn.current();
    // Closing the tab would lose files that are not sent yet.
    const leaving = (event: BeforeUnloadEvent) => transfers.some(isWaitingHere) && event.preventDefault();
    addEventListener(CHANGED, changed);
    addEventListener(LANDED, came);
    addEventListener("beforeunload", leaving);
    ask<UploadList>("/uploads", { limit: LATEST }).then(
      (found) => {
        rules = found;
        const known = new Set(transfers.map(({ upload }) => upload?.id));
        const before = found.items.filter(({ id }) => !known.has(id));
        keep([
          ...told(found), // in the language of now
          ...before.map((upload): Transfer => ({ key: upload.id, name: upload.name, file: null, upload, problem: null })),
        ]);
        void watch();
      },
      (error) => setProblem(refusalOf(error)),
    );
    return () => {
      removeEventListener(CHANGED, changed);
      removeEventListener(LANDED, came);
      removeEventListener("beforeunload", leaving);
    };
  }, []);
  return { list: transfers, rules, problem };
}
