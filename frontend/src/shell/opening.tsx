import { redirect } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { preferred, load as words } from "../words/words.ts";
import { hold, whyLost } from "./renewal.ts";

type Modules<Name extends string> = () => Promise<Readonly<Record<Name, ComponentType>>>;
type Going = {
  readonly preload: boolean;
  readonly location: { readonly href: string };
  readonly context: { readonly where: () => string | undefined };
};

/** A page in a file of its own. One that does not come leaves whoever wanted it where they are, with all they typed, and says why. */
export function opens<Name extends string>(load: Modules<Name>, name: Name) {
  let Page: ComponentType | undefined;
  const component = () => (Page ? <Page /> : null);
  const arrive = async ({ preload, location, context }: Going) => {
    try {
      const [module] = await Promise.all([load(), words(preferred())]);
      Page = module[name];
    } catch (error) {
      if (preload) throw error;
      const why = await whyLost();
      const from = context.where();
      if (!from) throw why;
      hold(why, location.href);
      throw redirect({ href: from, replace: true });
    }
  };
  const beforeLoad = (going: Going) => (Page ? undefined : arrive(going));
  return { component, beforeLoad };
}
