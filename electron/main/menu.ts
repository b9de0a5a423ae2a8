/**
 * The menu, as data. Its keys stay clear of those that shells want (Ctrl+R searches, Ctrl+W deletes a word, Ctrl+Q
 * resumes); the edit roles do not register theirs on Linux, Chromium handles them.
 */
import type { MenuItemConstructorOptions } from 'electron';

export const menuTemplate = (forDevelopers: boolean): MenuItemConstructorOptions[] => [
  {
    label: 'Porthole',
    submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'quit', accelerator: 'CommandOrControl+Shift+Q' }],
  },
  {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  },
  {
    label: 'View',
    submenu: [
      { role: 'reload', accelerator: 'CommandOrControl+Shift+R' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen', accelerator: 'Alt+Enter' },
      ...(forDevelopers ? [{ role: 'toggleDevTools' } as const] : []),
    ],
  },
];
