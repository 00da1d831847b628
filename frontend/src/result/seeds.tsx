import { Label, Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { Tile } from "../follow/tiles.tsx";
import { useWords } from "../words/words.ts";

type SeedsProps = { picture: string; count: number; chosen: number; choose(seed: number): void };

/** Which of the seeds is compared. */
export function Seeds({ picture, count, chosen, choose }: SeedsProps) {
  const { result: say } = useWords();
  return (
    <RadioGroup className="seeds" value={String(chosen)} onChange={(seed) => choose(Number(seed))} orientation="horizontal">
      <Label className="unseen">{say.seeds}</Label>
      <div className="film film-seeds">
        {Array.from({ length: count }, (_, seed) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a seed is its place in the strip
          <Radio key={seed} value={String(seed)} className="seed" aria-label={say.seed(seed + 1)}>
            <Tile picture={picture} alt="" at={seed} of={count} />
            <span className="edge" aria-hidden="true">
              {seed + 1}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
