import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32, unzipped, ZipWriter } from '../../static/js/lib/zip.js';

const bytes = (text) => new TextEncoder().encode(text);
const joined = (parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));

function zipOf(files) {
  const zip = new ZipWriter();
  const parts = Object.entries(files).flatMap(([path, content]) => [
    ...zip.header(path, content),
    content,
  ]);
  return joined([...parts, ...zip.end()]);
}

test('the checksum is that of the standard', () => {
  assert.equal(crc32(bytes('123456789')), 0xcbf43926);
});

test('what was put in comes out again', () => {
  const picture = Uint8Array.from({ length: 5000 }, (_, n) => (n * 7) % 256);
  const files = {
    'audit.json': bytes('{"zh": "记事"}'),
    'evidence/ab.jpg': picture,
    empty: new Uint8Array(),
  };
  assert.deepEqual(Object.fromEntries(unzipped(zipOf(files))), files);
});

test('other programs read it', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'rescue.zip');
  writeFileSync(path, zipOf({ 'audit.json': bytes('{}'), '证据.jpg': bytes('x') }));
  const check =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), *z.namelist())';
  const said = execFileSync('python3', ['-c', check, path], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf8' },
  });
  assert.equal(said.trim(), 'None audit.json 证据.jpg');
});

test('one changed byte is noticed', () => {
  const zip = zipOf({ 'audit.json': bytes('{"a": 1}') });
  for (const at of [35, 41, 44]) {
    const damaged = zip.slice();
    damaged[at + 5] ^= 1;
    assert.throws(() => unzipped(damaged), RangeError);
  }
});

test('half a file and no zip at all are refused', () => {
  const zip = zipOf({ 'audit.json': bytes('{}') });
  for (const part of [
    zip.slice(0, 20),
    zip.slice(0, zip.length - 10),
    bytes('not a zip'),
    new Uint8Array(),
  ]) {
    assert.throws(() => unzipped(part), RangeError);
  }
});
