/** What is asked of a model: filled in, taken over from a print or from an address, and told to the service. */

import type { Config, Model, NewGeneration } from "../api/types.ts";
import type { Print } from "./prints.ts";

export type Order = {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
  /** Otherwise the next order gets a seed of its own. */
  readonly keepSeed: boolean;
  readonly steps: number;
  readonly guidance: number;
  readonly count: number;
  readonly remixOf: string | null;
};

export const PROMPT_LENGTH = 1000;
export const RANGES = { seed: [0, 2 ** 31 - 4], steps: [1, 100], guidance: [1, 30], count: [1, 4] } as const;

/** Short enough to be read out, many enough to be new. */
export const aSeed = (random = Math.random()): number => Math.floor(random * 1_000_000);

export function firstOrder(model: Pick<Model, "prompt">, { prompts, limits }: Pick<Config, "prompts" | "limits">, seed = aSeed()): Order {
  const { steps, guidance } = prompts;
  return { prompt: model.prompt, negativePrompt: "", seed, keepSeed: false, steps, guidance, count: limits.maxPrints, remixOf: null };
}

/** The same settings and the very seed of one print, held. */
export function remixed({ made, picture }: Print, count: number): Order {
  const { prompt, negativePrompt, steps, guidance, id } = made;
  return { prompt, negativePrompt, steps, guidance, count, seed: picture.seed, keepSeed: true, remixOf: id };
}

export function asked(order: Order, base = false): NewGeneration {
  const { prompt, negativePrompt, seed, steps, guidance, count, remixOf } = order;
  return { prompt: prompt.trim(), negativePrompt: negativePrompt.trim(), seed, steps, guidance, count, remixOf, base };
}

export const isComplete = (order: Order): boolean => order.prompt.trim() !== "";

/** After an order went out: the words stay, the seed only if it is held. */
export const next = (order: Order, seed = aSeed()): Order => ({ ...order, seed: order.keepSeed ? order.seed : seed });

export type Search = Readonly<Record<string, unknown>>;

/** What an address asks for, over what stands in the form. A seed in an address is held: it was put there to be the same. */
export function fromSearch(search: Search, before: Order): Order | undefined {
  const prompt = words(search.prompt);
  const negativePrompt = words(search.negative);
  const numbers = Object.fromEntries(
    Object.entries(RANGES).flatMap(([name, [low, high]]) => {
      const value = within(search[name], low, high, name === "guidance");
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const held = "seed" in numbers ? { keepSeed: true } : {};
  const some = { ...(prompt ? { prompt } : {}), ...(negativePrompt ? { negativePrompt } : {}), ...numbers, ...held };
  return Object.keys(some).length > 0 ? { ...before, ...some } : undefined;
}

/** A router reads "42" as a number and "null" as nothing: whatever it made of the words, they are text. */
function words(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === "object") return;
  return String(value).slice(0, PROMPT_LENGTH);
}

function within(value: unknown, low: number, high: number, fractions: boolean): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "string" && value.trim() ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || number < low || number > high) return;
  return fractions ? number : Math.round(number);
}

type Named = Pick<Model, "subject" | "classWord">;

/** Whether the prompt has the subject's own word, as a word. */
export function isNamed(prompt: string, subject: string): boolean {
  const plain = subject.replace(/[^\p{L}\p{N}]/gu, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}-])${plain}(?![\\p{L}\\p{N}-])`, "iu").test(prompt);
}

export const wordsOf = ({ subject, classWord }: Named): string => `${subject} ${classWord}`;

/** With the subject in it: before its class where that stands there already, else at the end. */
export function withSubject(prompt: string, { subject, classWord }: Named): string {
  const kind = new RegExp(`(?<![\\p{L}\\p{N}-])(${classWord})(?![\\p{L}\\p{N}-])`, "iu");
  if (kind.test(prompt)) return prompt.replace(kind, `${subject} $1`);
  const before = prompt.trimEnd().replace(/,$/, "");
  return before ? `${before}, ${wordsOf({ subject, classWord })}` : wordsOf({ subject, classWord });
}

/** The hints of this stack for this model, without the one that stands in the form from the start. */
export function hintsFor(hints: readonly string[], { subject, classWord, prompt }: Named & Pick<Model, "prompt">): readonly string[] {
  const filled = hints.map((hint) => hint.replaceAll("{subject}", subject).replaceAll("{classWord}", classWord));
  return filled.filter((hint) => hint !== prompt);
}
