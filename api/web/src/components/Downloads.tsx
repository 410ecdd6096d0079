/** A list as files: the server writes all its rows, with the filters of the view. */
import { useState } from "preact/hooks";
import { address, download, Refusal } from "../api";
import type { Params } from "../router";
import { t } from "../texts";
import { Problem } from "./State";

interface DownloadsProps {
  /** The address of the list, e.g. `/projects`. */
  path: string;
  params?: Params;
  /** The file's name without its ending. */
  name: string;
  formats?: readonly ("csv" | "xlsx")[];
}

export function Downloads({ path, params = {}, name, formats = ["xlsx", "csv"] }: DownloadsProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const get = async (format: string) => {
    setBusy(format);
    setProblem(null);
    try {
      await download(address(path, { ...params, format }), `${name}.${format}`);
    } catch (error) {
      setProblem(error instanceof Refusal ? error : new Refusal(0, "page", String(error), "", ""));
    } finally {
      setBusy(null);
    }
  };
  return (
    <span class="downloads">
      {formats.map((format) => (
        <button key={format} type="button" class="quiet" disabled={busy !== null} onClick={() => void get(format)}>
          {busy === format ? t("list.downloading") : t(`list.${format}`)}
        </button>
      ))}
      {problem && <Problem problem={problem} />}
    </span>
  );
}
