/** 部门: `#/departments` lists them, `#/departments/{name}` tells of one. */
import type { Route } from "../router";
import { DepartmentList } from "./departments/list";
import { OneDepartment } from "./departments/one";
import "../styles/departments.css";

export default function Departments({ route }: { route: Route }) {
  return route.path.length ? <OneDepartment route={route} /> : <DepartmentList route={route} />;
}
