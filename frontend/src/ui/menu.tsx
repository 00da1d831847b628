import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import "./menu.css";

type Entry = {
  readonly id: string;
  readonly label: string;
  readonly onAction: () => void;
  readonly ends?: boolean;
  readonly isDisabled?: boolean;
};

/** A few things to do, behind one button. */
export function Menu({ trigger, label, entries }: { trigger: ReactNode; label: string; entries: readonly Entry[] }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="menu-sheet" placement="bottom end">
        <AriaMenu aria-label={label} className="menu">
          {entries.map(({ id, label: words, onAction, ends = false, isDisabled = false }) => (
            <MenuItem key={id} id={id} onAction={onAction} isDisabled={isDisabled} className={ends ? "menu-item menu-ends" : "menu-item"}>
              {words}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
