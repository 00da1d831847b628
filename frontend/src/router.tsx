import { createRootRouteWithContext, createRoute, createRouter } from "@tanstack/react-router";
import { SheetsPage } from "./sheets/page.tsx";
import { Broken } from "./shell/broken.tsx";
import { NotHere } from "./shell/not-here.tsx";
import { opens } from "./shell/opening.tsx";
import { Shell } from "./shell/shell.tsx";

/** `where`: the page that is shown now. */
type Context = { where(): string | undefined };

const root = createRootRouteWithContext<Context>()({ component: Shell, notFoundComponent: NotHere, errorComponent: Broken });
const sheets = createRoute({ getParentRoute: () => root, path: "/", component: SheetsPage });
const fresh = createRoute({
  getParentRoute: () => root,
  path: "/new",
  ...opens(() => import("./choose/page.tsx"), "NewSheetPage"),
});
const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  ...opens(() => import("./job/frame.tsx"), "JobFrame"),
});
/** Where a job's state leads. */
const here = createRoute({
  getParentRoute: () => job,
  path: "/",
  ...opens(() => import("./job/frame.tsx"), "Here"),
});
const choose = createRoute({
  getParentRoute: () => job,
  path: "choose",
  ...opens(() => import("./choose/page.tsx"), "ChoosePage"),
});
const describe = createRoute({
  getParentRoute: () => job,
  path: "describe",
  ...opens(() => import("./describe/page.tsx"), "DescribePage"),
});
const check = createRoute({
  getParentRoute: () => job,
  path: "check",
  ...opens(() => import("./check/page.tsx"), "CheckPage"),
});
const follow = createRoute({
  getParentRoute: () => job,
  path: "follow",
  ...opens(() => import("./follow/page.tsx"), "FollowPage"),
});
const result = createRoute({
  getParentRoute: () => job,
  path: "result",
  ...opens(() => import("./result/page.tsx"), "ResultPage"),
});
const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  ...opens(() => import("./library/page.tsx"), "ModelsPage"),
});
const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$id",
  ...opens(() => import("./library/page.tsx"), "ModelPage"),
});
const generate = createRoute({
  getParentRoute: () => root,
  path: "/models/$id/generate",
  ...opens(() => import("./generate/page.tsx"), "GeneratePage"),
});
const gallery = createRoute({
  getParentRoute: () => root,
  path: "/prints",
  ...opens(() => import("./generate/gallery.tsx"), "GalleryPage"),
});
const you = createRoute({
  getParentRoute: () => root,
  path: "/you",
  ...opens(() => import("./you/page.tsx"), "YouPage"),
});
const receipt = createRoute({
  getParentRoute: () => root,
  path: "/receipts/$id",
  ...opens(() => import("./you/receipt.tsx"), "ReceiptPage"),
});

export const router = createRouter({
  context: { where: () => shown() },
  routeTree: root.addChildren([
    sheets,
    fresh,
    job.addChildren([here, choose, describe, check, follow, result]),
    models,
    model,
    generate,
    gallery,
    you,
    receipt,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

function shown(): string | undefined {
  return router.state.resolvedLocation?.href;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
