/** The wire. The only place that names fetch and XMLHttpRequest. */

import { recall, remember } from './db.js';

const BASE = '/api/v1/field';
const PATIENCE_MS = 30_000;

/** The server answered, but not with what was asked for. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {any} problem the problem document, or {}
   * @param {number} retryAfterMs
   */
  constructor(status, problem = {}, retryAfterMs = 0) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'Refusal';
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Nobody answered: no signal, or the server is away. */
export class NoSignal extends Error {}

/** @type {string | null} */
let csrf = null;

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function ask(path, options = {}) {
  const headers = { Accept: 'application/json', ...options.headers };
  try {
    return await fetch(BASE + path, {
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout?.(PATIENCE_MS),
      ...options,
      headers,
    });
  } catch (error) {
    throw new NoSignal(String(error), { cause: error });
  }
}

/** @param {Response} response */
async function refusal(response) {
  const wait = Number(response.headers.get('Retry-After') ?? 0) * 1000;
  const problem = await response.json().catch(() => ({}));
  return new Refusal(response.status, problem, Number.isFinite(wait) ? wait : 0);
}

/** The token that the session cookie must be sent with. */
async function token() {
  csrf ??= (await recall('csrf')) ?? '';
  return csrf ?? '';
}

/** @param {string} value */
async function keepToken(value) {
  csrf = value;
  await remember('csrf', value);
}

/**
 * A token from before the last sign-in is refused; with a new one the same request goes through.
 * @template T
 * @param {() => Promise<T>} attempt
 * @returns {Promise<T>}
 */
async function withToken(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Refusal) || !String(error.problem.type).endsWith('csrf'))
      throw error;
  }
  await getBundle(null);
  return attempt();
}

/** The desk's pages and the next shell speak the same; no matter when there is no signal. @param {'zh' | 'en'} language */
export async function tellLanguage(language) {
  await fetch(`/language/${language}?next=/healthz`).catch(() => {});
}

/**
 * All that this auditor needs offline.
 * @param {string | null} etag
 * @returns {Promise<{bundle: import('../lib/types.js').Bundle | null, etag: string | null, sentAt: number}>}
 *   bundle null when nothing changed
 */
export async function getBundle(etag) {
  const sentAt = Date.now();
  const response = await ask('/bundle', { headers: etag ? { 'If-None-Match': etag } : {} });
  const fresh = response.headers.get('X-CSRFToken');
  if (fresh) await keepToken(fresh);
  if (response.status === 304) return { bundle: null, etag, sentAt };
  if (!response.ok) throw await refusal(response);
  return { bundle: await response.json(), etag: response.headers.get('ETag'), sentAt };
}

/** @param {string} digest @returns {Promise<import('../lib/types.js').Form>} */
export async function getForm(digest) {
  const response = await ask(`/forms/${digest.replace('sha256:', '')}`);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/** @param {string} sha256 whether the server holds it, for this auditor */
export async function hasEvidence(sha256) {
  const response = await ask(`/evidence/${sha256}`, { method: 'HEAD' });
  if (response.ok) return true;
  if (response.status === 404) return false;
  throw new Refusal(response.status);
}

/**
 * @param {string} sha256
 * @param {ArrayBuffer} bytes
 * @param {string} type
 * @param {(sent: number) => void} onProgress bytes on their way
 * @returns {Promise<void>}
 */
export const putEvidence = (sha256, bytes, type, onProgress) =>
  withToken(() => upload(sha256, bytes, type, onProgress));

/**
 * @param {string} sha256
 * @param {ArrayBuffer} bytes
 * @param {string} type
 * @param {(sent: number) => void} onProgress
 * @returns {Promise<void>}
 */
async function upload(sha256, bytes, type, onProgress) {
  const request = new XMLHttpRequest(); // fetch cannot tell how far an upload has come
  request.open('PUT', `${BASE}/evidence/${sha256}`);
  request.setRequestHeader('Content-Type', type);
  request.setRequestHeader('X-CSRFToken', await token());
  request.timeout = PATIENCE_MS * 4;
  request.upload.onprogress = ({ loaded }) => onProgress(loaded);
  return new Promise((resolve, reject) => {
    request.onload = () => {
      if (request.status < 300) resolve();
      else
        reject(new Refusal(request.status, parsed(request.responseText), retryAfter(request)));
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new NoSignal());
    request.send(bytes);
  });
}

/** @param {XMLHttpRequest} request */
function retryAfter(request) {
  return Number(request.getResponseHeader('Retry-After') ?? 0) * 1000 || 0;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * @param {import('../lib/types.js').AuditDocument} document
 * @returns {Promise<import('../lib/types.js').Remote>}
 */
export const putAudit = (document) =>
  tell('PUT', `/audits/${document.id}`, JSON.stringify(document), 'application/json');

/**
 * The server's copy, for a new phone and for comparing.
 * @param {string} id
 * @returns {Promise<import('../lib/types.js').Remote & {document?: import('../lib/types.js').AuditDocument}>}
 */
export async function getAudit(id) {
  const response = await ask(`/audits/${id}`);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/** @param {Blob} file a rescue file, as it is */
export const postRescue = (file) => tell('POST', '/rescue', file, 'application/zip');

/**
 * @param {string} method
 * @param {string} path
 * @param {BodyInit} body
 * @param {string} type
 */
function tell(method, path, body, type) {
  return withToken(async () => {
    const headers = { 'Content-Type': type, 'X-CSRFToken': await token() };
    const response = await ask(path, { method, body, headers });
    if (!response.ok) throw await refusal(response);
    return response.json();
  });
}
