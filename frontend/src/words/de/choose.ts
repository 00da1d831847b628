import type { Kind } from "../../choose/kinds.ts";
import type { Words } from "../words.ts";

const count = (pictures: number): string => `${pictures} ${pictures === 1 ? "Bild" : "Bilder"}`;

const spelled = (number: number): string =>
  ({ 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 8: "acht", 10: "zehn", 12: "zwölf", 15: "fünfzehn", 20: "zwanzig" })[number] ??
  String(number);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const kinds: Readonly<Record<Kind, string>> = {
  jpeg: "ein JPEG",
  png: "ein PNG",
  webp: "ein WebP",
  heic: "ein HEIC-Foto",
  avif: "ein AVIF-Bild",
  gif: "ein GIF",
  bmp: "ein BMP",
  pdf: "ein PDF",
  zip: "ein ZIP-Archiv",
  film: "ein Film",
  tiff: "ein TIFF",
  photoshop: "eine Photoshop-Datei",
  svg: "eine SVG-Zeichnung",
  page: "eine Webseite",
  empty: "leer",
  unknown: "",
};

const rejected: Readonly<Record<string, (name: string) => string>> = {
  NOT_A_PICTURE: (name) => `${name} ist kein lesbares Bild. Exportiere es als JPEG, PNG oder HEIC.`,
  TOO_COMPLEX: (name) => `${name} braucht beim Öffnen mehr Zeit oder Speicher, als ein Bild sollte. Exportiere es neu als JPEG oder PNG.`,
  TOO_SMALL: (name) => `${name} ist zu klein, um daraus zu lernen. Nimm eine größere Fassung.`,
  TOO_MANY_PIXELS: (name) => `${name} hat zu viele Pixel. Exportiere es kleiner.`,
  ANIMATED: (name) => `${name} bewegt sich. Exportiere ein einzelnes Bild daraus als JPEG oder PNG.`,
  NOT_SAFE: (name) =>
    `${name} sieht nach Nacktheit oder Sex aus; das wird hier nicht angenommen. Wenn der Eindruck täuscht, nimm ein anderes Bild davon.`,
};

