import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { followLook } from '@/ui/look';
import '@/ui/styles/main.css';

window.__ui = { version: __VERSION__, commit: __COMMIT__ };
followLook();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
