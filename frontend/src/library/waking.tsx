import { useState } from "react";
import type { Model } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useLanguage, useWords } from "../words/words.ts";
import { costs, hourly, isUp } from "./endpoint.ts";
import { useSleeping, useWaking } from "./queries.ts";

/** The button that changes whether a model is awake. It asks first: waking costs money, and asleep nobody prints.
 * It stays the same button in every state, so that it keeps the focus. */
export function WakeOrSleep({ model }: { model: Model }) {
  const { endpoint: say } = useWords().library;
  const waking = useWaking(model.id);
  const sleeping = useSleeping(model.id);
  const { state } = model.deployment;
  // what was asked stands while the dialog closes, even if the model is already what it was asked to be
  const [asked, setAsked] = useState<"wake" | "sleep">("wake");
  const question = useQuestion(model, asked);
  const words = { awake: say.sleep, waking: say.letSleep, sleeping: say.sleeping, asleep: say.wake, failed: say.again };
  return (
    <Confirm
      {...question}
      trigger={
        <Button isPending={state === "sleeping"}>
          {words[state]}
          <span className="unseen">: {model.name}</span>
        </Button>
      }
      onOpenChange={(open) => open && setAsked(isUp(model.deployment) ? "sleep" : "wake")}
      onYes={() => (asked === "wake" ? waking : sleeping).mutateAsync()}
    >
      <p>{question.text}</p>
    </Confirm>
  );
}

/** What is asked names the price. */
function useQuestion({ deployment }: Model, asked: "wake" | "sleep") {
  const { endpoint: say } = useWords().library;
  const language = useLanguage();
  if (asked === "sleep") {
    return { title: say.sleepTitle, text: say.sleepSays, yes: say.sleepYes, no: say.sleepNo, doing: say.sleeping };
  }
  const price = costs(deployment) ? hourly(deployment, say, language) : undefined;
  return {
    title: say.wakeTitle,
    text: price ? say.wakeCosts(price) : say.wakeFree,
    yes: price ? say.wakeYesCosts(price) : say.wakeYes,
    no: say.wakeNo,
    doing: say.waking,
  };
}
