import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotHere } from "./pages/not-here.tsx";
import { SheetsPage } from "./pages/sheets.tsx";
import { Shell } from "./pages/shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotHere });
const sheets = createRoute({ getParentRoute: () => root, path: "/", component: SheetsPage });
const fresh = createRoute({
  getParentRoute: () => root,
  path: "/new",
  component: lazyRouteComponent(() => import("./pages/choose.tsx"), "NewSheetPage"),
});
const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  component: lazyRouteComponent(() => import("./pages/job.tsx"), "JobPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([sheets, fresh, job]),
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
