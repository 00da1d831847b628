import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/queries.ts";
import { router } from "./router.tsx";
import { SignedIn } from "./shell/signed-in.tsx";
import { Speaking } from "./shell/speaking.tsx";
import "./styles/parts.css";
import "./shell/shell.css";

// the window of a sign-in ends here, where the proxy that asked for it has no page of its own
const afterSignIn = new URLSearchParams(location.search).has("gcp-iap-mode");

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Speaking>{afterSignIn ? <SignedIn /> : <RouterProvider router={router} />}</Speaking>
    </QueryClientProvider>
  </StrictMode>,
);

// pictures that a closed window still had to send, once this page stands
const AFTER_THE_FIRST_PAGE_MS = 2000;
if (!afterSignIn) setTimeout(() => import("./choose/returning.ts").then(({ goOn }) => goOn()), AFTER_THE_FIRST_PAGE_MS);
