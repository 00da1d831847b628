import type { ReactNode } from "react";
import { Checkbox, type CheckboxProps } from "react-aria-components/Checkbox";
import "./fields.css";

type Props = Omit<CheckboxProps, "className" | "style" | "children"> & { children: ReactNode };

/** A box to tick, with its sentence. */
export function Tick({ children, ...box }: Props) {
  return (
    <Checkbox {...box} className="tick">
      <svg className="tick-box" viewBox="0 0 20 20" aria-hidden="true">
        <rect x="1" y="1" width="18" height="18" rx="2" />
        <path d="M5 10.5l3.5 3.5L15 6.5" />
      </svg>
      <span>{children}</span>
    </Checkbox>
  );
}
