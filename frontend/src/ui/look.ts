/** `first`: the one thing to do on the page. `ends`: what ends something. `bare`: words that can be pressed. */
export type Kind = "plain" | "first" | "ends" | "bare";

/** The classes of a button, for a link that looks like one. */
export function look(kind: Kind = "plain", wide = false): string {
  return ["button", kind === "plain" ? "" : `button-${kind}`, wide ? "button-wide" : ""].filter(Boolean).join(" ");
}
