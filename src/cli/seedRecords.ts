/** An example record: what a thing is for, and what a filter may ask about it. */
export interface SeedRecord {
  /** Never changes: the record's id is made of it. */
  readonly key: string;
  readonly title: string;
  readonly field: string;
  /** The year of the invention, or of the first that was of use. */
  readonly year: number;
  readonly country: string;
  readonly text: string;
}

/** A line for each: key, title, field, year, country, text. */
const RECORDS = `
printing-press | Printing press | communication | 1450 | Germany | Movable metal type, ink and a screw press made it possible to copy a book hundreds of times instead of writing it by hand.
telescope | Telescope | science | 1608 | Netherlands | Two lenses in a tube bring far things near. Soon it showed that Jupiter has moons.
microscope | Single-lens microscope | science | 1674 | Netherlands | A glass bead held close to the eye showed what nobody had seen: bacteria, blood cells and the life in a drop of pond water.
barometer | Mercury barometer | science | 1643 | Italy | A column of mercury in a closed glass tube rises and falls with the weight of the air, and warns of a change in the weather.
pendulum-clock | Pendulum clock | science | 1656 | Netherlands | A swinging weight keeps the beat, so that a clock is wrong by seconds a day instead of a quarter of an hour.
air-pump | Vacuum pump | science | 1654 | Germany | It drew the air out of two copper half-spheres, which teams of horses could then not pull apart.
steam-engine | Steam engine with a separate condenser | energy | 1769 | Great Britain | By cooling the steam outside of the cylinder it burned a quarter of the coal, and could drive mills as well as pumps.
mine-pump | Atmospheric engine | energy | 1712 | Great Britain | Steam condensed under a piston and the air pushed it down: a slow, hungry machine that kept coal mines dry.
lightning-rod | Lightning rod | energy | 1752 | United States | A pointed iron bar on the roof and a wire to the ground lead a thunderbolt past the house.
balloon | Hot-air balloon | transport | 1783 | France | A bag of paper and cloth over a straw fire carried first a sheep, a duck and a rooster, and then two people, above the town.
smallpox-vaccine | Smallpox vaccination | medicine | 1796 | Great Britain | Whoever had been given the mild cowpox did not fall ill of the deadly disease any more.
battery | Voltaic pile | energy | 1800 | Italy | Discs of zinc and copper with wet cardboard between them gave the first current that did not stop after a spark.
stethoscope | Stethoscope | medicine | 1816 | France | A wooden tube let the physician hear heart and lungs without laying an ear on the chest of the patient.
locomotive | Steam locomotive | transport | 1804 | Great Britain | An engine on wheels drew ten tons of iron along a tramway, faster than a person walks.
tin-can | Food in tins | household | 1810 | Great Britain | Meat and soup heated in closed cans keep for years, which fed sailors far from any harbour.
draisine | Running machine | transport | 1817 | Germany | Two wheels in a line and a saddle between them: the rider pushed with the feet. Pedals came decades later.
braille | Braille | communication | 1824 | France | Letters of six raised dots can be read with the fingertips, and written by those who cannot see.
photograph | Photograph | communication | 1826 | France | A pewter plate with bitumen lay for hours in a camera at a window and kept the view of the roofs outside.
electric-motor | Electric motor | energy | 1834 | Germany | A coil that turns between magnets makes of current a motion, and of motion a current.
telegraph | Electric telegraph | communication | 1844 | United States | Long and short pulses through a wire carried a message between two towns in the time that it takes to tap it.
sewing-machine | Sewing machine | household | 1846 | United States | A needle with the eye at its point and a second thread below made a seam in minutes that had taken an hour by hand.
ether | Ether anaesthesia | medicine | 1846 | United States | A patient who breathed the vapour slept through the operation and felt no pain.
safety-lift | Lift with a safety brake | buildings | 1853 | United States | If the rope broke, springs caught the cabin at once. Buildings could grow tall from then on.
steel-converter | Bessemer converter | buildings | 1856 | Great Britain | Air blown through molten iron burns out the carbon in minutes, and steel became cheap enough for rails and bridges.
pasteurisation | Pasteurisation | household | 1864 | France | Gentle heat kills the germs that spoil wine and milk, and leaves the taste.
antisepsis | Antiseptic surgery | medicine | 1867 | Great Britain | Wounds, hands and instruments were washed with carbolic acid, and far fewer of the operated died of fever.
dynamite | Dynamite | buildings | 1867 | Sweden | Soaked into a porous earth, the oil that used to explode at a knock could be carried, and blasted tunnels.
typewriter | Typewriter | communication | 1868 | United States | Keys strike inked letters on the paper; the order of the keys is still under our fingers.
telephone | Telephone | communication | 1876 | United States | The voice shakes a membrane, the membrane a current, and at the far end of the wire the current a membrane.
phonograph | Phonograph | communication | 1877 | United States | A needle scratched the sound of a voice into tin foil on a drum, and read it back.
light-bulb | Incandescent lamp | household | 1879 | United States | A carbon thread glows in a glass from which the air was taken, night after night, without flame or smoke.
dishwasher | Dishwasher | household | 1886 | United States | Jets of hot soapy water clean plates that stand in wire racks, and break fewer of them than hands do.
motor-car | Motor car | transport | 1886 | Germany | A three-wheeled carriage with a petrol engine drove through the streets without horses.
pneumatic-tyre | Pneumatic tyre | transport | 1888 | Great Britain | A tube full of air around the wheel swallowed the cobblestones, first under a tricycle.
radio-waves | Wireless telegraph | communication | 1895 | Italy | Sparks on one side of a hill rang a bell on the other, with nothing but air between them.
x-rays | X-ray picture | medicine | 1895 | Germany | Invisible rays passed through flesh and not through bone: the first picture shows a hand with a ring.
cinema | Cinematograph | communication | 1895 | France | One box took moving pictures, printed them and threw them on a screen for a paying audience.
aspirin | Aspirin | medicine | 1897 | Germany | A remedy of willow bark, made milder for the stomach, against fever and headache.
vacuum-cleaner | Vacuum cleaner | household | 1901 | Great Britain | Instead of blowing the dust about, it sucked it through a cloth. The first came on a horse cart.
air-conditioning | Air conditioning | buildings | 1902 | United States | Made to keep paper dry in a printing house, it cools rooms by passing the air over cold coils.
aeroplane | Powered aeroplane | transport | 1903 | United States | Twelve seconds above the dunes: the first flight under power that its pilot could steer.
electrocardiograph | Electrocardiograph | medicine | 1903 | Netherlands | A silvered thread between magnets drew the beat of the heart as a curve.
windscreen-wiper | Windscreen wiper | transport | 1903 | United States | A lever inside moved a rubber blade outside, so that the driver of a tram need not open the window in the rain.
bakelite | Bakelite | household | 1907 | United States | The first plastic made of nothing that grows: hard, brown and shiny, for sockets, radios and telephones.
fertiliser | Ammonia from air | science | 1909 | Germany | Nitrogen and hydrogen under pressure become fertiliser, which feeds about half of mankind today.
zip | Zip fastener | household | 1913 | United States | Two rows of teeth and a slider close a boot, a bag or a coat in one pull.
insulin | Insulin | medicine | 1922 | Canada | An extract of the pancreas brought children with diabetes back from the edge of death.
television | Television | communication | 1926 | Great Britain | A picture was taken apart line by line, sent through the air, and put together again on a screen.
rocket | Rocket with liquid fuel | transport | 1926 | United States | It rose twelve metres over a cabbage field, on petrol and liquid oxygen, in two and a half seconds.
penicillin | Penicillin | medicine | 1928 | Great Britain | A mould in a forgotten dish had killed the bacteria around it: the first antibiotic.
electron-microscope | Electron microscope | science | 1931 | Germany | Beams of electrons in place of light show viruses, a thousand times smaller than a hair is thick.
radar | Radar | transport | 1935 | Great Britain | Radio pulses come back from ships and aircraft and tell how far they are, in fog and at night.
jet-engine | Jet engine | transport | 1937 | Great Britain | Air is drawn in, pressed, burned with fuel and thrown out behind; propellers are no longer needed.
ballpoint | Ballpoint pen | household | 1938 | Hungary | A tiny ball rolls thick ink onto the paper, which neither leaks nor smears.
programmable-computer | Programmable computer | computing | 1941 | Germany | Two thousand relays calculated what holes in a film told them to, in a living room.
dialysis | Artificial kidney | medicine | 1943 | Netherlands | Blood ran through a tube of sausage skin in a salt bath, which took out what sick kidneys leave in.
microwave | Microwave oven | household | 1945 | United States | A bar of chocolate melted in an engineer’s pocket beside a radar set; the first thing cooked on purpose was popcorn.
transistor | Transistor | computing | 1947 | United States | A crystal with three contacts switches and amplifies as a valve does, without heat and without wearing out.
polio-vaccine | Polio vaccine | medicine | 1955 | United States | After its trial with more than a million schoolchildren, the iron lungs of the hospitals emptied.
shipping-container | Shipping container | transport | 1956 | United States | One steel box goes from lorry to ship to train, and a freighter is unloaded in hours instead of a week.
satellite | Artificial satellite | transport | 1957 | Soviet Union | A sphere with four aerials circled the earth and beeped for three weeks.
pacemaker | Implanted pacemaker | medicine | 1958 | Sweden | A small device under the skin gives the heart its beat when it forgets it.
integrated-circuit | Integrated circuit | computing | 1958 | United States | Transistors, resistors and their wires were made together in one piece of semiconductor.
laser | Laser | science | 1960 | United States | A rod of ruby in a flash lamp sent out light of a single colour in a single direction.
mouse | Computer mouse | computing | 1964 | United States | A wooden box with two wheels and a button moved a mark across the screen.
packet-network | Packet network | computing | 1969 | United States | Messages cut into packets found their way between four computers, each by itself; the first got as far as two letters.
relational-database | Relational database | computing | 1970 | United States | Data lie in tables, and a question says what is wanted, not how to find it.
email | Electronic mail | computing | 1971 | United States | A message to a person at another computer was addressed with the sign that means "at".
computed-tomography | Computed tomography | medicine | 1971 | Great Britain | X-rays from all sides and a computer show a slice through the head without a cut.
mobile-phone | Mobile telephone | communication | 1973 | United States | It weighed a kilogram, and its inventor called his rival from the street with it.
public-key | Public-key cryptography | computing | 1976 | United States | Two who have never met agree on a secret while everybody listens.
magnetic-resonance | Magnetic resonance tomography | medicine | 1977 | United States | A strong magnet and radio waves make soft parts of the body visible, without any rays that harm.
walkman | Pocket cassette player | household | 1979 | Japan | Headphones and two batteries took music out for a walk.
flash-memory | Flash memory | computing | 1984 | Japan | A chip that keeps its data without current, and forgets a whole block at a time.
lithium-battery | Lithium-ion battery | energy | 1991 | Japan | Light and rechargeable, it made cameras, telephones and later cars independent of the socket.
world-wide-web | World Wide Web | computing | 1990 | Switzerland | Pages that point to other pages, wherever these are kept: an idea for physicists that everybody took up.
blue-led | Blue light-emitting diode | energy | 1993 | Japan | With the colour that had been missing, white light could be made for a tenth of the current.
`;

/** A small museum of inventions. */
export const SEED_RECORDS: readonly SeedRecord[] = RECORDS.trim().split('\n').map(recordOf);

function recordOf(line: string): SeedRecord {
  const [key = '', title = '', field = '', year = '', country = '', text = ''] = line.split(' | ');
  return { key, title, field, year: Number(year), country, text };
}
