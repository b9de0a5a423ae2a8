import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import { connection } from '../store/connection.svelte.ts';
import App from './App.svelte';
import { followSystemTheme } from './theme.ts';

followSystemTheme();
connection.start();
mount(App, { target: document.querySelector('#app') as HTMLElement });
