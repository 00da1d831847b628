const pictures = (count: number): string => `${count} ${count === 1 ? "picture" : "pictures"}`;
const list = new Intl.ListFormat("en-GB");
const frames = (numbers: readonly string[]): string => `${numbers.length === 1 ? "Frame" : "Frames"} ${list.format(numbers)}`;

export const check = {
  title: (name: string) => `Check · ${name}`,
  opening: "What was chosen is being fetched",
  ready: {
    heading: (kept: number) => `Ready to develop ${pictures(kept)}`,
    lead: "Nothing is paid yet. Look it over once; from the red button on a machine works by itself, and you may leave.",
  },
  coming: {
    heading: (coming: number) => `${coming === 1 ? "One picture is" : `${coming} pictures are`} still coming`,
    lead: "Nothing is paid yet. You may press already: it starts as soon as the last one is here.",
  },
  stopped: {
    heading: (stopped: number) => `${stopped === 1 ? "One picture" : pictures(stopped)} did not arrive`,
    lead: "Send again what stopped, or develop without it.",
    again: "Send again",
    look: "Look at them",
  },
  missing: {
    heading: (count: number) => (count === 1 ? "One thing is missing" : `${count} things are missing`),
    lead: "All you have chosen and written is kept. This is what is left to do:",
    pictures: (more: number) => `${more} more ${more === 1 ? "picture" : "pictures"}`,
    why: (fewest: number) => `${fewest} are the fewest to learn from.`,
    classWord: "What it is",
    wrongClassWord: "What it is, in plain letters",
    subject: "Its own word",
    clash: "Which words hold: two windows say different things",
    consent: "That you may use the pictures",
    choose: "Choose more",
    describe: "Say it",
  },

  strip: "What will be learnt",
  edge: (kept: number, left: number) => `${pictures(kept)} to learn from${left > 0 ? ` · ${left} left out` : ""}`,
  frame: (number: string, file: string, fact: string) => `Frame ${number}, ${file}, ${fact}`,
  facts: {
    crossed: "left out",
    coming: "coming",
    stopped: "stopped",
    refused: "not usable",
    small: "small",
  },
  changePictures: "Change the pictures",

  words: "What it will answer to",
  captions: (done: number, all: number) => (done === 0 ? "No captions." : `${done} of ${pictures(all)} with a caption.`),
  changeWords: "Change the words",

  warnings: {
    heading: "Worth a second look",
    none: "Nothing stands out: sharp enough, large enough, no two alike.",
    small: (numbers: readonly string[], side: number) =>
      `${frames(numbers)} ${numbers.length === 1 ? "is" : "are"} smaller than ${side} pixels: enlarged, and the softness is learnt.`,
    soft: (numbers: readonly string[]) =>
      `${frames(numbers)} ${numbers.length === 1 ? "is" : "are"} soft all over: the model would learn soft edges.`,
    background: (alike: number, of: number) => `${alike} of ${of} seem to have the same background. What repeats is learnt with it.`,
    side: (alike: number, of: number) => `${alike} of ${of} are laid out alike. Other sides, nearer and further away, teach more.`,
    near: (numbers: readonly string[]) => `${frames(numbers)} are nearly the same picture: it counts more than the others. One is enough.`,
    few: (kept: number) => `${pictures(kept)}, learnt thoroughly: so few are soon learnt by heart. Take ten, or the standard.`,
    go: "None of this stops you.",
  },

  kept: {
    heading: "What is kept, and how long",
    pictures: "Your pictures",
    picturesKept: (days: number) => `${days} days, then they are deleted by themselves. Place and camera are taken out before.`,
    model: "The model",
    modelKept: "Until you delete it. Only you can print from it.",
    prints: "Prints",
    printsKept: "As long as the model, or until you delete them.",
    endpoint: "The machine that prints",
    endpointKept: (price: string | undefined) =>
      price
        ? `${price} an hour while it is awake. It falls asleep by itself when nobody prints; asleep it costs nothing.`
        : "Falls asleep by itself when nobody prints. It costs nothing here.",
    words: "Words and captions",
    wordsKept: "As long as the sheet. Delete the sheet and all of this goes; a receipt names each thing.",
  },

  takes: {
    heading: "What it takes",
    becomes: "Becomes",
    care: "How thoroughly",
    time: "Time",
    price: "Price",
    free: "nothing here",
    asking: "being worked out",
    history: (sheets: number) => `From ${sheets} sheets like this one.`,
    config: "From the settings; the first sheets will make it exact.",
    asOf: (day: string) => `Prices of ${day}.`,
  },
  day: {
    minutes: "Minutes of machine",
    left: (left: string, limit: string) => `${left} of ${limit} left`,
    takes: (minutes: string) => `This sheet counts ${minutes} of them, the longest it may take.`,
    resets: (time: string) => `The count starts again at ${time}.`,
    short: (minutes: string, left: string) => `It may take ${minutes} minutes of machine, and ${left} are left today`,
    shortCause: (time: string) => `The count starts again at ${time}. All of this waits until then.`,
    quick: "Take a quick look instead",
    yours: "Your allowance",
  },
  paused: {
    title: "New sheets are not taken just now",
    cause: (reason: string) => `The reason given: ${reason}. What is here stays; this page looks again each minute.`,
    noReason: "What is here stays; this page looks again each minute.",
    again: "Look now",
  },

  go: (kept: number) => `Develop ${pictures(kept)}`,
  waiting: (coming: number) => (coming === 1 ? "One more to come" : `${coming} more to come`),
  starting: "Handing in",
  notYet: "Wait, not yet",
  says: {
    waiting: "It starts by itself once the last picture is here. Keep this window open until then.",
    coming: "Pictures are still coming; you may press already.",
    stopped: (stopped: number) => `Without ${stopped === 1 ? "the one" : `the ${stopped}`} that did not arrive.`,
    ready: "From here on it costs. You can stop it, and keep what was learnt.",
    missing: "Ready as soon as nothing is missing.",
    paused: "The door is closed for now.",
  },
  refused: {
    where: "Look where it is",
    choose: "To the pictures",
    consent: "Say so",
  },
};
