import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import { connection } from '../store/connection.svelte.ts';
import App from './App.svelte';
import { settings } from '../store/settings.svelte.ts';
import { followTheme } from './theme.ts';

// Before anything is drawn; App follows what is chosen later.
followTheme(settings.theme)();
connection.start();
mount(App, { target: document.querySelector('#app') as HTMLElement });
