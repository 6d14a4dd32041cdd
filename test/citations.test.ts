import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

/** Pages and code name each other by paths from the root of the repository; GitHub makes the anchors of headings. */
const pages = globSync(['*.md', 'docs/**/*.md', 'bench/*.md']);
const codeFiles = globSync(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts']).filter(
  (file) => file !== join('test', 'citations.test.ts'),
);

const read = (file: string) => readFileSync(file, 'utf8');
const proseOf = (page: string) => read(page).replace(/^```[\s\S]*?^```/gm, '');

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '').replaceAll(' ', '-');
}

const headingsOf = (page: string) =>
  Array.from(proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm), ([, heading = '']) => heading);

const anchors = new Map(pages.map((page) => [page, headingsOf(page).map(anchorOf)]));

interface Comment {
  readonly place: string;
  readonly text: string;
}

const comments: Comment[] = codeFiles.flatMap((file) =>
  read(file)
    .split('\n')
    .map((line, index) => ({ place: `${file}:${index + 1}`, text: line }))
    .filter(({ text }) => /^\s*(?:\/\*|\*|\/\/)|\s\/\/ /.test(text)),
);

it('finds the pages and the comments', () => {
  expect(pages).toContain(join('docs', 'behaviour.md'));
  expect(comments.length).toBeGreaterThan(1000);
});

it('code cites only sections that exist', () => {
  const wrong: string[] = [];
  let citations = 0;
  for (const file of codeFiles) {
    for (const [cited, page = '', anchor, section] of read(file).matchAll(
      /\b(docs\/[\w-]+\.md)(?:#([\w-]*)|, "([^"]+)")?/g,
    )) {
      citations++;
      const wanted = anchor ?? (section === undefined ? undefined : anchorOf(section));
      const known = anchors.get(normalize(page));
      if (known === undefined || (wanted !== undefined && !known.includes(wanted))) {
        wrong.push(`${file}: ${cited}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(citations).toBeGreaterThan(80);
});

it('no comment cites a page that is not in the repository', () => {
  const wrong = comments.flatMap(({ place, text }) =>
    Array.from(text.matchAll(/[\w./-]+\.md\b/g), ([page]) => page)
      .filter((page) => !existsSync(page) && !existsSync(join(dirname(place), page)))
      .map((page) => `${place}: ${page}`),
  );
  expect(wrong).toEqual([]);
});

it('no comment cites a rule by a number that no page has', () => {
  const wrong = comments.filter(({ text }) => /\b[BCFLQ]\d+(?:\.\d+)?\b/.test(text));
  expect(wrong.map(({ place, text }) => `${place}: ${text.trim()}`)).toEqual([]);
});

it.each(pages)('%s links only to files and sections that exist', (page) => {
  const wrong = Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#', 2);
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchors.get(target)?.includes(anchor);
    });
  expect(wrong).toEqual([]);
});

it('behaviour.md and wire.md cite only sources that behaviour.md lists', () => {
  const behaviour = read('docs/behaviour.md');
  const table = behaviour.slice(behaviour.indexOf('\n## Sources'));
  const listed = new Set(
    Array.from(table.matchAll(/^\| ([A-Z][^|]*) \|/gm), ([, keys = '']) => keys.split(', ')).flat(),
  );
  const cited = new Set(
    ['docs/behaviour.md', 'docs/wire.md']
      .flatMap((page) => Array.from(proseOf(page).matchAll(/\[([A-Z][\w.,\s-]*)\](?!\()/g)))
      .flatMap(([, keys = '']) => keys.split(/,\s+/)),
  );
  expect([...cited].filter((key) => !listed.has(key))).toEqual([]);
  expect([...listed].filter((key) => !cited.has(key))).toEqual([]);
});
