import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { type Box, lowest, type Point, path, place, smooth, some, topOf } from "./loss.ts";

const WIDTH = 660;
const HEIGHT = 200;
const LINES = [0, 0.5, 1];

/** How far off the model's guesses are, over all the steps of this attempt. */
export function Curve({ points, total }: { points: readonly Point[]; total: number }) {
  const { follow: say } = useWords();
  const box = { width: WIDTH, height: HEIGHT, total, top: topOf(points) };
  return (
    <section aria-labelledby="loss">
      <h2 id="loss">{say.loss.title}</h2>
      <Drawing points={points} box={box} />
      <p className="help">
        {say.loss.meaning} {say.loss.mean}
      </p>
      <Numbers points={points} />
    </section>
  );
}

function Drawing({ points, box }: { points: readonly Point[]; box: Box }) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const mean = smooth(points);
  const last = points.at(-1);
  const [x, y] = place(mean.at(-1) ?? { step: 0, loss: 0 }, box);
  return (
    <svg className="loss" viewBox={`-46 -14 ${WIDTH + 54} ${HEIGHT + 48}`} role="img" aria-label={useInWords(points)}>
      {LINES.map((share) => (
        <g key={share}>
          <path className="loss-line" d={`M0 ${HEIGHT * share}H${WIDTH}`} />
          <text x="-8" y={HEIGHT * share + 4} textAnchor="end">
            {number(box.top * (1 - share), language, 2)}
          </text>
        </g>
      ))}
      <path className="loss-each" d={path(points, box)} />
      <path className="loss-curve" d={path(mean, box)} />
      <circle className="loss-end" cx={x} cy={y} r="5" />
      <text className="loss-now" x={Math.min(x + 10, WIDTH)} y={Math.max(y - 12, 0)} textAnchor={x > WIDTH - 60 ? "end" : "start"}>
        {number(last?.loss ?? 0, language, 3)}
      </text>
      <text x="0" y={HEIGHT + 22}>
        0
      </text>
      <text x={WIDTH / 2} y={HEIGHT + 22} textAnchor="middle">
        {say.loss.x}
      </text>
      <text x={WIDTH} y={HEIGHT + 22} textAnchor="end">
        {number(box.total || (last?.step ?? 0), language)}
      </text>
    </svg>
  );
}

function useInWords(points: readonly Point[]): string {
  const { follow: say } = useWords();
  const language = useLanguage();
  const [first] = points;
  const [last, low] = [points.at(-1), lowest(points)];
  if (!first || !last || !low) return "";
  const three = (loss: number) => number(loss, language, 3);
  const from = say.loss.alt(three(first.loss), number(first.step, language), three(last.loss), number(last.step, language));
  return from + say.loss.lowest(three(low.loss), number(low.step, language));
}

/** The same for who would rather read. */
function Numbers({ points }: { points: readonly Point[] }) {
  const { follow: say } = useWords();
  const language = useLanguage();
  return (
    <details className="loss-numbers">
      <summary>{say.loss.numbers}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{say.loss.step}</th>
            <th scope="col">{say.loss.y}</th>
          </tr>
        </thead>
        <tbody>
          {some(points, 10).map(({ step, loss }) => (
            <tr key={step}>
              <td>{number(step, language)}</td>
              <td>{number(loss, language, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
