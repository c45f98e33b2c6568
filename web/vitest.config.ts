import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VERSION__: '"test"', __COMMIT__: '"test"' },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', pool: 'threads' },
});
