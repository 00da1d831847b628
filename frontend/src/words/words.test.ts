import { expect, it } from "vitest";
import { de } from "./de/index.ts";
import { first } from "./en/first.ts";
import { en } from "./en/index.ts";
import { rest } from "./en/rest.ts";
import { isLanguage, preferred, type Words } from "./words.ts";

/** Stands for whatever a text may be given: a number, a name, a list. */
const anything: unknown = new Proxy(() => undefined, {
  get: (_target, key) => {
    if (key === Symbol.toPrimitive) return () => "7";
    return key === Symbol.iterator ? undefined : anything;
  },
  apply: () => anything,
});

/** Every text, and every function that makes one, under its path. */
function leaves(words: object, path = ""): [path: string, leaf: unknown][] {
  return Object.entries(words).flatMap(([key, value]) => {
    const here = path ? `${path}.${key}` : key;
    return typeof value === "object" && value !== null ? leaves(value, here) : [[here, value] as [string, unknown]];
  });
}

/** The texts themselves; functions as they answer for one, for several and for anything. */
function texts(words: Words): [path: string, text: string][] {
  return leaves(words).flatMap(([path, leaf]) =>
    typeof leaf === "function"
      ? answers(leaf as Teller).map((text, index): [string, string] => [`${path}(${index})`, text])
      : [[path, String(leaf)] as [string, string]],
  );
}

type Teller = (...given: unknown[]) => unknown;

function answers(text: Teller): string[] {
  return [1, 7, "x", anything].flatMap((each) => {
    try {
      const answer = text(each, each, each, each, each);
      return typeof answer === "string" ? [answer] : [];
    } catch {
      // it takes something of another kind
      return [];
    }
  });
}

/** Words that are the same in both languages, names, and addresses. */
const SAME = /sd for designers|\b(Prompt|Seed|DreamBooth|LoRA|Version|System|Endpoint|In Vertex AI|Job|Name)\b|https:\S+|\bdocs\/\S+/g;
/** Examples of what is written for the model, which was taught in English. */
const FOR_THE_MODEL = new Set(["describe.classWord.placeholder", "describe.captions.example", "generate.order.withoutExample"]);
/** Where there is nothing to say, or the service speaks only the other language. */
const EMPTY = /^problems\.exactly|^job\.place\.|^follow\.announced\.(draft|uploading)/;

const english = new Map(texts(en));
const german = new Map(texts(de));

it("both languages say the same things", () => {
  const kinds = (words: Words) => leaves(words).map(([path, leaf]) => `${path}: ${typeof leaf}`);

  expect(kinds(de).sort()).toEqual(kinds(en).sort());
});

it("no text is empty", () => {
  const empty = [...english, ...german].filter(([path, text]) => !text.trim() && !EMPTY.test(path)).map(([path]) => path);

  expect(empty).toEqual([]);
});

it("nothing was left in English", () => {
  const left = [...german].filter(
    ([path, text]) => english.get(path) === text && !FOR_THE_MODEL.has(path) && /[a-z]{3,}/i.test(text.replace(SAME, "")),
  );

  expect(left).toEqual([]);
});

it("nothing is shouted, and nobody says oops", () => {
  const loud = [...english, ...german].filter(([, text]) => /!|oops|uups|hoppla/i.test(text));

  expect(loud).toEqual([]);
});

it("quotes are those of the language, and never a typewriter's", () => {
  const typed = [...english, ...german].filter(([, text]) => text.includes('"'));
  const foreign = [...german].filter(([, text]) => /“[^“”„]*”/.test(text));

  expect([...typed, ...foreign]).toEqual([]);
});

it("the first page's words and the rest are all words, each once", () => {
  expect(Object.keys(first).filter((part) => part in rest)).toEqual([]);
  expect(Object.keys({ ...first, ...rest }).sort()).toEqual(Object.keys(de).sort());
});

it("the language is the one that was chosen, else the first that the browser asks for and that we speak", () => {
  expect(preferred("de", ["en-GB"])).toBe("de");
  expect(preferred(null, ["fr-FR", "de-AT", "en"])).toBe("de");
  expect(preferred("tlh", ["EN-us"])).toBe("en");
  expect(preferred(null, ["fr", "constructor"])).toBe("en");
  expect(isLanguage("toString")).toBe(false);
});
