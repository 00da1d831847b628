import { useNavigate } from "@tanstack/react-router";
import type { Config } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import { tally } from "./frames.ts";
import type { Sheet } from "./sheet.ts";

/** The way on, as soon as there is anything to describe; pictures go on being sent meanwhile. */
export function Onward({ sheet, limits }: { sheet: Sheet; limits: Config["limits"] }) {
  const { choose: say } = useWords();
  const navigate = useNavigate();
  const { kept, underway } = tally(sheet.frames);
  const { jobId } = sheet;
  return (
    <div className="choose-go">
      <Button
        kind="first"
        wide
        isDisabled={!jobId || kept === 0}
        onPress={() => jobId && navigate({ to: "/jobs/$id/describe", params: { id: jobId } })}
      >
        {say.go}
      </Button>
      <p className="help">{next()}</p>
    </div>
  );

  function next(): string {
    if (kept === 0) return say.goNext.none;
    if (!jobId) return say.goNext.noJob;
    if (underway > 0) return say.goNext.underway(underway);
    return kept < limits.minPictures ? say.goNext.few : say.goNext.here;
  }
}
