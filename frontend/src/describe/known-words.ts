/** Words that a model which has read the captions of the web knows for sure. Written by hand for this page, and never whole: it warns,
 * it does not forbid. One form of each is enough; endings are taken off before a word is looked up. */

const THINGS = `
  ability accident account act action address adult advice age agreement air airplane airport album alley alphabet amount anchor angel anger
  angle animal ankle answer apartment apple apron arch archer architect area arm armchair armor army arrow art artist atom attic audience aunt
  autumn avenue axe baby back backpack bacon badge bag bakery balance balcony ball balloon banana band bank banner bar barn barrel base baseball
  basement basin basket basketball bat bath bathroom battery battle beach bead beam bean bear beard beast beauty bed bedroom bee beef beer
  beetle bell belt bench berry bicycle bike bill billboard bird birthday biscuit blade blanket blazer blender block blood blouse board boat body
  bolt bomb bone book bookcase boot border boss bottle bottom bouquet bow bowl box boxer boy bracelet brain branch brand brass bread breakfast
  breath brick bride bridge broom brother brush bubble bucket buffalo bug building bulb bull bullet bus bush business butter butterfly button
  cabbage cabin cabinet cable cactus cage cake calculator calendar calf camel camera camp can canal candle candy cane canoe canvas cap cape car
  caravan card cardigan care cargo carpet carriage carrot cart cartoon case cash castle cat cathedral cattle cave ceiling cell cellar center
  ceramic cereal chain chair chalk chandelier change chapel character chariot cheek cheese chef cherry chess chest chicken child chimney chin
  chocolate church cigar cinema circle circus city clay cliff clock closet cloth clothes cloud clown club coach coal coast coat cobra cocktail
  coconut code coffee coin collar color column comb comet comic community compass computer concert cone cook cookie copper coral corn corner
  corridor cottage cotton couch country couple court cousin cover cow cowboy crab cradle crane crayon cream creature creek crew crib crocodile
  cross crow crowd crown crystal cube cucumber cup cupboard curtain curve cushion cycle cylinder dad dagger dance dancer dark date daughter dawn
  day deck deer desert design desk dessert device diamond dice dinner dinosaur dirt dish disk dock doctor dog doll dollar dolphin donkey door
  dot dough dove dragon drain drawer drawing dream dress drink drill driver drone drop drum duck dump dune dust dwarf eagle ear earring earth
  easel east edge egg elbow elephant elevator elf emerald emblem empire end engine envelope eraser evening event eye eyebrow fabric face factory
  fairy falcon fall family fan farm farmer fashion father feather feet fence fern ferry festival fiber field fig figure film finger fire
  fireplace firework fish fist flag flame flamingo flask flea fleet flesh flight floor flour flower flute fly foam fog folder food foot football
  forest fork fort fountain fox frame freckle friend frog front frost fruit fuel fur furniture future galaxy gallery game garage garden garlic
  gas gate gear gem ghost giant gift giraffe girl glass glasses glider globe glove glue goat goblin god gold golf goose gorilla government grain
  grandma grandpa grape graph grass grave gravel grease grill groom ground group guard guest guide guitar gun guy gym hair hall hallway ham
  hammer hammock hamster hand handbag handle hangar harbor hare harp hat hawk head headphone heart hearth heat heaven hedge hedgehog heel
  helicopter helmet hen herb hero highway hill hip hippo hole holiday home honey hood hoodie hoof hook horn horse hospital hotel hour house human
  hunter hut ice icon idea igloo image industry ink insect instrument iron island ivory ivy jacket jade jaguar jail jam jar jaw jeans jellyfish
  jersey jet jewel jewelry job joint joker journal journey judge jug juice jungle kangaroo kayak kettle key keyboard kid king kingdom kiss kit
  kitchen kite kitten kiwi knee knife knight knot koala label lace ladder lady lagoon lake lamb lamp land landscape lane lantern laptop laser
  laundry lava lawn lawyer leaf leather leg lemon lens leopard letter lettuce level library lid life light lighthouse lightning lily lime line
  linen lion lip liquid lizard llama loaf lobby lobster lock locker log logo loop lotus lounge love luggage lunch lung lynx machine magazine
  magic magnet mail mall mammal man mango mansion map maple marble market mascot mask mast mat match material maze meadow meal meat medal media
  melon mermaid metal meteor mice microphone microscope milk mill mind mine mineral mirror mist mixer model modem mom moment money monk monkey
  monster month monument moon moose morning mosaic mosque mosquito moss moth mother motor motorcycle mountain mouse mouth movie mud muffin mug
  mule muscle museum mushroom music musician mustache nail name napkin nature navy neck necklace needle neighbor nest net network neuron night
  noodle noon north nose note notebook novel number nurse nut oak oasis oat object ocean octopus office oil olive onion opera orange orbit
  orchard orchestra orchid organ ostrich otter oven owl owner ox oyster package paddle page pain paint painter painting pair palace palm pan
  pancake panda panel pants paper parade parent park parrot party passage passport pasta pastry patch path patio pattern paw pea peace peach
  peacock peak peanut pear pearl pebble pen pencil penguin penny people pepper perfume person pet petal pharaoh phone photo photograph piano
  picnic picture pie pier pig pigeon pile pill pillar pillow pilot pin pine pineapple pink pipe pirate pistol pit pizza place plain plan planet
  plank plant plaster plastic plate platform player plaza plum pocket poem poet point poison polar pole police pond pony pool pop porcelain
  porch port portrait post poster pot potato pottery pound powder prayer priest prince princess print printer prison prize product professor
  pumpkin puppet puppy purse puzzle pyramid python quarter queen quilt rabbit race rack radio raft rail railway rain rainbow ranch raspberry
  rat raven ray razor recipe record reef reindeer reptile restaurant rhino ribbon rice rider rifle ring river road robe robin robot rock rocket
  rod roll roof room rooster root rope rose ruby rug ruin ruler runner runway sack saddle sail sailor saint salad salmon salon salt sand
  sandal sandwich sapphire satellite satin sauce sausage saxophone scale scarecrow scarf scene school science scissors scooter scorpion screen
  screw scroll sculpture sea seal season seat seed shadow shampoo shape shark sheep sheet shelf shell shield ship shirt shoe shop shore shorts
  shoulder shovel shower shrimp shrine sign silence silhouette silk silver singer sink sister sketch ski skin skirt skull sky skyscraper sleeve
  slide slipper smile smoke snack snail snake sneaker snow snowman soap soccer sock soda sofa soil soldier son song soul sound soup south space
  spaceship spade spark sparrow spear spectacles sphere spice spider spirit sponge spoon sport spring square squid squirrel stable stadium staff
  stage stair stamp star starfish station statue steak steam steel stem step stick sticker stitch stocking stone stool store storm stove
  stranger straw strawberry stream street string stripe student studio style subject submarine suit suitcase summer sun sunflower sunglasses
  sunrise sunset surf surfer surface swamp swan sweat sweater swimmer swing sword symbol syrup table tablet tail tailor tank tap tape target tattoo
  taxi tea teacher team teapot tear teddy teeth telephone telescope television temple tennis tent terrace text texture theater thing thread
  throat throne thumb thunder ticket tide tie tiger tile time tin tire toad toast toe toilet tomato tongue tool tooth top torch tornado tortoise
  towel tower town toy track tractor traffic trail train trap tray treasure tree triangle tribe truck trumpet trunk tshirt tube tulip tuna tunnel
  turban turkey turtle twig twin typewriter umbrella uncle unicorn uniform universe university valley vampire van vase vault vegetable vehicle
  veil velvet vest video view viking villa village vine violet violin visitor voice volcano wagon waist waiter wall wallet walnut walrus
  wardrobe warrior wasp watch water waterfall watermelon wave wax weapon weather web wedding week well west whale wheat wheel whip whiskey whistle
  wig willow wind window windmill wine wing winter wire witch wizard wolf woman womb wood wool word worker world worm wreath wrench wrist writer
  yacht yard yarn year yoga yogurt youth zebra zipper zombie zone zoo zucchini`;

