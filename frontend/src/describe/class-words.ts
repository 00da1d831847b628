/** Class words: a few to begin with, those that say too little, and what common German ones are called in the captions that the model read. */

export const SUGGESTED = ["cat", "dog", "person", "chair", "shoe", "mug", "building", "drawing"] as const;

/** Those of people, whose pictures ask for more care. */
const PEOPLE = new Set("person man woman boy girl child baby kid face portrait people couple family actor actress bride groom".split(" "));

const VAGUE = new Set("thing object stuff item something subject image picture photo model product design art style it".split(" "));

const GERMAN = `
  apfel apple | armband bracelet | auto car | baby baby | ball ball | bank bench | baum tree | becher mug | bett bed | bild picture | blume flower |
  boot boat | brille glasses | buch book | burg castle | dose can | ente duck | fahrrad bicycle | fisch fish | flasche bottle | frau woman | fuchs fox |
  gebäude building | gemälde painting | gesicht face | gitarre guitar | glas glass | hamster hamster | handtasche handbag | haus house | hemd shirt |
  hocker stool | hose trousers | huhn chicken | hund dog | hut hat | jacke jacket | junge boy | kaktus cactus | kamera camera | kanne jug | kater cat |
  katze cat | kaninchen rabbit | kette necklace | kind child | kirche church | kissen cushion | kleid dress | koffer suitcase | kommode dresser |
  krug jug | kuh cow | kuchen cake | lampe lamp | leuchte lamp | löffel spoon | mädchen girl | mann man | mantel coat | maus mouse | mensch person |
  messer knife | möbel furniture | motorrad motorcycle | mütze cap | ohrring earring | papagei parrot | pferd horse | pflanze plant | pullover sweater |
  puppe doll | regal shelf | ring ring | rock skirt | rucksack backpack | sache thing | schaf sheep | schal scarf | schale bowl | schild sign |
  schmuck jewelry | schrank cupboard | schuh shoe | schwein pig | sessel armchair | sofa sofa | spiegel mirror | spielzeug toy | stadt city |
  stiefel boot | stil style | stuhl chair | tasche bag | tasse cup | teller plate | teppich rug | tier animal | tisch table | topf pot | tür door |
  turnschuh sneaker | uhr watch | vase vase | vogel bird | wagen car | zeichnung drawing | ziege goat`;

const ENGLISH_OF: ReadonlyMap<string, string> = new Map(GERMAN.split("|").map((pair) => pair.trim().split(" ") as [string, string]));

/** What a German word is called in English; undefined where it is no German word, or the same in both. */
export function inEnglish(classWord: string): string | undefined {
  const german = classWord
    .trim()
    .toLowerCase()
    .replace(/^(ein|eine|der|die|das|mein|meine)\s+/, "");
  const english = ENGLISH_OF.get(german);
  return english === german ? undefined : english;
}

export const isGerman = (word: string): boolean => ENGLISH_OF.has(word);

/** The last word says what it is: "tabby cat" is a cat. */
export const isVague = (classWord: string): boolean => VAGUE.has(classWord.toLowerCase());

export const isPeople = (classWord: string): boolean =>
  classWord
    .toLowerCase()
    .split(/[\s-]+/)
    .some((word) => PEOPLE.has(word));
