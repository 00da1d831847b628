import type { ReactNode } from "react";
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";

type ConfirmProps = { trigger: ReactNode; title: string; children: ReactNode; yes: string; no: string; onYes(): void };

/** Asks before something ends. */
export function Confirm({ trigger, title, children, yes, no, onYes }: ConfirmProps) {
  return (
    <DialogTrigger>
      {trigger}
      <ModalOverlay className="veil" isDismissable>
        <Modal className="sheet-dialog">
          <Dialog role="alertdialog">
            {({ close }) => (
              <>
                <Heading slot="title">{title}</Heading>
                <p>{children}</p>
                <div className="actions">
                  <Button className="button" onPress={close} autoFocus>
                    {no}
                  </Button>
                  <Button
                    className="button button-ends"
                    onPress={() => {
                      onYes();
                      close();
                    }}
                  >
                    {yes}
                  </Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
