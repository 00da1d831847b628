import { deleteModel } from "../api/models.ts";
import { useConfig } from "../api/queries.ts";
import type { Model } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { bytes } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { Consequences } from "../you/consequences.tsx";
import { useErasing } from "../you/erasing.ts";
import { useVersions, useWeights } from "./queries.ts";
import { stored } from "./storage.ts";

/** Says what goes and what stays before anything does. */
export function DeleteModel({ model }: { model: Model }) {
  const { remove: say } = useWords().library;
  const erase = useErasing(model.id, deleteModel);
  const { going, staying } = useConsequences(model);
  return (
    <section aria-labelledby="delete">
      <h2 id="delete">{say.heading}</h2>
      <p className="quiet">{say.lead}</p>
      <Confirm
        trigger={<Button kind="ends">{say.button}</Button>}
        title={say.title(model.name)}
        yes={say.yes(model.generations)}
        no={say.no}
        doing={say.busy}
        onYes={erase}
      >
        <Consequences goes={say.goes} going={going} stays={say.stays} staying={staying} />
      </Confirm>
    </section>
  );
}

function useConsequences(model: Model) {
  const { remove: say } = useWords().library;
  const language = useLanguage();
  const { data: versions } = useVersions(model.id);
  const { data: weights } = useWeights(model.id, versions?.[0]?.number ?? 1);
  const { data: config } = useConfig();
  const size = weights ? bytes(stored(weights), language) : undefined;
  return {
    going: [say.weights(size), say.prints(model.generations), say.samples, say.endpoint],
    staying: [say.sheet, ...(config ? [say.pictures(config.limits.pictureDays)] : []), say.copies],
  };
}
