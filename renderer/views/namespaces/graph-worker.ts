/** ELK in a file of our own: it listens for messages by itself where there is no document. */
import 'elkjs/lib/elk-worker.min.js';