const QUALITIES = `
  abstract alive alone amber ancient angry antique aqua azure bad bald beautiful beige best big bitter black blind blond blue blurry bold bright
  broken bronze brown burgundy calm chrome classic clean clear cold colorful comfortable cool cozy crazy crimson curly cute cyan damp dead deep
  detailed dirty dry dull eager early easy electric elegant empty epic evil fair famous fancy fast fat fine flat fluffy foggy fresh frozen full
  funny futuristic gentle giant glad glossy golden good gothic grand gray great green grey grumpy happy hard heavy high holy hot huge hungry icy
  indigo juicy kind large late lavender lazy left little lonely long loose lost loud low lovely lucky magenta maroon matte mini minimal misty
  modern natural neat neon new nice noble noisy old only open orange pale perfect plain pretty proud pure purple quick quiet rare raw real red
  retro rich right ripe rough round royal rusty sad safe same scarlet sharp shiny short shy silly simple single slim slow small smart smooth
  soft solid sour special spicy spotted steep still strange striped strong sunny sweet tall tan teal thick thin tiny tired tough transparent true
  turquoise ugly urban vintage violet vivid warm weak wet white whole wide wild wise wooden wrong yellow young`;

const DOINGS = `
  ask bake become begin believe bend bite blow boil borrow bounce break bring build burn buy call carry catch chase cheer choose clap climb close
  come cook copy cough count crawl cry cut dance dig dive draw drive eat fall feed feel fight find fix float fly fold follow forget freeze get
  give glow grow hang have hear help hide hit hold hop hug hunt hurt jump keep kick kiss know laugh lay lead lean learn leave lick lift listen
  live look lose make march meet melt move open paint pay plant play point pour pull push put race read rest ride roar roll run sail say scream
  see sell send sew shake shine shoot show shut sing sit skate sleep slip smell sneeze speak spin splash stand steal stop swim take talk tell
  think throw touch travel try turn use visit wait wake walk want wash watch wave wear win work write yawn`;

