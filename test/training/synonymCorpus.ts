import { randomNumbers } from '../../src/training/random.ts';

/** Things that are said in two words, and sentences about them: `{0}` stands for the first thing. */
interface Topic {
  readonly things: readonly (readonly [plain: string, other: string])[];
  readonly sentences: readonly string[];
}

const TOPICS: readonly Topic[] = [
  {
    things: [
      ['doctor', 'physician'],
      ['medicine', 'remedy'],
      ['ill', 'ailing'],
      ['wound', 'lesion'],
    ],
    sentences: [
      'The {0} examined the patient in the ward and took her pulse.',
      'Twice a day the nurse brings the {1}, which brings the fever down.',
      'Whoever is {2} stays in bed and drinks tea until the fever goes.',
      'The {3} was cleaned, stitched and bandaged by the nurse.',
      'Ask the {0} before you take a {1} against fever and cough.',
      'A {3} that does not heal is shown to the {0} at the surgery.',
      'The patient felt {2} and swallowed the {1} with water.',
    ],
  },
  {
    things: [
      ['car', 'automobile'],
      ['petrol', 'gasoline'],
      ['lorry', 'truck'],
      ['crash', 'collision'],
    ],
    sentences: [
      'The {0} stood in the garage with new tyres and a cold engine.',
      'At the pump the tank was filled with {1} for the long road.',
      'A {2} with a trailer carried bricks along the motorway.',
      'After the {3} the police closed two lanes of the motorway.',
      'The brakes of the {0} failed and there was a {3} at the crossing.',
      'The {2} burns more {1} uphill than on a level road.',
      'The driver steered the {0} past the {2} in the slow lane.',
    ],
  },
  {
    things: [
      ['ship', 'vessel'],
      ['sailor', 'mariner'],
      ['harbour', 'port'],
      ['storm', 'tempest'],
    ],
    sentences: [
      'The {0} left with the tide, her hold full of timber.',
      'Every {1} stood watch for four hours and slept for eight.',
      'In the {2} cranes unload the cargo at the quay.',
      'The {3} tore the sails and broke the mast.',
      'The {1} tied the {0} to the quay with two ropes.',
      'Before the {3} the boats came back into the {2}.',
      'The captain of the {0} waited in the {2} for the tide.',
    ],
  },
  {
    things: [
      ['teacher', 'instructor'],
      ['pupil', 'schoolchild'],
      ['exam', 'assessment'],
      ['mistake', 'error'],
    ],
    sentences: [
      'The {0} wrote the sum on the blackboard and turned round.',
      'Each {1} has a desk, a satchel and a reading book.',
      'The {2} lasts two hours and is marked out of twenty.',
      'The {3} was underlined in red ink and corrected in the margin.',
      'The {1} found the {3} and wrote the sentence again.',
      'Before the {2} the {0} goes through the lessons of the term.',
      'A {1} who passes the {2} moves up a class.',
    ],
  },
  {
    things: [
      ['lawyer', 'attorney'],
      ['judge', 'magistrate'],
      ['contract', 'covenant'],
      ['thief', 'burglar'],
    ],
    sentences: [
      'The {0} spoke for the accused and called two witnesses.',
      'The {1} heard the witnesses and passed the sentence in court.',
      'Both parties signed the {2} in the presence of a notary.',
      'The {3} climbed in through the cellar and took the silver.',
      'The {1} sentenced the {3} to two years in prison.',
      'The {0} read the {2} clause by clause before the court.',
      'Witnesses saw the {3} and told the {0} about the silver.',
    ],
  },
  {
    things: [
      ['farmer', 'grower'],
      ['field', 'acre'],
      ['harvest', 'reaping'],
      ['rain', 'downpour'],
    ],
    sentences: [
      'The {0} sowed wheat and barley and kept forty cows.',
      'The {1} was ploughed in autumn and sown with barley.',
      'At the {2} the combine cuts the wheat and the straw is baled.',
      'After the {3} the soil was heavy and the ditches were full.',
      'The {0} waits with the {2} until the wheat is dry.',
      'The {3} flattened the barley in the {1} by the ditch.',
      'The {0} drained the {1} so that the barley would stand.',
    ],
  },
  {
    things: [
      ['cook', 'chef'],
      ['oven', 'stove'],
      ['meal', 'repast'],
      ['knife', 'blade'],
    ],
    sentences: [
      'The {0} tasted the sauce and added salt and thyme.',
      'The {1} is heated to two hundred degrees for the roast.',
      'The {2} began with soup and ended with cheese and pears.',
      'With the {3} the onions are chopped and the carrots sliced.',
      'The {0} sharpened the {3} and sliced the roast.',
      'The {0} planned the {2} for twelve guests around the roast.',
      'The soup for the {2} simmered on the {1} with thyme.',
    ],
  },
  {
    things: [
      ['soldier', 'warrior'],
      ['gun', 'firearm'],
      ['fight', 'combat'],
      ['enemy', 'foe'],
    ],
    sentences: [
      'The {0} marched thirty miles with a pack and a blanket.',
      'The {1} was loaded, aimed and fired over the trench.',
      'The {2} at the bridge lasted until the regiment withdrew.',
      'The {3} attacked at dawn and crossed the trench.',
      'The {0} fired the {1} from the trench at dawn.',
      'In the {2} the regiment drove the {3} over the bridge.',
      'The {0} saw the {3} behind the bridge and called the regiment.',
    ],
  },
  {
    things: [
      ['house', 'dwelling'],
      ['roof', 'rooftop'],
      ['wall', 'partition'],
      ['builder', 'mason'],
    ],
    sentences: [
      'The {0} has three bedrooms, a kitchen and a cellar.',
      'The {1} was covered with slates and a new gutter.',
      'The {2} between kitchen and bedrooms is plastered and painted.',
      'The {3} mixed the mortar and laid the bricks.',
      'The {3} plastered the {2} and painted the kitchen.',
      'Water came through the {1} into the bedrooms of the {0}.',
      'The {3} laid slates on the {1} before winter.',
    ],
  },
  {
    things: [
      ['money', 'cash'],
      ['shop', 'store'],
      ['buyer', 'purchaser'],
      ['price', 'cost'],
    ],
    sentences: [
      'The {0} was counted at the till and put into the drawer.',
      'The {1} opens at nine and sells shoes, coats and hats.',
      'The {2} tried on the coat and asked for a receipt.',
      'The {3} of the coat was halved in the sale.',
      'The {2} paid the {3} of the shoes at the till.',
      'In the {1} the {2} looked for shoes in the sale.',
      'The {1} keeps the {0} from the till in a drawer.',
    ],
  },
];

