/** A plugin for the page that `npm run dev` builds: it reloads itself when it has been built anew. */

/** How often the page asks, ms. */
const ASK_MILLIS = 700;

const SCRIPT = `
let build = null;
setInterval(async () => {
  const answer = await fetch('./build.json', { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) return;
  const { id } = await answer.json();
  if (build !== null && id !== build) location.reload();
  build = id;
}, ${ASK_MILLIS});
`;

/** @returns {import('vite').Plugin} */
export const reloading = () => ({
  name: 'porthole-reloading',
  transformIndexHtml: () => [{ tag: 'script', attrs: { type: 'module', src: './reloading.js' }, injectTo: 'body' }],
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'reloading.js', source: SCRIPT });
    this.emitFile({ type: 'asset', fileName: 'build.json', source: JSON.stringify({ id: Date.now() }) });
  },
});
