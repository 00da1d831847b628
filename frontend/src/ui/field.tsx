import type { ReactNode } from "react";
import { FieldError, Input, Label, NumberField } from "react-aria-components/NumberField";
import { Text, TextArea, TextField, type TextFieldProps } from "react-aria-components/TextField";
import "./fields.css";

type FieldProps = Omit<TextFieldProps, "className" | "style" | "children"> & {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  placeholder?: string;
  rows?: number;
  /** A name or a prompt is not a sentence: phones write it as it is typed. */
  autoCapitalize?: "none" | "sentences";
};

/** A line or some lines to write in. What is wrong with them stands below, where the help was. */
export function Field({ label, help, error, placeholder = "", rows, autoCapitalize, ...field }: FieldProps) {
  const inner = { placeholder, ...(autoCapitalize ? { autoCapitalize } : {}) };
  return (
    <TextField {...field} className="field" isInvalid={Boolean(error)}>
      <Label>{label}</Label>
      {rows ? <TextArea rows={rows} {...inner} /> : <Input {...inner} />}
      {error ? <FieldError className="help">{error}</FieldError> : help ? <Help>{help}</Help> : null}
    </TextField>
  );
}

function Help({ children }: { children: ReactNode }) {
  return (
    <Text slot="description" className="help">
      {children}
    </Text>
  );
}

type NumberProps = {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  onChange(value: number): void;
  extra?: ReactNode;
};

/** A number on one line with its name. */
export function NumberLine({ label, value, min, max, step = 1, onChange, extra }: NumberProps) {
  const format = step < 1 ? { minimumFractionDigits: 1, useGrouping: false } : { useGrouping: false };
  return (
    <NumberField className="line-field" value={value} minValue={min} maxValue={max} step={step} onChange={onChange} formatOptions={format}>
      <Label>{label}</Label>
      <div className="line-value">
        <Input />
        {extra}
      </div>
    </NumberField>
  );
}
