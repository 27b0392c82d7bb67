import 'slack-blocks-to-jsx/dist/style.css';
import './style/theme.css';
import './style/layout.css';
import './style/parts.css';
import './style/blocks.css';
import './style/teams.css';
import './style/teams-card.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './parts/app.tsx';

const root = document.getElementById('page');
if (root === null) throw new Error('The page has no element with the id "page".');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
