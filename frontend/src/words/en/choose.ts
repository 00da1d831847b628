import type { Kind } from "../../choose/kinds.ts";

const count = (pictures: number): string => `${pictures} ${pictures === 1 ? "picture" : "pictures"}`;

const spelled = (number: number): string =>
  ({ 3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 10: "ten", 12: "twelve", 15: "fifteen", 20: "twenty" })[number] ??
  String(number);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const kinds: Readonly<Record<Kind, string>> = {
  jpeg: "a JPEG",
  png: "a PNG",
  webp: "a WebP",
  heic: "a HEIC photo",
  avif: "an AVIF picture",
  gif: "a GIF",
  bmp: "a BMP",
  pdf: "a PDF",
  zip: "a ZIP archive",
  film: "a film",
  tiff: "a TIFF",
  photoshop: "a Photoshop file",
  svg: "an SVG drawing",
  page: "a web page",
  empty: "empty",
  unknown: "",
};

/** By the service's code; others are said as the service says them. */
const rejected: Readonly<Record<string, (name: string) => string>> = {
  NOT_A_PICTURE: (name) => `${name} is not a picture that can be read. Export it as JPEG, PNG or HEIC.`,
  TOO_COMPLEX: (name) => `${name} takes more time or memory to open than a picture should. Export it again as JPEG or PNG.`,
  TOO_SMALL: (name) => `${name} is too small to learn from. Choose a larger copy.`,
  TOO_MANY_PIXELS: (name) => `${name} has too many pixels. Export it smaller.`,
  ANIMATED: (name) => `${name} moves. Export one frame of it as JPEG or PNG.`,
  NOT_SAFE: (name) =>
    `${name} looks as if it showed nudity or sex, which is not taken here. If it does not, choose another picture of the same thing.`,
};

