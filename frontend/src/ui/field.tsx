import type { ReactNode } from "react";
import { FieldError, Input, Label, NumberField, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";

type FieldProps = TextFieldProps & { label: string; help?: ReactNode; error?: string | undefined; placeholder?: string; rows?: number };

export function Field({ label, help, error, placeholder = "", rows, ...field }: FieldProps) {
  return (
    <TextField {...field} className="field" isInvalid={Boolean(error)}>
      <Label>{label}</Label>
      {rows ? <TextArea rows={rows} placeholder={placeholder} /> : <Input placeholder={placeholder} />}
      {error ? (
        <FieldError className="help">{error}</FieldError>
      ) : help ? (
        <Text slot="description" className="help">
          {help}
        </Text>
      ) : null}
    </TextField>
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
