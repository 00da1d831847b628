import type { Words } from "../words.ts";

const pictures = (count: number): string => `${count} ${count === 1 ? "Bild" : "Bilder"}`;
const list = new Intl.ListFormat("de-DE");
const frames = (numbers: readonly string[]): string => `${numbers.length === 1 ? "Bild" : "Bilder"} ${list.format(numbers)}`;

export const check: Words["check"] = {
  title: (name) => `Prüfen · ${name}`,
  opening: "Was ausgewählt ist, wird geholt",
  ready: {
    heading: (kept) => `Bereit: ${pictures(kept)} entwickeln`,
    lead: "Noch hat nichts gekostet. Sieh es einmal durch; ab dem roten Knopf arbeitet eine Maschine allein, und du kannst gehen.",
  },
  coming: {
    heading: (coming) => (coming === 1 ? "Ein Bild ist noch unterwegs" : `${coming} Bilder sind noch unterwegs`),
    lead: "Noch hat nichts gekostet. Du kannst schon drücken: Es geht los, sobald das letzte da ist.",
  },
  stopped: {
    heading: (stopped) => (stopped === 1 ? "Ein Bild ist nicht angekommen" : `${stopped} Bilder sind nicht angekommen`),
    lead: "Schick noch einmal, was hängen blieb, oder entwickle ohne.",
    again: "Noch einmal senden",
    look: "Ansehen",
  },
  missing: {
    heading: (count) => (count === 1 ? "Eins fehlt noch" : `${count} Dinge fehlen noch`),
    lead: "Was du ausgewählt und geschrieben hast, ist gesichert. Das bleibt zu tun:",
    pictures: (more) => `Noch ${pictures(more)}`,
    why: (fewest) => `Mit weniger als ${fewest} lässt sich nichts lernen.`,
    classWord: "Was es ist",
    wrongClassWord: "Was es ist, in einfachen Buchstaben",
    subject: "Sein eigenes Wort",
    clash: "Welche Wörter gelten: Zwei Fenster sagen Verschiedenes",
    consent: "Dass du die Bilder verwenden darfst",
    choose: "Bilder auswählen",
    describe: "Sagen",
  },

  strip: "Was gelernt wird",
  edge: (kept, left) => `${pictures(kept)} zum Lernen${left > 0 ? ` · ${left} weggelassen` : ""}`,
  frame: (number, file, fact) => `Bild ${number}, ${file}, ${fact}`,
  facts: {
    crossed: "weggelassen",
    coming: "unterwegs",
    stopped: "hängt",
    refused: "unbrauchbar",
    small: "klein",
  },
  changePictures: "Bilder ändern",

  words: "Worauf es hören wird",
  captions: (done, all) => (done === 0 ? "Keine Bildunterschriften." : `${done} von ${all} ${all === 1 ? "Bild" : "Bildern"} beschriftet.`),
  changeWords: "Wörter ändern",

  warnings: {
    heading: "Einen zweiten Blick wert",
    none: "Nichts fällt auf: scharf genug, groß genug, keine zwei gleich.",
    small: (numbers, side) => `${frames(numbers)}: kleiner als ${side} Pixel. Das wird vergrößert, und die Unschärfe lernt das Modell mit.`,
    soft: (numbers) =>
      `${frames(numbers)} ${numbers.length === 1 ? "ist" : "sind"} durchweg unscharf: Das Modell würde weiche Kanten lernen.`,
    background: (alike, of) => `${alike} von ${of} haben wohl denselben Hintergrund. Was sich wiederholt, wird mitgelernt.`,
    side: (alike, of) => `${alike} von ${of} sind gleich aufgebaut. Andere Seiten, näher und weiter weg, lehren mehr.`,
    near: (numbers) => `${frames(numbers)} zeigen fast dasselbe: Das zählt mehr als die anderen. Eins davon genügt.`,
    few: (kept) => `${pictures(kept)}, gründlich gelernt: So wenige sind schnell auswendig gelernt. Nimm zehn, oder „normal“.`,
    go: "Nichts davon hält dich auf.",
  },

  kept: {
    heading: "Was wie lange aufbewahrt wird",
    pictures: "Deine Bilder",
    picturesKept: (days) => `${days} Tage, dann werden sie von selbst gelöscht. Ort und Kamera sind vorher entfernt.`,
    model: "Das Modell",
    modelKept: "Bis du es löschst. Nur du kannst damit drucken.",
    prints: "Abzüge",
    printsKept: "So lange wie das Modell, oder bis du sie löschst.",
    endpoint: "Die Maschine, die druckt",
    endpointKept: (price) =>
      price
        ? `${price} die Stunde, solange sie wach ist. Sie schläft von selbst ein, wenn niemand druckt; schlafend kostet sie nichts.`
        : "Schläft von selbst ein, wenn niemand druckt. Hier kostet sie nichts.",
    words: "Wörter und Bildunterschriften",
    wordsKept: "So lange wie der Bogen. Löschst du ihn, geht das alles mit; eine Quittung nennt jedes Stück.",
  },

  takes: {
    heading: "Was es braucht",
    becomes: "Daraus wird",
    care: "Wie gründlich",
    time: "Dauer",
    price: "Preis",
    free: "hier nichts",
    asking: "wird berechnet",
    history: (sheets) => `Aus ${sheets} Bögen wie diesem.`,
    config: "Aus den Einstellungen; die ersten Bögen machen es genau.",
    asOf: (day) => `Preise vom ${day.replace(/\.$/, "")}.`,
  },
  day: {
    minutes: "Maschinenminuten",
    left: (left, limit) => `${left} von ${limit} übrig`,
    takes: (minutes) => `Dieser Bogen zählt ${minutes} davon, so lange, wie er höchstens braucht.`,
    resets: (time) => `Neu gezählt wird ab ${time}.`,
    short: (minutes, left) => `Er braucht bis zu ${minutes} Maschinenminuten, heute sind ${left} übrig`,
    shortCause: (time) => `Neu gezählt wird ab ${time}. Bis dahin bleibt alles hier liegen.`,
    quick: "Stattdessen ein kurzer Blick",
    yours: "Dein Kontingent",
  },
  paused: {
    title: "Gerade werden keine neuen Bögen angenommen",
    cause: (reason) => `Der Grund: ${reason}. Was hier ist, bleibt; diese Seite sieht jede Minute nach.`,
    noReason: "Was hier ist, bleibt; diese Seite sieht jede Minute nach.",
    again: "Jetzt nachsehen",
  },

  go: (kept) => `${pictures(kept)} entwickeln`,
  waiting: (coming) => (coming === 1 ? "Eins kommt noch" : `${coming} kommen noch`),
  starting: "Wird abgegeben",
  notYet: "Halt, noch nicht",
  says: {
    waiting: "Es startet von selbst, sobald das letzte Bild da ist. Lass dieses Fenster so lange offen.",
    coming: "Es kommen noch Bilder; du kannst schon drücken.",
    stopped: (stopped) =>
      `Ohne ${stopped === 1 ? "das eine, das" : `die ${stopped}, die`} nicht angekommen ${stopped === 1 ? "ist" : "sind"}.`,
    ready: "Ab hier kostet es. Du kannst anhalten und behalten, was gelernt ist.",
    missing: "Bereit, sobald nichts mehr fehlt.",
    paused: "Die Tür ist gerade zu.",
  },
  refused: {
    where: "Nachsehen, wo er ist",
    choose: "Zu den Bildern",
    consent: "Sagen",
  },
};
