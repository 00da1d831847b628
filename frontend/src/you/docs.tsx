import { useWords } from "../words/words.ts";

const PROBLEMS = ["over-quota", "picture-refused", "asleep"];

/** Where to read on. */
export function Docs() {
  const { docs: say } = useWords().you;
  return (
    <section className="docs" aria-labelledby="docs">
      <h2 id="docs">{say.heading}</h2>
      <p>
        <a href="/openapi.json">{say.api}</a>
      </p>
      <p>
        <a href="/licences.txt">{say.licences}</a>
      </p>
      <p>
        {say.problems}{" "}
        {PROBLEMS.map((slug, index) => (
          <span key={slug}>
            {index > 0 ? ", " : ""}
            <a href={`/problems/${slug}`}>
              <code className="print">/problems/{slug}</code>
            </a>
          </span>
        ))}
      </p>
      <p>{say.inRepository}</p>
      <dl>
        {say.guides.map(([path, what]) => (
          <div key={path}>
            <dt className="print">{path}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
