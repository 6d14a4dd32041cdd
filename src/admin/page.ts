import type { FastifyInstance } from 'fastify';
import { API_PATH } from './paths.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Adds a page that shows the routes of the OpenAPI document, and sends requests to them. */
export function addPage(app: FastifyInstance): void {
  for (const [path, type, text] of [
    ['/', 'text/html', html],
    ['/page.js', 'text/javascript', script],
    ['/page.css', 'text/css', style],
  ] as const) {
    app.get(`${API_PATH}${path}`, async (_request, reply) =>
      reply.type(`${type}; charset=utf-8`).header('content-security-policy', policy).send(text),
    );
  }
  app.get(API_PATH, async (_request, reply) => reply.redirect(`${API_PATH}/`, 308));
}

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>mktows admin API</title>
<link rel="stylesheet" href="page.css">
<main>
<h1>mktows admin API</h1>
<p>The routes of <a href="openapi.json">openapi.json</a>. <code>mktows admin-token</code> shows the token; it stays in this page.</p>
<label>Token <input id="token" type="password" autocomplete="off" spellcheck="false"></label>
<div id="routes"></div>
</main>
<script src="page.js"></script>
`;

const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
summary code { font-weight: 600; }
label { display: block; margin: 0.5rem 0; }
input { width: 20rem; max-width: 100%; font: inherit; }
textarea { display: block; width: 100%; box-sizing: border-box; font: 0.9rem monospace; }
pre { overflow: auto; max-height: 30rem; border: 1px solid; padding: 0.5rem; font-size: 0.85rem; }
`;

/** Builds everything of text nodes: nothing that comes from the server is parsed as HTML. */
const script = `'use strict';
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

function sample(schema) {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0]);
  if (schema.type === 'array') return [sample(schema.items ?? {})];
  if (schema.type === 'object')
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sample(inner)]));
  return { string: '', integer: 0, number: 0, boolean: false, null: null }[schema.type] ?? null;
}

function route(path, method, about) {
  const fields = (about.parameters ?? []).map((parameter) => {
    const input = make('input', { placeholder: parameter.description ?? '' });
    return { parameter, input };
  });
  const schema = about.requestBody?.content['application/json'].schema;
  const body = schema && make('textarea', { rows: 8, value: JSON.stringify(sample(schema), null, 2) });
  const answer = make('pre', { hidden: true, tabIndex: 0 });
  const send = make('button', { textContent: 'Send' });
  send.onclick = async () => {
    let url = path;
    const query = new URLSearchParams();
    for (const { parameter, input } of fields) {
      if (parameter.in === 'path') url = url.replace('{' + parameter.name + '}', encodeURIComponent(input.value));
      else if (input.value !== '') query.append(parameter.name, input.value);
    }
    const headers = {};
    const token = document.getElementById('token').value;
    if (token !== '') headers.authorization = 'Bearer ' + token;
    if (body) headers['content-type'] = 'application/json';
    answer.hidden = false;
    answer.textContent = '…';
    try {
      const found = await fetch('.' + url + (query.size > 0 ? '?' + query : ''), {
        method: method.toUpperCase(), headers, body: body?.value,
      });
      const text = found.headers.get('content-type')?.startsWith('text/event-stream') ? '' : await found.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
      answer.textContent = found.status + ' ' + found.statusText + '\\n' + shown;
    } catch (error) {
      answer.textContent = String(error);
    }
  };
  return make('details', {},
    make('summary', {}, make('code', { textContent: method.toUpperCase() + ' ' + path }), '  ' + about.summary),
    ...fields.map(({ parameter, input }) =>
      make('label', {}, parameter.name + (parameter.required ? ' (required) ' : ' '), input)),
    ...(body ? [make('label', {}, 'Body', body)] : []),
    send, answer);
}

fetch('openapi.json').then((found) => found.json()).then(({ paths, tags }) => {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, about]) => ({ path, method, about })));
  for (const { name } of tags)
    document.getElementById('routes').append(make('h2', { textContent: name }),
      ...all.filter(({ about }) => about.tags[0] === name).map(({ path, method, about }) => route(path, method, about)));
});
`;
