import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";
import "./fold.css";

type FoldProps = { title: ReactNode; fact?: ReactNode; level?: number; onOpen?(): void; children: ReactNode };

/** A heading that shows what lies below it when it is pressed. */
export function Fold({ title, fact, level = 3, onOpen, children }: FoldProps) {
  return (
    <Disclosure className="fold" onExpandedChange={(open) => open && onOpen?.()}>
      <Heading level={level}>
        <Button slot="trigger" className="fold-title">
          <svg className="fold-mark" viewBox="0 0 12 12" aria-hidden="true">
            <path d="M4 2l4 4-4 4" />
          </svg>
          <span>{title}</span>
          {fact ? <span className="print">{fact}</span> : null}
        </Button>
      </Heading>
      <DisclosurePanel className="fold-inside">{children}</DisclosurePanel>
    </Disclosure>
  );
}
