import type { KeyboardEvent } from "react";
import { Input, TextField } from "react-aria-components/TextField";
import { told } from "../api/problems.ts";
import { Button } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import { type Caption, MOST_LETTERS } from "./captions.ts";

type FieldProps = {
  label: string;
  caption: Caption | undefined;
  placeholder: string;
  write(text: string): void;
  again(): void;
  onKeyDown(event: KeyboardEvent): void;
};

/** One caption, and whether the service has it. */
export function CaptionField({ label, caption, placeholder, write, again, onKeyDown }: FieldProps) {
  const saving = caption?.saving ?? "saved";
  const failed = saving === "failed";
  return (
    <div className="caption-field">
      <TextField
        aria-label={label}
        value={caption?.text ?? ""}
        onChange={write}
        onKeyDown={onKeyDown}
        maxLength={MOST_LETTERS}
        isInvalid={failed}
        autoComplete="off"
      >
        <Input placeholder={placeholder} />
      </TextField>
      <span className="print caption-state" data-saving={saving}>
        <State caption={caption} />
      </span>
      {failed ? <Failed error={caption?.error} again={again} /> : null}
    </div>
  );
}

function State({ caption }: { caption: Caption | undefined }) {
  const { captions: text } = useWords().describe;
  return caption && (caption.text || caption.saving !== "saved") ? text[caption.saving] : null;
}

function Failed({ error, again }: { error: unknown; again(): void }) {
  const { describe, problems } = useWords();
  const { sentence } = told(error, problems);
  return (
    <p className="help caption-trouble" role="alert">
      <span className="warns">{sentence}.</span>
      <Button kind="bare" onPress={again}>
        {describe.captions.again}
      </Button>
    </p>
  );
}
