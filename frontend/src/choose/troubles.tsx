import { Button } from "../ui/button.tsx";
import { ErrorNotice, Notice } from "../ui/notice.tsx";
import { useOnline } from "../ui/online.ts";
import { useWords } from "../words/words.ts";
import type { Darkroom } from "./darkroom.ts";
import { tally } from "./frames.ts";
import type { Sheet } from "./sheet.ts";

/** A picture waits quietly as often as that. */
const PATIENT = 3;

/** What stands in the way of the pictures, each with what helps. */
export function Troubles({ darkroom, sheet }: { darkroom: Darkroom; sheet: Sheet }) {
  const { choose: say } = useWords();
  const online = useOnline();
  const again = () => darkroom.again();
  const stopped = sheet.frames.filter((frame) => frame.phase === "stopped" && !frame.crossed);
  const { underway } = tally(sheet.frames);
  const unreachable = sheet.frames.some((frame) => frame.phase === "waiting" && frame.tries >= PATIENT);
  return (
    <>
      {stopped.length > 0 ? (
        <>
          <ErrorNotice error={sheet.error ?? stopped[0]?.error} />
          <p className="removed">
            {say.stopped(stopped.length)}{" "}
            <Button kind="bare" onPress={again}>
              {say.tryNow}
            </Button>
          </p>
        </>
      ) : null}
      {unreachable && online ? (
        <Notice tone="quiet" action={<Button onPress={again}>{say.tryNow}</Button>}>
          {say.unreachable[sheet.keeping]}
        </Notice>
      ) : null}
      {sheet.keeping === "window" && underway > 0 ? <Notice tone="quiet">{say.window}</Notice> : null}
    </>
  );
}
