import { client } from './client.ts';

/** The text of the page's only script. */
export const SCRIPT = `'use strict';(${client.toString()})(document, window);`;