const SENTENCES_PER_PASSAGE = 4;

/** What an author writes about: one topic, each thing called by one of its two words. */
function passage(topic: Topic, choose: (thing: number) => 0 | 1, random: () => number): string {
  const words = topic.things.map((pair, thing) => pair[choose(thing)]);
  const start = Math.floor(random() * topic.sentences.length);
  return Array.from({ length: SENTENCES_PER_PASSAGE }, (_, at) => {
    const sentence = topic.sentences[(start + at * 3) % topic.sentences.length] as string;
    return sentence.replaceAll(/\{(\d)\}/g, (_match, thing) => words[Number(thing)] as string);
  }).join(' ');
}

/** Passages to learn from, whose authors call things as they please. */
export function corpusPassages(count: number, seed: number): string[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const topic = TOPICS[Math.floor(random() * TOPICS.length)] as Topic;
    const style = topic.things.map(() => (random() < 0.5 ? 0 : 1));
    return passage(topic, (thing) => style[thing] ?? 0, random);
  });
}

/** Passages in plain words, and questions in the other words alone, none of which is in any of the passages. */
export function synonymExam(seed: number): {
  readonly passages: readonly string[];
  readonly questions: readonly { readonly query: string; readonly answers: readonly number[] }[];
} {
  const random = randomNumbers(seed);
  const passages = TOPICS.flatMap((topic) =>
    Array.from({ length: 6 }, () => passage(topic, () => 0, random)),
  );
  const questions = TOPICS.flatMap(({ things }) =>
    things.flatMap((first, at) =>
      things.slice(at + 1).map((second) => ({
        query: `${first[1]} ${second[1]}`,
        answers: [...passages.keys()].filter((passage) => {
          const words = new Set((passages[passage] as string).toLowerCase().match(/\p{L}+/gu));
          return words.has(first[0]) && words.has(second[0]);
        }),
      })),
    ),
  ).filter(({ answers }) => answers.length > 0);
  return { passages, questions };
}