export const choose = {
  titleNew: "New sheet",
  heading: "Choose the pictures to learn from",
  lead: (least: number, most: number) =>
    `${capital(spelled(least))} to ${spelled(most)}, from several sides, in different light. What repeats in every picture is learnt too: vary the background.`,
  opening: "The light table is being set up",

  table: "Pictures to learn from",
  frames: "Frames. Space crosses a picture out, O circles it as the cover, C crops it, Delete removes it.",
  frame: (number: string, name: string, said: string) => `Frame ${number}, ${name}, ${said}`,
  frameSaid: { crossed: "left out", cover: "the cover" },

  ways: {
    drop: "Drop pictures here, paste them, or",
    dropTouch: "Pictures from your phone, or new ones",
    more: "drop, paste or",
    browse: "browse",
    aFolder: "add a folder",
    theCamera: "use the camera",
    folder: "folder",
    camera: "camera",
    add: "Choose pictures",
    photo: "Take a photo",
    enough: "enough",
    last: "the last",
    whereabouts: "Where and when they were taken stays with you.",
  },
  print: (kept: number, size: string) => `SAFETY 400 ▸ ${count(kept)}${size ? `  ${size}` : ""}`,
  located: (located: number) => `location removed from ${located}`,

  edge: {
    crossed: "left out",
    reading: "reading",
    waiting: "in line",
    again: "will retry",
    sending: (percent: number) => `${percent} %`,
    checking: "checking",
    here: (width: number, height: number) => `${width}×${height}`,
    soft: "soft",
    small: "small",
    near: (number: string) => `near ${number}`,
    twin: (number: string) => `twin of ${number}`,
    over: "one too many",
    lost: "not here",
    stopped: "stopped",
    kind: "not a picture",
    unreadable: "unreadable",
    tooSmall: "too small",
    large: "too large",
    rejected: "refused",
    cover: "cover",
  },

  remarks: "What there is to say about them",
  remark: {
    kind: (name: string, kind: Kind) =>
      kind === "empty"
        ? `${name} is empty. Is it still being copied or downloaded?`
        : `${name} is not a picture we can read${kinds[kind] ? ` (it is ${kinds[kind]})` : ""}. Export it as JPEG, PNG or HEIC.`,
    unreadable: (name: string) => `${name} cannot be opened: it is damaged, or has moved since. Export it again as JPEG or PNG.`,
    tooSmall: (name: string, width: number, height: number, least: number) =>
      `${name} is only ${width} by ${height} pixels. There is nothing to learn below ${least}.`,
    large: (name: string, size: string, most: string) =>
      `${name} is ${size}; ${most} is the most that can be opened here. Export it smaller.`,
    twin: (name: string, number: string) => `${name} is the very same picture as ${number}. One of them is enough.`,
    rejected: (name: string, why: string, text: string) => rejected[why]?.(name) ?? (text || `${name} cannot be used.`),
    over: (most: number, names: number) =>
      `${most} pictures are the most. Cross out or remove ${names === 1 ? "another to make room for it" : "others to make room for them"}.`,
    lost: (names: number): string =>
      names === 1
        ? "It did not arrive, and is not on this machine. Choose it again, or remove it."
        : "They did not arrive, and are not on this machine. Choose them again, or remove them.",
    soft: (names: number): string =>
      names === 1
        ? "It is soft all over: the model would learn soft edges. Leave it out if you have a sharper one."
        : "They are soft all over: the model would learn soft edges. Leave them out if you have sharper ones.",
    near: (number: string) => `It shows nearly the same as ${number}: what is seen twice is learnt twice. One of them is enough.`,
    small: (names: number, good: number) =>
      `${names === 1 ? "It is" : "They are"} smaller than ${good} pixels and will be enlarged, softness and all. A larger copy is better.`,
  },

  removed: (removed: number) => `${capital(count(removed))} removed.`,
  putBack: "Put back",

  marks: "Marks",
  keys: [
    ["space", "crosses a picture out, as a click does: it is not learnt from"],
    ["O", "circles it as the cover"],
    ["C", "crops it"],
    ["Del", "removes it"],
    ["← →", "go from frame to frame"],
  ] as readonly (readonly [key: string, does: string])[],
  marksTouch: "A tap crosses a picture out: it is not learnt from. The dots on a frame crop it, circle it as the cover, or remove it.",
  more: (number: string) => `What to do with frame ${number}`,
  entry: {
    crop: "Crop",
    cover: "Circle as the cover",
    notCover: "Take the circle away",
    cross: "Cross out",
    uncross: "Take the cross away",
    remove: "Remove",
  },

  set: "This set",
  grade: {
    looking: "They are being looked at.",
    few: (more: number) =>
      more === 1 ? "One more picture and it is enough." : `${capital(spelled(more))} more pictures and it is enough.`,
    good: "A good set to learn from.",
    fair: "A set to learn from. It could be better.",
    weak: "A weak set: the model will learn its faults.",
  },
  counts: {
    pictures: count,
    soft: (soft: number) => `${soft} soft`,
    small: (small: number) => `${small} small`,
    near: (near: number) => `${near} near twin${near === 1 ? "" : "s"}`,
    underway: (underway: number) => `${underway} on the way`,
    stopped: (stopped: number) => `${stopped} stopped`,
    crossed: (crossed: number) => `${crossed} left out`,
  },
  oneSided: {
    side: (alike: number, of: number) =>
      `${alike} of ${of} are laid out alike. Add some from another side, from nearer and from further away.`,
    background: (alike: number, of: number) =>
      `${alike} of ${of} seem to have the same background. What repeats is learnt with it: add some that were taken elsewhere.`,
    varied: "No view and no background repeats in most of them.",
  },

  facts: {
    room: "Room for",
    roomFor: (more: number) => (more === 0 ? "no more" : `${more} more`),
    toSend: "To send",
    sent: "Sent",
    metadata: "Place, time, camera",
    removedFrom: "removed",
    untilSent: "Until they are sent",
    kept: "kept here",
    notKept: "in this window",
  },

  go: "Describe it",
  goNext: {
    none: "Lay out a picture first.",
    noJob: "It can be described once the service has heard of it.",
    underway: (underway: number) =>
      `${underway === 1 ? "One picture is" : `${underway} pictures are`} still on the way; go on, they come along.`,
    few: "You can describe it already, and add pictures later.",
    here: "Everything is here. You can close the window.",
  },

  window:
    "This browser keeps nothing here (a private window, or its storage is full). Pictures that are still to be sent are only in this window: keep it open until they are here.",
  unreachable: {
    kept: "The service does not answer. The pictures are safe on this machine, and sending goes on by itself.",
    window: "The service does not answer. Sending goes on by itself as long as this window is open.",
  },
  tryNow: "Try now",
  stopped: (stopped: number) => `${capital(count(stopped))} stopped.`,

  arrived: (here: number) => `${capital(count(here))} ${here === 1 ? "is" : "are"} here.`,
  added: (added: number) => `${capital(count(added))} laid out.`,
  dropped: "Nothing in it is a file.",

  camera: {
    title: "Take pictures",
    text: "Walk around it: several sides, some from near, some from further away.",
    take: "Take picture",
    done: "Done",
    taken: (taken: number) => (taken === 0 ? "Nothing taken yet" : `${count(taken)} on the film`),
    name: (number: number) => `photo-${number}.jpg`,
    starting: "The camera is starting",
    refused:
      "The browser does not let this page use the camera. Allow it beside the address, then open this again; or choose pictures that you have.",
    missing: "There is no camera, or another program is using it.",
  },

  crop: {
    title: (number: string) => `Crop frame ${number}`,
    opening: "The picture is being opened",
    shape: "Shape",
    shapes: { square: "Square", free: "Free" },
    frame: "Crop frame. Arrow keys move it, with Shift further; plus and minus change its size.",
    said: (left: number, top: number, width: number, height: number) =>
      `${width} by ${height} pixels, ${left} from the left, ${top} from the top`,
    left: "Left",
    top: "Top",
    width: "Width",
    height: "Height",
    help: "Drag the frame or its corners. Arrow keys move it, with Shift further; plus and minus resize it.",
    save: "Crop",
    saving: "Cropping",
    whole: "Whole picture",
    cancel: "Cancel",
    small: (good: number) => `Smaller than ${good} pixels: it will be enlarged.`,
    failed: "The picture cannot be opened any more. Remove it and choose it again.",
  },
};
