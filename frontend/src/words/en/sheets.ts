import type { State } from "../../generated/states.ts";
import type { Group } from "../../sheets/groups.ts";

const pictures = (count: number) => (count === 1 ? "1 picture is" : `${count} pictures are`);

const lines: Readonly<Record<Exclude<State, "failed">, (count: number) => string>> = {
  draft: () => "Waits for its pictures.",
  uploading: (count) => `${pictures(count)} laid out.`,
  uploaded: () => "Handed in. A place in the line is asked for.",
  queued: () => "In line. Waiting costs nothing.",
  provisioning: () => "A machine is warming up.",
  training: () => "Developing.",
  evaluating: () => "The likeness is being checked.",
  registering: () => "The model is being put away.",
  deploying: () => "The model is waking.",
  ready: () => "Ready to print.",
  cancelling: () => "Stopping.",
  cancelled: () => "Stopped. It can be developed again.",
  expired: () => "Left for too long; its pictures were deleted.",
  retired: () => "Developed. Its model is asleep and costs nothing.",
};

const groups: Readonly<Record<Group, string>> = {
  all: "All",
  open: "Laid out",
  underway: "Developing",
  trained: "Developed",
  ended: "Not developed",
};

export const sheets = {
  title: "Sheets",
  heading: "Your sheets",
  fresh: "Lay out a new sheet",
  fetching: "Your sheets are being fetched",
  lines,
  finishing: "Keeping what is learnt.",
  goOn: "Go on where you were.",
  more: "Older sheets",
  fetchingMore: "Fetching",
  filter: "Which sheets",
  groups,
  counted: (group: string, count: string) => `${group} ${count}`,
  none: "None of the sheets that were fetched so far.",
  closed: "No new sheets are taken just now",
  closedText: "The budget is spent, or the door is closed for a while. What is under way goes on, and what you lay out stays.",

  first: {
    title: "Teach a model one thing, from a handful of pictures",
    lead: "Lay out five to twenty pictures of a subject or a style. They are developed into a model of your own, which prints that subject wherever you put it in words.",
    edge: "UNEXPOSED ▸ nothing is stored until you choose pictures",
    start: "Lay out your first sheet",
    steps: [
      ["choose", "Five to twenty pictures of one thing."],
      ["describe", "What it is, and a word of its own."],
      ["develop", "A machine learns it; you watch, or leave."],
      ["compare", "The same words, before and after."],
      ["print", "Write what you want to see."],
    ] as readonly (readonly [string, string])[],
  },
};
