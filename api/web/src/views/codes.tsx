/** Codes of the classification (科目): the lists as trees, and one code with who spends on it. */
import type { Route } from "../router";
import { CodeTree } from "./codes/tree";
import { OneCode } from "./codes/one";
import "../styles/codes.css";

export default function Codes({ route }: { route: Route }) {
  return route.path.length ? <OneCode route={route} /> : <CodeTree route={route} />;
}
