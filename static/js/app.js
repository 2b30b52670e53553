/** The desk: every page works without this; it only saves steps. */
import { offerPictures } from './desk/chart-picture.js';
import { checkWhileTyped } from './desk/item-check.js';
import { walkMatrix } from './desk/matrix.js';
import { offerPush } from './desk/push.js';
import { redactPhoto } from './desk/redact.js';
import { pressByKey } from './ui/keys.js';
import { closeOthers } from './ui/menu.js';
import { showCurrentSection } from './ui/navigation.js';
import { offerPrint } from './ui/print.js';
import { viewPhotos } from './ui/viewer.js';

closeOthers(document);
showCurrentSection(document);
offerPrint(document);
viewPhotos(document);
pressByKey(document);
walkMatrix(document);
checkWhileTyped(document);
offerPictures(document);
redactPhoto(document);
offerPush(document);