export const choose: Words["choose"] = {
  titleNew: "Neuer Bogen",
  heading: "Wähle die Bilder zum Lernen",
  lead: (least, most) =>
    `${capital(spelled(least))} bis ${spelled(most)}, von mehreren Seiten, in verschiedenem Licht. Was sich in jedem Bild wiederholt, wird mitgelernt: Wechsle den Hintergrund.`,
  opening: "Der Leuchttisch wird eingerichtet",

  table: "Bilder zum Lernen",
  frames: "Bilder auf dem Film. Leertaste streicht ein Bild aus, O macht es zum Titelbild, C schneidet es zu, Entf entfernt es.",
  frame: (number, name, said) => `Bild ${number}, ${name}, ${said}`,
  frameSaid: { crossed: "ausgestrichen", cover: "Titelbild" },

  ways: {
    drop: "Zieh Bilder hierher, füge sie ein oder",
    dropTouch: "Bilder von deinem Telefon oder neue",
    more: "ziehen, einfügen,",
    browse: "auswählen",
    aFolder: "einen Ordner nehmen",
    theCamera: "die Kamera nehmen",
    folder: "Ordner",
    camera: "Kamera",
    add: "Bilder auswählen",
    photo: "Foto aufnehmen",
    enough: "genug",
    last: "das letzte",
    whereabouts: "Wo und wann sie entstanden sind, bleibt bei dir.",
  },
  print: (kept, size) => `SAFETY 400 ▸ ${count(kept)}${size ? `  ${size}` : ""}`,
  located: (located) => `Ort aus ${located} entfernt`,

  edge: {
    crossed: "gestrichen",
    reading: "wird gelesen",
    waiting: "wartet",
    again: "gleich wieder",
    sending: (percent) => `${percent} %`,
    checking: "wird geprüft",
    here: (width, height) => `${width}×${height}`,
    soft: "unscharf",
    small: "klein",
    near: (number) => `fast wie ${number}`,
    twin: (number) => `gleich ${number}`,
    over: "eins zu viel",
    lost: "fehlt",
    stopped: "steht",
    kind: "kein Bild",
    unreadable: "unlesbar",
    tooSmall: "zu klein",
    large: "zu groß",
    rejected: "abgelehnt",
    cover: "Titel",
  },

  remarks: "Was dazu zu sagen ist",
  remark: {
    kind: (name, kind) =>
      kind === "empty"
        ? `${name} ist leer. Wird die Datei noch kopiert oder geladen?`
        : `${name} ist kein Bild, das wir lesen können${kinds[kind] ? ` (es ist ${kinds[kind]})` : ""}. Exportiere es als JPEG, PNG oder HEIC.`,
    unreadable: (name) => `${name} lässt sich nicht öffnen: beschädigt oder inzwischen verschoben. Exportiere es neu als JPEG oder PNG.`,
    tooSmall: (name, width, height, least) => `${name} hat nur ${width} mal ${height} Pixel. Unter ${least} gibt es nichts zu lernen.`,
    large: (name, size, most) => `${name} ist ${size} groß; mehr als ${most} lassen sich hier nicht öffnen. Exportiere es kleiner.`,
    twin: (name, number) => `${name} ist genau dasselbe Bild wie ${number}. Eines davon genügt.`,
    rejected: (name, why, text) => rejected[why]?.(name) ?? (text || `${name} kann nicht verwendet werden.`),
    over: (most, names) =>
      `Mehr als ${most} Bilder gehen nicht. Streiche oder entferne andere, um ${names === 1 ? "dafür" : "für sie"} Platz zu machen.`,
    lost: (names) =>
      names === 1
        ? "Es ist nicht angekommen und liegt nicht auf diesem Gerät. Wähle es noch einmal oder entferne es."
        : "Sie sind nicht angekommen und liegen nicht auf diesem Gerät. Wähle sie noch einmal oder entferne sie.",
    soft: (names) =>
      names === 1
        ? "Es ist überall unscharf, und das Modell würde weiche Kanten lernen. Lass es weg, wenn du ein schärferes hast."
        : "Sie sind überall unscharf, und das Modell würde weiche Kanten lernen. Lass sie weg, wenn du schärfere hast.",
    near: (number) => `Es zeigt fast dasselbe wie ${number}: Was zweimal zu sehen ist, wird zweimal gelernt. Eines davon genügt.`,
    small: (names, good) =>
      `${names === 1 ? "Es ist" : "Sie sind"} kleiner als ${good} Pixel und ${names === 1 ? "wird" : "werden"} vergrößert, samt Unschärfe. Eine größere Fassung ist besser.`,
  },

  removed: (removed) => `${count(removed)} entfernt.`,
  putBack: "Zurücklegen",

  marks: "Zeichen",
  keys: [
    ["Leer", "streicht ein Bild aus, wie ein Klick: Daraus wird nicht gelernt"],
    ["O", "kreist es als Titelbild ein"],
    ["C", "schneidet es zu"],
    ["Entf", "entfernt es"],
    ["← →", "wandern von Bild zu Bild"],
  ],
  marksTouch:
    "Tippen streicht ein Bild aus: Daraus wird nicht gelernt. Die Punkte am Bild schneiden zu, machen es zum Titelbild oder entfernen es.",
  more: (number) => `Was mit Bild ${number} geschehen soll`,
  entry: {
    crop: "Zuschneiden",
    cover: "Als Titelbild einkreisen",
    notCover: "Kreis wegnehmen",
    cross: "Ausstreichen",
    uncross: "Kreuz wegnehmen",
    remove: "Entfernen",
  },

  set: "Diese Auswahl",
  grade: {
    looking: "Sie werden angesehen.",
    few: (more) => (more === 1 ? "Noch ein Bild, dann genügt es." : `Noch ${spelled(more)} Bilder, dann genügt es.`),
    good: "Eine gute Auswahl zum Lernen.",
    fair: "Daraus lässt sich lernen. Es ginge besser.",
    weak: "Eine schwache Auswahl: Das Modell lernt ihre Fehler mit.",
  },
  counts: {
    pictures: count,
    soft: (soft) => `${soft} unscharf`,
    small: (small) => `${small} klein`,
    near: (near) => `${near} fast doppelt`,
    underway: (underway) => `${underway} unterwegs`,
    stopped: (stopped) => `${stopped} stehen`,
    crossed: (crossed) => `${crossed} gestrichen`,
  },
  oneSided: {
    side: (alike, of) =>
      `${alike} von ${of} sind gleich aufgebaut. Nimm welche von einer anderen Seite dazu, von näher und von weiter weg.`,
    background: (alike, of) =>
      `${alike} von ${of} haben wohl denselben Hintergrund. Was sich wiederholt, wird mitgelernt: Nimm welche dazu, die woanders entstanden sind.`,
    varied: "Keine Ansicht und kein Hintergrund wiederholt sich in den meisten.",
  },

  facts: {
    room: "Platz für",
    roomFor: (more) => (more === 0 ? "keins mehr" : `${more} weitere`),
    toSend: "Zu senden",
    sent: "Gesendet",
    metadata: "Ort, Zeit, Kamera",
    removedFrom: "entfernt",
    untilSent: "Bis sie da sind",
    kept: "hier aufbewahrt",
    notKept: "nur im Fenster",
  },

  go: "Beschreiben",
  goNext: {
    none: "Leg zuerst ein Bild aus.",
    noJob: "Beschreiben geht, sobald der Dienst davon weiß.",
    underway: (underway) =>
      `${underway === 1 ? "Ein Bild ist" : `${underway} Bilder sind`} noch unterwegs; geh ruhig weiter, sie kommen nach.`,
    few: "Beschreiben geht schon, Bilder kannst du später ergänzen.",
    here: "Alles ist da. Du kannst das Fenster schließen.",
  },

  window:
    "Dieser Browser behält hier nichts (privates Fenster oder voller Speicher). Bilder, die noch unterwegs sind, gibt es nur in diesem Fenster: Lass es offen, bis sie da sind.",
  unreachable: {
    kept: "Der Dienst antwortet nicht. Die Bilder sind auf diesem Gerät sicher, und das Senden geht von selbst weiter.",
    window: "Der Dienst antwortet nicht. Das Senden geht von selbst weiter, solange dieses Fenster offen ist.",
  },
  tryNow: "Jetzt versuchen",
  stopped: (stopped) => (stopped === 1 ? "Ein Bild steht." : `${stopped} Bilder stehen.`),

  arrived: (here) => `${count(here)} ${here === 1 ? "ist" : "sind"} da.`,
  added: (added) => `${count(added)} ausgelegt.`,
  dropped: "Darin ist keine Datei.",

  camera: {
    title: "Fotografieren",
    text: "Geh darum herum: mehrere Seiten, manche von nah, manche von weiter weg.",
    take: "Auslösen",
    done: "Fertig",
    taken: (taken) => (taken === 0 ? "Noch nichts aufgenommen" : `${count(taken)} auf dem Film`),
    name: (number) => `foto-${number}.jpg`,
    starting: "Die Kamera startet",
    refused:
      "Der Browser lässt diese Seite nicht an die Kamera. Erlaube es neben der Adresse und öffne dies noch einmal; oder wähle Bilder, die du hast.",
    missing: "Es gibt keine Kamera, oder ein anderes Programm benutzt sie.",
  },

  crop: {
    title: (number) => `Bild ${number} zuschneiden`,
    opening: "Das Bild wird geöffnet",
    shape: "Form",
    shapes: { square: "Quadrat", free: "Frei" },
    frame: "Ausschnitt. Pfeiltasten verschieben ihn, mit Umschalt weiter; Plus und Minus ändern die Größe.",
    said: (left, top, width, height) => `${width} mal ${height} Pixel, ${left} von links, ${top} von oben`,
    left: "Links",
    top: "Oben",
    width: "Breite",
    height: "Höhe",
    help: "Zieh den Rahmen oder seine Ecken. Pfeiltasten verschieben ihn, mit Umschalt weiter; Plus und Minus ändern die Größe.",
    save: "Zuschneiden",
    saving: "Wird zugeschnitten",
    whole: "Ganzes Bild",
    cancel: "Abbrechen",
    small: (good) => `Kleiner als ${good} Pixel: Es wird vergrößert.`,
    failed: "Das Bild lässt sich nicht mehr öffnen. Entferne es und wähle es noch einmal.",
  },
};
