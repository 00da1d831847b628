import type { Config } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { useLanguage, useWords } from "../words/words.ts";
import type { Remarks } from "./coach.ts";
import type { Darkroom } from "./darkroom.ts";
import { useIsTouch } from "./devices.ts";
import { said } from "./remarks.ts";
import type { Sheet } from "./sheet.ts";

/** What was removed can be put back for some seconds, longer while somebody is at the button. */
export function Removed({ darkroom, removed }: { darkroom: Darkroom; removed: number }) {
  const { choose: say } = useWords();
  if (removed === 0) return null;
  const putBack = () => {
    darkroom.putBack();
    announce(say.added(removed));
  };
  return (
    <p className="removed" onPointerEnter={() => darkroom.hold(true)} onPointerLeave={() => darkroom.hold(false)}>
      {say.removed(removed)}{" "}
      <Button kind="bare" onPress={putBack} onFocus={() => darkroom.hold(true)} onBlur={() => darkroom.hold(false)}>
        {say.putBack}
      </Button>
    </p>
  );
}

/** A sentence for each thing that needs one, with the frames that it is about. */
export function Sentences({ sheet, remarks, limits }: { sheet: Sheet; remarks: Remarks; limits: Config["limits"] }) {
  const { choose: say } = useWords();
  const language = useLanguage();
  const sentences = said(sheet.frames, remarks, limits, say.remark, language);
  if (sentences.length === 0) return null;
  return (
    <section>
      <h2>{say.remarks}</h2>
      <ul className="remarks">
        {sentences.map(({ key, numbers, sentence }) => (
          <li key={key}>
            <span className="print">{numbers.join(" ")}</span> <span>{sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How to mark, for who has not marked yet. */
export function MarkHints() {
  const { choose: say } = useWords();
  const touch = useIsTouch();
  return (
    <section>
      <h2>{say.marks}</h2>
      {touch ? <p className="quiet">{say.marksTouch}</p> : <Keys keys={say.keys} />}
    </section>
  );
}

function Keys({ keys }: { keys: readonly (readonly [key: string, does: string])[] }) {
  return (
    <dl className="remarks quiet">
      {keys.map(([key, does]) => (
        <div key={key}>
          <dt className="print">{key}</dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
