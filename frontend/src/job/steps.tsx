import { Link } from "@tanstack/react-router";
import { useWords } from "../words/words.ts";
import { placed, STEPS, type Step, type Traveller } from "./journey.ts";
import "./job.css";

const NEW: Traveller = { state: "draft", model: false };

/** The way from pictures to prints, with where one is and where one may go. Without `id` it is that of a sheet that is not stored yet. */
export function Steps({ id, job = NEW, here }: { id?: string; job?: Traveller; here: Step | undefined }) {
  const { job: say } = useWords();
  return (
    <nav className="journey" aria-label={say.journey}>
      <ol>
        {STEPS.map((step, index) => (
          <li key={step} data-place={placed(step, job, here)}>
            <OneStep id={id} step={step} job={job} here={here} number={index + 1} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

type OneProps = { id: string | undefined; step: Step; job: Traveller; here: Step | undefined; number: number };

function OneStep({ id, step, job, here, number }: OneProps) {
  const { job: say } = useWords();
  const place = placed(step, job, here);
  const name = (
    <>
      <span className="journey-number" aria-hidden="true">
        {number}
      </span>
      {say.steps[step]}
    </>
  );
  if (place === "here") return <span aria-current="step">{name}</span>;
  if (place === "link" && id) return <StepLink id={id} step={step} name={name} />;
  return (
    <span>
      {name}
      <span className="unseen">, {say.place[place === "done" ? "done" : "to come"]}</span>
    </span>
  );
}

function StepLink({ id, step, name }: { id: string; step: Step; name: React.ReactNode }) {
  if (step === "print") {
    return (
      <Link to="/models/$id/generate" params={{ id }}>
        {name}
      </Link>
    );
  }
  return (
    <Link to={`/jobs/$id/${step}`} params={{ id }}>
      {name}
    </Link>
  );
}
