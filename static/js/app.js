/** The desk: every page works without this; it only saves steps. */
import { closeOthers } from './ui/menu.js';

closeOthers(document);
