import { Button } from "../ui/button.tsx";
import { ErrorNotice, Notice } from "../ui/notice.tsx";
import { useOnline } from "../ui/online.ts";
import { useWords } from "../words/words.ts";
import { described, type Words } from "./described.ts";
import type { Draft, Said } from "./draft.ts";
import type { Clash } from "./merging.ts";

type SavedProps = { draft: Draft; said: Said };

/** Whether the service has the words; if not, why, and what to do. */
export function Saved({ draft, said }: SavedProps) {
  const { saving: text } = useWords().describe;
  // what is no word yet, and what two windows say differently, has not been sent
  const whole = described(said.words) && Object.keys(said.clash).length === 0;
  const saving = said.saving === "saved" && !whole ? "waiting" : said.saving;
  return (
    <>
      <p className="print saved" data-saving={saving}>
        {text[saving]}
      </p>
      <SavingTrouble draft={draft} said={said} />
    </>
  );
}

export function SavingTrouble({ draft, said: { saving, error, clash } }: SavedProps) {
  // while the browser has no network the shell says so, and it goes on by itself
  const online = useOnline();
  return (
    <>
      {saving === "failed" && online ? <ErrorNotice error={error} again={() => draft.again()} /> : null}
      {Object.keys(clash).length > 0 ? (
        <div id="clash" tabIndex={-1}>
          <Clashing draft={draft} clash={clash} />
        </div>
      ) : null}
    </>
  );
}

function Clashing({ draft, clash }: { draft: Draft; clash: Clash }) {
  const { clash: text, methods, presets } = useWords().describe;
  const said = (value: string | boolean): string => {
    if (typeof value === "boolean") return value ? text.yes : text.no;
    if (value === "dreambooth" || value === "lora") return methods[value].label;
    return value === "quick" || value === "standard" || value === "thorough" ? presets[value].label : value;
  };
  const theirs = Object.entries(clash).map(([field, value]) => text.theirs(text[field as keyof Words], said(value)));
  return (
    <Notice
      title={text.title}
      action={
        <div className="actions">
          <Button onPress={() => draft.settle("mine")}>{text.mine}</Button>
          <Button onPress={() => draft.settle("theirs")}>{text.take}</Button>
        </div>
      }
    >
      {text.there} {theirs.join(", ")}.
    </Notice>
  );
}
