import type { ReactNode } from "react";
import { type ButtonProps, Button as Pressable } from "react-aria-components/Button";
import { type Kind, look } from "./look.ts";

export { look } from "./look.ts";

type Props = Omit<ButtonProps, "className" | "style" | "children"> & {
  kind?: Kind;
  wide?: boolean;
  /** What it says while it is pending, such as "Saving". */
  doing?: string | undefined;
  children: ReactNode;
};

/** Pending, it stays where it is, keeps the focus, says what it does and cannot be pressed again. */
export function Button({ kind = "plain", wide = false, doing, children, ...button }: Props) {
  return (
    <Pressable {...button} className={look(kind, wide)}>
      {button.isPending && doing ? doing : children}
    </Pressable>
  );
}
