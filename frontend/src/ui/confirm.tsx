import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog, type Opened } from "./dialog.tsx";
import { ErrorNotice } from "./notice.tsx";

type ConfirmProps = Opened & {
  onOpenChange?: (open: boolean) => void;
  title: string;
  children: ReactNode;
  yes: string;
  no: string;
  /** What the button says while what `onYes` answered is still to come. */
  doing?: string;
  /** Where it answers a promise the dialog stays until that is kept, and shows why it was not. */
  onYes(): unknown;
};

/** Asks before something ends. */
export function Confirm({ title, children, yes, no, doing, onYes, ...opened }: ConfirmProps) {
  return (
    <Dialog {...opened} title={title} role="alertdialog">
      {(close) => (
        <Question yes={yes} no={no} doing={doing ?? yes} onYes={onYes} close={close}>
          {children}
        </Question>
      )}
    </Dialog>
  );
}

type QuestionProps = Pick<ConfirmProps, "children" | "yes" | "no" | "onYes"> & { doing: string; close(): void };

function Question({ children, yes, no, doing, onYes, close }: QuestionProps) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async () => {
    setPending(true);
    setError(undefined);
    try {
      await onYes();
      close();
    } catch (reason) {
      setError(reason);
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <div className="dialog-text">{children}</div>
      {error === undefined ? null : <ErrorNotice error={error} again={act} />}
      <div className="actions">
        <Button onPress={close} autoFocus>
          {no}
        </Button>
        <Button kind="ends" onPress={act} isPending={pending} doing={doing}>
          {yes}
        </Button>
      </div>
    </>
  );
}
