/** Tells the page that it is in Electron, and hands it each port to the host that main brings. Nothing else crosses. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('porthole', { electron: true });

ipcRenderer.on('porthole-port', (event) => {
  window.postMessage('porthole-port', location.origin, event.ports);
});