const LITTLE = `
  a about above across after again all also always an and another any are around as at away be because been before behind below between both but
  by can did do does down each else ever every few first for from had has he her here him his how if in inside into is it its just last less
  many may me more most much must my near never next no none not nothing now of off on once one or other our out over own please same she should
  since so some someone something such than that the their them then there these they this those three through to together too two under until up
  us very was we were what when where which while who why will with within without yes yet you your zero four five six seven eight nine ten
  hundred thousand million hello thanks world test demo foo bar baz abc xyz`;

const PICTURES = `
  acrylic advert aerial analog anime animation aquarelle artwork background banksy baroque bauhaus blur bokeh botticelli caravaggio cezanne
  charcoal cinematic closeup collage concept cubism dali degas diffusion digital disney dreambooth engraving etching expressionism fisheye
  foreground fresco fujifilm ghibli gogh graffiti hdr hokusai hopper icon illustration impressionism impressionist instagram kahlo kandinsky
  klimt kodak landscape leica leonardo lego lineart lofi logo lora macro magritte manga marvel matisse mucha michelangelo midjourney miniature
  minimalism monet monochrome mosaic mural nikon noir origami panorama papercut pastel photography photorealistic picasso pixar pixel pointillism
  polaroid pollock portrait poster psychedelic raphael realism rembrandt renaissance render resolution rococo rothko selfie sepia sketch steampunk
  sticker studio surrealism texture tintype trending ukiyo unreal unsplash vaporwave vector vermeer vignette wallpaper warhol watercolor
  watermark wireframe woodcut stablediffusion`;

const PLACES = `
  africa alaska alps amazon america amsterdam arctic argentina asia athens atlantic atlantis austin australia austria babylon bali bangkok
  barcelona bavaria beijing belgium berlin bern bolivia boston brazil bristol britain brooklyn brussels budapest cairo california canada caribbean
  chelsea chicago chile china cologne colombia copenhagen croatia cuba dallas denmark denver detroit dubai dublin edinburgh egypt england ethiopia
  europe everest finland florence florida france geneva georgia germany ghana greece greenland hamburg hanoi harlem havana hawaii holland hollywood
  houston hungary iceland india indonesia iran iraq ireland israel istanbul italy jakarta jamaica japan java jerusalem jordan kenya kiev korea
  kyoto lebanon leipzig lima lisbon london louvre lyon madrid manhattan mars mecca mediterranean melbourne memphis mexico miami milan mongolia
  montreal morocco moscow mumbai munich nairobi naples nepal nevada nigeria norway oslo oxford pacific pakistan palestine panama paris peru
  philippines phoenix poland porto portland portugal prague quebec rome russia sahara salzburg santorini saturn scotland seattle seoul shanghai
  siberia singapore soho spain stockholm stuttgart sweden switzerland sydney syria taiwan texas thailand tibet tokyo toronto tuscany ukraine
  venice venus vermont vienna vietnam wales warsaw washington york zurich`;

