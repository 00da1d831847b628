import { Button, Dialog, DialogTrigger, Modal, ModalOverlay } from "react-aria-components";
import { sized } from "../api/api.ts";
import { isUnderway } from "../api/queries.ts";
import type { Generation, JobDetail } from "../api/types.ts";
import { since } from "../job/names.ts";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { Notice } from "../ui/notice.tsx";
import type { Order } from "./prints-order.tsx";

type WallProps = {
  job: JobDetail;
  made: readonly Generation[];
  coming: Order | undefined;
  reuse: ((order: Order) => void) | undefined;
};

/** All prints of a model, the latest first; those that are in the tray before them. */
export function PrintWall({ job, made, coming, reuse }: WallProps) {
  if (made.length === 0 && !coming) {
    return reuse ? <p className="quiet">No prints yet. The first four take a few seconds.</p> : null;
  }
  return (
    <section aria-labelledby="prints" aria-busy={Boolean(coming)}>
      <h2 id="prints">Prints</h2>
      {coming ? <Tray order={coming} /> : null}
      {made.map((generation) => (
        <article key={generation.id} className="batch">
          <header>
            <p>{generation.prompt}</p>
            <p className="print">{since(generation.created)}</p>
          </header>
          <ul className="prints">
            {generation.pictures.map(({ number, seed, url, blocked }) => (
              <li key={number}>
                {url ? (
                  <Print job={job} generation={generation} picture={url} seed={seed} reuse={reuse} />
                ) : (
                  <Missing seed={seed} why={blocked ? "held back" : isUnderway(generation) ? "developing" : "not drawn"} />
                )}
              </li>
            ))}
          </ul>
          {generation.pictures.some((picture) => picture.blocked) ? (
            <p className="quiet">A print was held back, as it looks as if it showed nudity or sex. Other words or another seed may help.</p>
          ) : null}
          {generation.failure ? <Notice>{generation.failure.text}</Notice> : null}
        </article>
      ))}
    </section>
  );
}

function Missing({ seed, why }: { seed: number; why: string }) {
  return (
    <div className="not-printed" role="status">
      <Plate className="plate-square" />
      <span className="print">
        {seed} · {why}
      </span>
    </div>
  );
}

function Tray({ order }: { order: Order }) {
  return (
    <article className="batch" role="status" aria-label={`${order.count} prints are in the tray`}>
      <header>
        <p>{order.prompt}</p>
        <p className="print">in the tray</p>
      </header>
      <Film className="film-row">
        <div className="strip strip-four">
          {Array.from({ length: order.count }, (_, index) => order.seed + index).map((seed) => (
            <div className="frame" key={seed}>
              <Plate className="plate-square" />
              <Edge left={seed} right="developing" />
            </div>
          ))}
        </div>
      </Film>
    </article>
  );
}

type PrintProps = { job: JobDetail; generation: Generation; picture: string; seed: number; reuse: WallProps["reuse"] };

function Print({ job, generation, picture, seed, reuse }: PrintProps) {
  const { prompt, negativePrompt, steps, guidance } = generation;
  return (
    <DialogTrigger>
      <Button className="one-print" aria-label={`Print of seed ${seed}, look closer`}>
        <img src={sized(picture, 300)} alt={prompt} loading="lazy" />
        <span className="print">{seed}</span>
      </Button>
      <ModalOverlay className="veil" isDismissable>
        <Modal className="loupe">
          <Dialog aria-label={`Print of seed ${seed}`}>
            {({ close }) => (
              <>
                <img src={picture} alt={prompt} />
                <div className="loupe-text">
                  <p>{prompt}</p>
                  <p className="print">
                    seed {seed} · {steps} steps · guidance {guidance}
                    {negativePrompt ? ` · without ${negativePrompt}` : ""}
                  </p>
                  <div className="actions">
                    {reuse ? (
                      <Button
                        className="button"
                        onPress={() => {
                          reuse({ prompt, negativePrompt, seed, steps, guidance, count: 1 });
                          close();
                        }}
                      >
                        Print from here
                      </Button>
                    ) : null}
                    <a className="button" href={picture} download={`${job.subject}-${seed}.png`}>
                      Download
                    </a>
                    <Button className="button" onPress={close}>
                      Close
                    </Button>
                  </div>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
