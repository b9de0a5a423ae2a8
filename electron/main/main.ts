/** Where Electron begins. */
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { fileURLToPath } from 'node:url';
import { startApp } from './app.ts';

startApp(
  {
    app,
    BrowserWindow,
    dialog,
    Menu,
    MessageChannelMain,
    nativeTheme,
    protocol,
    screen,
    session,
    shell,
    utilityProcess,
  },
  fileURLToPath(new URL('.', import.meta.url)),
);