const MAKES = `
  adidas airbus amazon android apple asus audi barbie batman beatles bentley bmw boeing bosch braun bugatti burberry cadillac canon cartier casio
  chanel chevrolet chrysler citroen cola converse dell dior dodge ducati dyson ebay eames facebook ferrari fiat fender ford gibson gillette google
  gopro gucci harley heineken hermes honda hulk hyundai ibm ikea intel iphone jaguar jeep joker kawasaki kia lacoste lamborghini lexus levi mario
  maserati mazda mcdonalds mercedes microsoft mickey mini minion mitsubishi moleskine nasa nestle netflix nintendo nissan nokia nike oculus opel
  pepsi peugeot philips pikachu playstation pokemon polo porsche prada puma reebok renault ray rolex samsung santa sega shrek skoda snoopy sonic
  sony spiderman starbucks subaru superman suzuki swatch tesla thonet tiffany totoro toyota tupperware twitter vans vespa vitra vogue volkswagen
  volvo vuitton walmart xbox yamaha yoda youtube zara zelda`;

const NAMES = `
  aaron abby abigail adam adrian agnes ahmed aiden alan albert alex alexander alice alina amelia amy ana anders andrea andrew angela anita anja
  anna anne anton arthur astrid audrey aurora ava bella ben benjamin bernd bernard beth bill bob bobby boris brad brandon brian bruce bruno caleb
  cameron camila carl carla carlos carmen carol caroline caspar cecilia celine charles charlie charlotte chloe chris christian christina claire
  clara claudia cleo cleopatra clemens colin connor coco cora daisy dan daniel daphne dave david dennis diana diego dominic donald dora doris
  dylan eddie edgar edward einstein eleanor elena eli elias elisa elizabeth ella elliot elsa elvis emil emily emma eric erika ernst esther ethan
  eva evan eve evelyn felix fiona finn florian frank franz fred frida frieda gabriel george gerald gertrude gina ginger giovanni grace greta gustav
  hanna hannah hans harold harriet harry hazel heidi heinz helen helena helga henry hermann holly hugo ian ida igor ines ingrid iris isaac isabel
  isabella ivan jack jacob jake james jan jane janet jasmine jason jean jenny jeremy jerry jesse jessica jim jimmy joan joe joel johann john
  johnny jonas jonathan jose joseph josh joshua juan judith julia julian julie julius justin kai karen karim karin karl kate katherine kathy
  katja kayla keith kelly kevin kim klara klaus kurt kyle lara larry laura lauren lea lena leo leon leonard leonie lewis liam lilly lily linda lisa
  logan lola louis louise luca lucas lucia lucy luis luisa lukas luke luna lydia maggie maja manuel marc marco margaret maria marie marilyn marina
  mark markus marlene martha martin mary mateo matilda matt matthew maurice max maya megan mia michael michelle miguel mike mila milo mira
  molly monika moritz nadia nancy naomi natalie nathan neil nelson nico nicholas nick nicole nina noah noel nora norman olaf oliver
  olivia omar oscar oskar otto pablo pamela patricia patrick paul paula pedro peggy peter petra philip pia quentin rachel ralph ramon rebecca rex
  ricardo richard rita robert roberto roger roland romeo ronald rosa roy rudolf rufus russell ruth ryan sabine sally sam samantha samuel sandra
  sara sarah scott sean sebastian sergio shakespeare sharon sheila simon simone sofia sonja sophia sophie stefan stella stephanie stephen steve
  steven sue susan susanne sven sylvia tanja taylor ted teresa terry theo theodor theresa thomas tim tina toby tom tommy tony ulrich ursula
  valentina valerie vanessa vera veronica victor victoria vincent vlad walter wanda wendy werner wilhelm will william willy wolfgang xavier yara
  yasmin yusuf yvonne zoe zorro`;

function listed(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.trim().split(/\s+/)));
}

export const GIVEN_NAMES = listed(NAMES);
export const KNOWN_WORDS = listed(THINGS, QUALITIES, DOINGS, LITTLE, PICTURES, PLACES, MAKES);
