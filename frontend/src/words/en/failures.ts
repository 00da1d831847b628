import type { FailureKind } from "../../follow/failures.ts";

type Failed = { readonly sentence: string; readonly cause: string; readonly help: string; readonly line: string };

/** Why a sheet did not develop, and what helps. */
export const failures: Readonly<Record<FailureKind, Failed>> = {
  stopped: {
    sentence: "Developing broke off",
    cause: "The machine that learnt from your pictures stopped before it was done. Your pictures are not the reason.",
    help: "Develop it again. If it stops again, tell your platform team: they find the sheet's number in their log.",
    line: "The machine stopped before it was done.",
  },
  astray: {
    sentence: "The learning went astray",
    cause: "From one step to the next the model forgot more than it learnt, until nothing was left of it.",
    help: "Develop it again; it starts from another place. If it goes astray again, lay out a new sheet with fewer steps.",
    line: "The learning went astray.",
  },
  unlearnt: {
    sentence: "It did not learn your subject",
    cause: "What it draws after developing is no more like your pictures than what the untuned model draws.",
    help: "Other pictures help most: the subject larger in the frame, from more sides, on different backgrounds. Crop away what is not the subject.",
    line: "It did not learn the subject. Other pictures help.",
  },
  wake: {
    sentence: "The model could not be put to work",
    cause: "It was developed, but the machine that should print with it did not come up, or drew nothing.",
    help: "Develop it again. If that fails too, tell your platform team: the machines for printing may be used up.",
    line: "Developed, but it could not be put to work.",
  },
  run: {
    sentence: "The run ended early",
    cause: "Something around the machine gave up before the model was ready. Your pictures are not the reason.",
    help: "Develop it again. If it ends early again, tell your platform team.",
    line: "The run ended before the model was ready.",
  },
  start: {
    sentence: "It could not be started",
    cause: "The sheet was handed in, but no run could be started for it, though it was tried many times. Nothing was spent.",
    help: "Develop it again. If it fails again, tell your platform team.",
    line: "No run could be started.",
  },
  deadline: {
    sentence: "It took too long",
    cause: "The sheet stayed in one stage longer than it may, so the machine was let go before it cost more.",
    help: "Develop it again. In the evening and at weekends there are often more machines.",
    line: "It took too long and was given up.",
  },
  unknown: {
    sentence: "This sheet did not develop",
    cause: "The service gave a reason that this page has no words for. It stands below as the service wrote it.",
    help: "Develop it again. If it fails again, tell your platform team what stands below.",
    line: "It did not develop.",
  },
};
