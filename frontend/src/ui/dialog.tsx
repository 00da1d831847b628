import type { ReactNode } from "react";
import { Dialog as AriaDialog, DialogTrigger, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import "./dialog.css";

export type Inside = ReactNode | ((close: () => void) => ReactNode);

/** Either what opens it, or whether it is open. */
export type Opened = { trigger: ReactNode; isOpen?: never } | { trigger?: never; isOpen: boolean };

type DialogProps = Opened & {
  onOpenChange?: ((open: boolean) => void) | undefined;
  /** Said by screen readers; drawn as a heading unless the dialog has one of its own. */
  title: string;
  titleUnseen?: boolean;
  role?: "dialog" | "alertdialog";
  className?: string;
  /** Whether Escape and a press beside it close it. */
  canLeave?: boolean;
  children: Inside;
};

/** A sheet over the page. It keeps the focus while it is open and gives it back to what opened it. */
export function Dialog({ trigger, isOpen, onOpenChange, canLeave = true, className = "sheet-dialog", ...inside }: DialogProps) {
  const opened = { ...(isOpen === undefined ? {} : { isOpen }), ...(onOpenChange ? { onOpenChange } : {}) };
  const sheet = (
    <ModalOverlay className="veil" isDismissable={canLeave} isKeyboardDismissDisabled={!canLeave} {...(trigger ? {} : opened)}>
      <Modal className={className}>
        <Contents {...inside} />
      </Modal>
    </ModalOverlay>
  );
  return trigger ? (
    <DialogTrigger {...opened}>
      {trigger}
      {sheet}
    </DialogTrigger>
  ) : (
    sheet
  );
}

type ContentsProps = Pick<DialogProps, "title" | "titleUnseen" | "role" | "children">;

function Contents({ title, titleUnseen = false, role = "dialog", children }: ContentsProps) {
  return (
    <AriaDialog role={role} {...(titleUnseen ? { "aria-label": title } : {})}>
      {({ close }) => (
        <>
          {titleUnseen ? null : <Heading slot="title">{title}</Heading>}
          {typeof children === "function" ? children(close) : children}
        </>
      )}
    </AriaDialog>
  );
}
