/** The one policy that the content security policy allows: it lets a page start its own worker and that worker start its decoder, and nothing else. */

type Policy = { createScriptURL(url: string): string };
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

let policy: Policy | undefined;

export function trusted(url: string): string {
  if (typeof trustedTypes === "undefined") return url;
  policy ??= trustedTypes.createPolicy("portal", { createScriptURL: (same) => same });
  return policy.createScriptURL(url);
}
