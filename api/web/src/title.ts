import { useEffect } from "preact/hooks";
import { t } from "./texts";

/** The title of the browser's tab while a view is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · fiscalgraph` : t("app.title");
  }, [title]);
}
