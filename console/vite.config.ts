import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The server whose API `npm run console:dev` uses. */
const server = process.env.MKTOWS_URL ?? 'http://127.0.0.1:8980';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // The Content-Security-Policy refuses `data:` URLs and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
  server: { proxy: { '/api': { target: server } } },
});
