import { Link } from "@tanstack/react-router";
import type { JobDetail, Model } from "../api/types.ts";
import { costs, hourly } from "../library/endpoint.ts";
import { useWaking } from "../library/queries.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { look } from "../ui/look.ts";
import { useLanguage, useWords } from "../words/words.ts";
import type { Standing } from "./page.tsx";

type ActionsProps = { job: JobDetail; model: Model | undefined; stands: Standing };

/** Print, or first wake what sleeps; take the weights; do it again. */
export function Actions({ job, model, stands }: ActionsProps) {
  const { result: say } = useWords();
  const canWake = stands === "asleep" || stands === "failed";
  if (stands === "gone") {
    return (
      <div className="actions">
        <Link to="/new" className={look("first")}>
          {say.fresh}
        </Link>
      </div>
    );
  }
  return (
    <div className="actions">
      {canWake && model ? <Wake model={model} /> : null}
      <Link to="/models/$id/generate" params={{ id: job.id }} className={look(canWake ? "plain" : "first")}>
        {say.print}
      </Link>
      <Link to="/models/$id" params={{ id: job.id }} className={look()}>
        {say.weights}
      </Link>
    </div>
  );
}

/** Asks first, and names the price. */
function Wake({ model }: { model: Model }) {
  const { result: say, library } = useWords();
  const language = useLanguage();
  const { mutateAsync } = useWaking(model.id);
  const price = hourly(model.deployment, library.endpoint, language);
  const paid = costs(model.deployment);
  return (
    <Confirm
      trigger={<Button kind="first">{say.wake}</Button>}
      title={library.endpoint.wakeTitle}
      yes={paid ? library.endpoint.wakeYesCosts(price) : library.endpoint.wakeYes}
      no={library.endpoint.wakeNo}
      onYes={() => mutateAsync()}
    >
      <p>{paid ? library.endpoint.wakeCosts(price) : library.endpoint.wakeFree}</p>
    </Confirm>
  );
}
