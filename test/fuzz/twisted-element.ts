import type { Chance } from './chance.ts';
import { hostileText } from './hostile-text.ts';

const whole = (name: string, content: string, attributes = '') =>
  `<${name}${attributes}>${content}</${name}>`;

/** The ways in which an element can differ from what the contract says. */
const twists: readonly ((name: string, content: string, chance: Chance) => string)[] = [
  () => '',
  (name, content) => whole(name, content).repeat(2),
  (name, content) => whole(name, content) + whole(name, ''),
  (name) => `<${name} xsi:nil="true"/>`,
  (name, content) => whole(name, content, ' xsi:nil="true"'),
  (name, content) => whole(name, content, ' xsi:nil="maybe"'),
  (name, _content, chance) => whole(name, hostileText(chance)),
  (name, _content, chance) => whole(name, hostileText(chance)),
  (name, _content, chance) => whole(name, hostileText(chance)),
  (name, content, chance) => whole(name, hostileText(chance) + content),
  (name, content, chance) => whole(name, content + hostileText(chance)),
  (name, content) => whole(name.toUpperCase(), content),
  (name, content) => whole(`x${name}`, content),
  (name, content) => whole(name, content, ' xmlns="urn:other"'),
  (name, content) => whole(name, content, ' xmlns=""'),
  (name, content) => whole(name, content, ' xmlns="http://www.marketo.com/mktows/"'),
  (name, content) => whole(`m:${name}`, content),
  (name, content) => whole(`other:${name}`, content, ' xmlns:other="http://www.marketo.com/mktows/"'),
  (name, content) => whole(`unbound:${name}`, content),
  (name, content) => whole(name, content, ' xmlns:m="urn:other"'),
  (name, content, chance) => whole(name, content, ` id="r${chance.number(3)}"`),
  (name, _content, chance) => `<${name} href="#r${chance.number(3)}"/>`,
  (name, content, chance) => whole(name, content, ` href="#r${chance.number(3)}"`),
  (name, content, chance) =>
    whole(name, content, ` id="r0"`) + `<${name} href="#r0"/>`.repeat(chance.few(120)),
  (name, content, chance) =>
    whole(
      name,
      content,
      ` xsi:type="${chance.oneOf(['xsd:int', 'm:MObject', 'xsd:base64Binary', 'no:x', ''])}"`,
    ),
  (name, content) => whole(name, content, ' a="1" a="2"'),
  (name, content, chance) =>
    whole(name, content, Array.from({ length: chance.few(70) }, (_, n) => ` a${n}=""`).join('')),
  (name, content, chance) => whole(name, content, ` a="${'&lt;x'.repeat(chance.few(20_000))}"`),
  (name, content, chance) => {
    const long = 'n'.repeat(chance.few(20_000));
    return whole(name, content, Array.from({ length: chance.few(60) }, (_, n) => ` ${long}${n}=""`).join(''));
  },
  (name, content, chance) =>
    whole(
      name,
      content,
      Array.from(
        { length: chance.few(60) },
        (_, n) => ` xmlns:p${n}="urn:${'u'.repeat(chance.few(2_000))}"`,
      ).join(''),
    ),
  (name, content) => `<!-- ${name} -->${whole(name, `<!---->${content}<?pi?>`)}`,
  (name, content) => whole(name, `<![CDATA[${content}]]>`),
  (name, content) => `<unknown><deeper>${content}</deeper></unknown>${whole(name, content)}`,
  (name, content) => whole(name, whole(name, content)),
  (name, content, chance) => {
    const levels = chance.few(80);
    return `<${name}>`.repeat(levels) + content + `</${name}>`.repeat(levels);
  },
  (name, content) => `<${name}>${content}`,
  (name, content) => `${content}</${name}>`,
  (_name, content) => content,
  (name, content) => `<${name} >${content}</${name}\n>`,
  (name, content) => `text${whole(name, content)}text`,
];

/** An element, twisted with this probability. */
export function twisted(
  name: string,
  content: string,
  chance: Chance,
  probability: number,
  attributes = '',
): string {
  return chance.happens(probability)
    ? chance.oneOf(twists)(name, content, chance)
    : whole(name, content, attributes);
}
