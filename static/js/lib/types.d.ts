/** What the wire and the phone's own stores hold; see docs/architecture.md and the field contract. */
export interface Text {
  zh: string;
  en: string;
}
export type Value = string | number | (string | number)[];
export interface Answer {
  value?: Value;
  at?: string;
  source?: 'clock' | 'recalled' | 'ticket';
  note?: string;
  reason?: string;
  photo_waived?: string;
  reply?: string;
  /** how long a drill took */
  seconds?: number;
}
export interface Mark {
  event: string;
  at: string;
  elapsed_ms: number;
  source: 'tapped' | 'recalled';
  never?: boolean;
  bridged?: boolean;
}
export interface Position {
  lat: number;
  lon: number;
  accuracy_m: number;
  at?: string;
}
export interface Evidence {
  sha256: string;
  bytes: number;
  type: string;
  item?: string;
  taken_at: string;
  source?: 'camera' | 'album';
  position?: Position;
}
export interface AuditDocument {
  id: string;
  visit: string;
  form: string;
  device: string;
  revision: number;
  state: 'draft' | 'final';
  today: string[];
  started_at: string;
  finished_at?: string;
  answers: Record<string, Answer>;
  marks: Mark[];
  evidence: Evidence[];
  clock_offset_ms: number;
  positions: Position[];
  app: string;
  takes_over?: string;
  outcome?: string;
  corrections?: Record<string, Correction>;
  rechecks?: Record<string, Recheck>;
  signature?: Signature;
  staff?: string[];
}
/** What only an open inspection holds; see docs/architecture.md, "Open inspection". */
export interface Correction {
  at: string;
  note?: string;
  photo_waived?: string;
}
export interface Recheck {
  at: string;
  result?: string;
  note?: string;
}
export interface Signature {
  state: 'signed' | 'refused';
  at: string;
  position?: string;
  sha256?: string;
  reason?: string;
}
export interface Finding extends Text {
  id: string;
  short?: Text;
  guide?: Text;
  source: string;
  month: string;
  note?: string;
  corrected?: boolean;
}
/** What the screens of a visit ask of an open inspection's own modules. */
export interface Tools {
  fill(place: HTMLElement, open: import('../ui/open.js').Open, item: Item, state: string): void;
  gaps(form: Form, document: AuditDocument): { pointer: string; code: string }[];
  sentence(form: Form, gap: { pointer: string; code: string }): string | undefined;
  href(visit: string, pointer: string): string | undefined;
  tidied(form: Form, document: AuditDocument): AuditDocument;
  outcomes: string[];
}
export interface Option extends Text {
  id: string;
  score: number | 'skip';
}
export interface Band {
  up_to: number;
  score: number;
}
export type Requirement = 'required' | 'optional' | 'not_applicable';
export interface Rule {
  if: string[];
  requirement: Requirement;
  rule: number;
  why: Text;
}
export interface Item extends Text {
  id: string;
  section: string;
  kind: string;
  weight: number;
  critical: boolean;
  photo: string;
  note: string;
  stage: string;
  answer_at: string;
  requirement: Requirement;
  rule: number;
  why: Text;
  quality?: string;
  guide?: Text;
  short?: Text;
  timer?: { from: string; to: string };
  bands?: Band[];
  options?: Option[];
  anchors?: Record<string, Text>;
  min?: number;
  max?: number;
  sample?: number;
  answer?: Text;
  ask_if?: Record<string, string | number | (string | number)[]>;
  today?: Rule[];
}
export interface Form extends Text {
  schema: number;
  checklist: string;
  version: string;
  source: string;
  hall: string;
  scenario?: string;
  scenario_name?: Text;
  pass_mark: number;
  today: (Text & { id: string })[];
  events: (Text & { id: string })[];
  sections: (Text & { id: string; stage: string; answer_at: string })[];
  items: Item[];
  excluded: (Text & { id: string; section: string; why: Text })[];
  findings?: Finding[];
}
export interface Visit {
  id: string;
  month: string;
  kind: string;
  form: string;
  scenario?: string;
  scenario_name?: Text;
  due_on: string;
  state: string;
  audit: string | null;
  brief?: { persona?: Text; question?: Text; answer?: Text; request?: Text };
  hall: {
    id: string;
    name: string;
    name_en?: string;
    lat?: number;
    lon?: number;
    radius_m?: number;
    hours?: string;
  };
  returned?: { item: string; question: string; asked_at: string; due_at: string }[];
}
export interface Bundle {
  server_time: string;
  auditor: { code: string; name?: Text };
  visits: Visit[];
  forms: string[];
  settings: Record<string, unknown>;
}
export interface Problem {
  pointer: string;
  detail: string;
}
/** What the server last said about an audit. */
export interface Remote {
  id: string;
  revision: number;
  state: string;
  receipt: string | null;
  device?: string;
  evidence: { received: string[]; missing: string[]; unreadable: string[] };
}
export interface Record {
  id: string;
  auditor: string;
  visit: string;
  hall: { name: string; name_en?: string };
  document: AuditDocument;
  changed_at: string;
  remote: Remote | null;
  problems: Problem[];
  conflict: Remote | null;
  tick: import('./clock.js').Tick | null;
  sent_at: string | null;
  emptied_at: string | null;
}
/** A place in the outbox: one per audit that the server does not hold in its newest form. */
export interface Row {
  audit: string;
  kind: 'draft' | 'final';
  queued_at: string;
  attempt: number;
  next_at: number;
  reason: string;
  detail: string;
  stopped: boolean;
  sent: { [sha256: string]: true };
  bad: { [sha256: string]: number };
}
