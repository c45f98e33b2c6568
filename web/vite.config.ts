import { execSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { budget } from './build/budget.ts';
import manifest from './package.json' with { type: 'json' };

/** The running exchange that `npm run dev` talks to. */
const exchange = process.env.BEZANT_URL ?? 'http://127.0.0.1:8080';
// The Host stays as the browser sent it: the exchange compares it with the page's origin.
const proxied = { target: exchange };

export default defineConfig({
  plugins: [react(), tailwindcss(), budget()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VERSION__: JSON.stringify(manifest.version),
    __COMMIT__: JSON.stringify(commit()),
  },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 400 },
  server: {
    proxy: {
      '/api': proxied,
      '/health': proxied,
      '/schema': proxied,
      '/docs': proxied,
      '/ws': { ...proxied, ws: true },
    },
  },
});

/** Return the short commit of the sources, or "unknown" outside a repository. */
function commit(): string {
  try {
    return execSync('git rev-parse --short HEAD', { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return 'unknown';
  }
}
