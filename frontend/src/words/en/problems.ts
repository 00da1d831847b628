import type { Code } from "../../api/problems.ts";

type Told = {
  /** What is the matter. */
  readonly sentence: string;
  /** Why, and what to do. */
  readonly cause: string;
};

const UNKNOWN_PAGE = "This page and the service do not understand each other";
const CUT = {
  sentence: "The picture did not arrive whole",
  cause: "The line broke on the way. Send it again; the others are not touched.",
};

/** The compiler asks for words for each problem that the service can answer. */
const said: Readonly<Record<Code, Told>> = {
  OFFLINE: { sentence: "You are offline", cause: "What was sent is safe, what you typed stays here. It goes on when the network is back." },
  NO_ACCESS: {
    sentence: "This portal has not been opened to you",
    cause: "Ask whoever runs it to let your address in. Or sign in with another one.",
  },
  NEWER: { sentence: "The portal was renewed", cause: "A part of this page is gone with the old one. Reload to get the new one." },
  BROKEN: {
    sentence: "Something on this page broke",
    cause: "Nothing that was sent is lost. Reload; if it breaks again, take another way.",
  },

  VALIDATION: { sentence: "Something in the form needs attention", cause: "Look at what is marked, and send it once more." },
  NOT_SIGNED_IN: { sentence: "Your session is over", cause: "Sign in again. What you typed and picked stays on this page." },
  CROSS_SITE: { sentence: UNKNOWN_PAGE, cause: "The request did not look like one of this page. Reload it." },
  NOT_FOUND: { sentence: "It is not here any more", cause: "It was deleted, or belongs to someone else." },
  NOT_ALLOWED: { sentence: "The sheet has moved on meanwhile", cause: "Look at where it is now; what can be done there is offered there." },
  NOT_READY: { sentence: "The model is not ready yet", cause: "It can print as soon as the sheet is developed." },
  ASLEEP: { sentence: "The model is asleep", cause: "Nobody printed for a while, so its machine was given back. Wake it, then print." },
  CONSENT_MISSING: {
    sentence: "Say first that you may use these pictures",
    cause: "Tick the box above the button; without it nothing is developed.",
  },
  PICTURES_MISSING: { sentence: "Some pictures are still on their way", cause: "Let them arrive or leave them out, then go on." },
  TOO_FEW_PICTURES: { sentence: "There are too few pictures", cause: "A model cannot learn from so few. Add some, from other sides." },
  TOO_MANY_PICTURES: { sentence: "There are too many pictures", cause: "More do not help. Leave some out." },
  PICTURE_REFUSED: {
    sentence: "This picture cannot be used",
    cause: "Export it as JPEG, PNG or HEIC and add it again. The others are not touched.",
  },
  PICTURE_REMOVED: { sentence: "This picture was removed", cause: "In another window, or it waited too long. Choose it again to add it." },
  PICTURE_CONFLICT: { sentence: "Another picture lies in this place", cause: "Remove it, and add yours again." },
  CHECKSUM: { sentence: "The picture changed on its way", cause: "The line garbled it, and nothing was stored. Send it again." },
  SIZE_MISMATCH: { sentence: "The file was changed since you chose it", cause: "Choose it again; then it is sent as it is now." },
  CUT_SHORT: CUT,
  LENGTH_REQUIRED: CUT,
  TOO_LARGE: { sentence: "That is larger than can be taken", cause: "Export it smaller, and add it again." },
  KEY_REUSED: { sentence: "This was asked for before with other words", cause: "Nothing was done twice. Try once more." },
  KEY_IN_FLIGHT: { sentence: "This is being done already", cause: "The first press is still being answered. Wait a moment." },
  VERSION_MISSING: { sentence: UNKNOWN_PAGE, cause: "The page is older than the service. Reload it." },
  VERSION_STALE: {
    sentence: "This was changed in another window",
    cause: "Reload to see it. Copy what you typed first, if you want to keep it.",
  },
  TOO_MANY_JOBS: { sentence: "You have as many open sheets as you may", cause: "Finish one, or stop one; then there is room." },
  OVER_QUOTA: { sentence: "Today's allowance is used up", cause: "It starts again at midnight UTC. What is under way goes on." },
  BUSY: { sentence: "Much arrives at once just now", cause: "Nothing is lost. There is room again in a moment." },
  INTAKE_PAUSED: {
    sentence: "Nothing new is taken just now",
    cause: "The budget is spent, or the door is closed for a while. What is under way goes on; your pictures stay.",
  },
  CONTENDED: { sentence: "Too much happened at once", cause: "Nothing was changed. Try again in a moment." },
  UNAVAILABLE: { sentence: "A part of the service does not answer", cause: "Nothing is lost. It usually comes back within a minute." },
  INTERNAL: { sentence: "Something broke on our side", cause: "Nothing is lost, and somebody was told." },
  WEBHOOK_REFUSED: {
    sentence: "That address cannot be called",
    cause: "It must be an https address that anybody on the internet can reach.",
  },
  METHOD_NOT_ALLOWED: { sentence: UNKNOWN_PAGE, cause: "The page is older than the service. Reload it." },
  BAD_REQUEST: { sentence: UNKNOWN_PAGE, cause: "The service did not understand what it was asked. Reload the page." },
};

export const problems = {
  said,
  /** Where the service names the picture or the number, its own sentence is the better one. */
  exactly: (detail: string): string => detail,
};
