import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blocked,
  nextWake,
  photosToSend,
  recordState,
  rowsDue,
  waitBefore,
} from '../../static/js/lib/queue.js';

const row = (more) => ({
  audit: 'a',
  kind: 'final',
  queued_at: '2026-11-18T10:00:00.000Z',
  attempt: 0,
  next_at: 0,
  reason: '',
  detail: '',
  stopped: false,
  sent: {},
  bad: {},
  ...more,
});

test('each wait is longer than the one before, up to a quarter of an hour', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => waitBefore(attempt, 0));
  for (const [index, wait] of waits.slice(1).entries()) assert.ok(wait >= waits[index]);
  assert.equal(waitBefore(1, 0), 2000);
  assert.equal(waitBefore(50, 0.999), Math.round(450_000 + 450_000 * 0.999));
});

test('half of a wait is chance, so that phones do not come back together', () => {
  assert.ok(waitBefore(3, 0.9) > waitBefore(3, 0.1));
});

test('the server may ask for a longer wait, not for a shorter one', () => {
  assert.equal(waitBefore(1, 0, 60_000), 60_000);
  assert.equal(waitBefore(5, 0, 1), waitBefore(5, 0));
});

test('small photos go before large ones; sent and refused ones do not go', () => {
  const evidence = [
    ['a', 300],
    ['b', 100],
    ['c', 200],
    ['d', 50],
    ['e', 10],
  ].map(([sha256, bytes]) => ({ sha256, bytes }));
  const order = photosToSend({ evidence }, row({ sent: { d: true }, bad: { e: 415 } }));
  assert.deepEqual(
    order.map(({ sha256 }) => sha256),
    ['b', 'c', 'a'],
  );
});

test('finished audits go before drafts, the oldest first', () => {
  const rows = [
    row({ audit: 'draft', kind: 'draft', queued_at: '2026-11-01' }),
    row({ audit: 'late', queued_at: '2026-11-03' }),
    row({ audit: 'early', queued_at: '2026-11-02' }),
  ];
  assert.deepEqual(
    rowsDue(rows, 1, false).map(({ audit }) => audit),
    ['early', 'late', 'draft'],
  );
});

test('a record that was refused holds nobody up, whatever the auditor presses', () => {
  const rows = [
    row({ audit: 'bad', stopped: true }),
    row({ audit: 'waiting', next_at: 100 }),
    row({ audit: 'due' }),
  ];
  assert.deepEqual(
    rowsDue(rows, 50, false).map(({ audit }) => audit),
    ['due'],
  );
  assert.deepEqual(
    rowsDue(rows, 50, true).map(({ audit }) => audit),
    ['waiting', 'due'],
  );
  assert.equal(nextWake([rows[1]], 50), 50);
  assert.equal(nextWake([rows[0]], 50), null);
});

test('every record has one state, trouble first', () => {
  const remote = { receipt: 'eyJ', evidence: { received: [], missing: [], unreadable: [] } };
  const record = (more) => ({
    conflict: null,
    problems: [],
    remote: null,
    document: { state: 'final' },
    ...more,
  });
  assert.equal(recordState(record({ conflict: {}, problems: [{}] }), undefined), 'conflict');
  assert.equal(recordState(record({ problems: [{}] }), undefined), 'refused');
  assert.equal(recordState(record({ document: { state: 'draft' } }), row()), 'draft');
  assert.equal(recordState(record(), row()), 'sending');
  assert.equal(recordState(record(), row({ stopped: true })), 'refused');
  assert.equal(recordState(record({ remote }), undefined), 'delivered');
  assert.equal(
    recordState(record({ remote: { ...remote, receipt: null } }), undefined),
    'arrived',
  );
  const unreadable = { ...remote, evidence: { ...remote.evidence, unreadable: ['x'] } };
  assert.equal(recordState(record({ remote: unreadable }), undefined), 'unreadable');
});

test('what stands in the way has a name', () => {
  const refusal = (status) => ({ status, retryAfterMs: 5, message: 'm' });
  assert.equal(blocked(null, new Error('x')).reason, 'no_signal');
  assert.equal(blocked(refusal(401)).reason, 'signed_out');
  assert.equal(blocked(refusal(503)).reason, 'server_busy');
  assert.equal(blocked(refusal(507)).reason, 'server_full');
  assert.equal(blocked(refusal(403)).reason, 'server_said_no');
  assert.equal(blocked(refusal(503)).asked, 5);
});
