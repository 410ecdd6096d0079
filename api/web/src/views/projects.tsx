/** Projects (项目): the list, and the chain of one from budget to measures. */
import type { Route } from "../router";
import { ProjectList } from "./projects/list";
import { OneProject } from "./projects/one";
import "../styles/projects.css";

export default function Projects({ route }: { route: Route }) {
  return route.path.length ? <OneProject route={route} /> : <ProjectList route={route} />;
}
