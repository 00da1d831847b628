import type { Generation } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useWords } from "../words/words.ts";
import { useForgetting } from "./queries.ts";

type ForgetProps = { made: Generation; children: string; isBare?: boolean; onGone?: () => void };

/** Deletes a batch, asked first: the service forgets all of its prints together. */
export function Forget({ made, children, isBare = false, onGone }: ForgetProps) {
  const { batches: say } = useWords().generate;
  const { mutateAsync } = useForgetting();
  const forget = async () => {
    await mutateAsync(made.id);
    announce(say.removed);
    onGone?.();
  };
  return (
    <Confirm
      trigger={<Button kind={isBare ? "bare" : "ends"}>{children}</Button>}
      title={say.removeTitle(made.count)}
      yes={say.removeYes(made.count)}
      no={say.removeNo}
      doing={say.removing}
      onYes={forget}
    >
      <p>{made.count === 1 ? say.removeSaysOne : say.removeSays}</p>
    </Confirm>
  );
}
