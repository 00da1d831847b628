import type { Verdict } from "../../library/likeness.ts";

const verdicts: Readonly<Record<Verdict, string>> = {
  much: "It has learnt your subject.",
  closer: "It has learnt your subject in part.",
  barely: "It has hardly learnt your subject.",
  no: "It has not learnt your subject.",
};

export const result = {
  titles: {
    awake: "Ready to print",
    waking: "The model is waking up",
    sleeping: "The model is falling asleep",
    asleep: "Developed; the model is asleep",
    failed: "The model could not be woken",
    gone: "Its model was deleted",
  },
  leads: {
    awake: "The model knows your subject by its word. Write what you want to see; it goes to sleep by itself when nobody prints.",
    waking: "It takes a few minutes. You can close this window; it goes on.",
    sleeping: "Its machine is given back. The model and its prints stay.",
    asleep: "Nobody printed for a while, so its machine was given back. Wake it to print; that takes a few minutes.",
    failed: "No machine came up for it in time. Wake it again in a while; nothing is lost.",
    gone: "The sheet and its pictures are still here. To print again, lay out a new sheet.",
  },
  print: "Print with it",
  wake: "Wake it",
  weights: "Download the weights",
  again: "Develop again with more pictures",
  fresh: "Lay out a new sheet",

  compare: "Before and after",
  compareLead: (prompt: string) => `The same words, “${prompt}”, and the same seed. What differs was learnt.`,
  view: "How to compare",
  views: { beside: "Side by side", divider: "With a divider" },
  before: "Untuned",
  after: (subject: string) => `Knows “${subject}”`,
  altBefore: (prompt: string) => `What the untuned model draws for “${prompt}”`,
  altAfter: (prompt: string) => `What the developed model draws for “${prompt}”`,
  divider: "Divider: share of the untuned model",
  dividerValue: (percent: string) => `${percent} untuned`,
  dividerHelp: "Arrow keys move it, Home and End go to the ends.",
  seeds: "Which of the prints",
  seed: (number: number) => `Print ${number}`,
  pictureGone: "The pictures of before and after are not there any more.",

  likeness: "Likeness",
  verdicts,
  figure: (after: string) => `Likeness ${after} of 1`,
  means:
    "How like your pictures its prints are: 0 is nothing alike, 1 the very same. Even your own pictures seldom reach 1 among themselves.",
  untuned: (before: string) => `The untuned model reached ${before} with the same words and seeds.`,
  unmeasured:
    "Nobody measured how like your pictures its prints are: this stack's base model brings nothing to measure with. Compare by eye.",
  tryTitle: "What to try",
  tries: [
    "Pictures with the subject larger, from more sides, on other backgrounds.",
    "More care: take thorough instead of quick or standard.",
    "Another word of its own, one that means nothing yet.",
  ] as readonly string[],

  steps: "Steps",
  stepsDone: (step: string) => `all ${step}`,
  stepsOf: (step: string, total: string) => `${step} of ${total}`,
  kept: "Step that was kept",
  keptLast: "the last",
  keptStopped: "where you stopped it",
  pictures: "Pictures",
  took: "Took",

  lineage: "Versions, weights and where it comes from",
  how: "How it got here",
  follow: "The whole course",

  clock: "What is kept, and until when",
  clockPictures: (day: string) => `Your pictures are deleted on ${day}.`,
  clockDeleted: (day: string) => `Your pictures were deleted on ${day}.`,
  clockModel: "The model, its samples and your prints stay until you delete them.",
};
