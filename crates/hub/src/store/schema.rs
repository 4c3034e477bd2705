//! The tables. One schema for SQLite and PostgreSQL: text, 64-bit integers and bytes.
//!
//! Times are microseconds since 1970, UTC. Enums and identifiers are text. What belongs to a person stands
//! only in `BYTES` columns, sealed per table, column and row; a number is found by its blind index.

/// The version of this schema; another one is refused at opening.
pub(super) const VERSION: i64 = 7;

/// The statements that make an empty store, in order. `BYTES` becomes each engine's word.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    // writer: raised first by every write, so that writers are serial on both engines.
    // history and audit: the last number given out; gapless, because they are raised in the transaction.
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    "CREATE TABLE accounts (id TEXT PRIMARY KEY, created_by TEXT, name TEXT NOT NULL, role TEXT NOT NULL,
        created_at BIGINT NOT NULL)",
    "CREATE TABLE api_keys (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
        hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL, revoked_at BIGINT)",
    "CREATE TABLE sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
        opened_at BIGINT NOT NULL, used_at BIGINT NOT NULL, closed_at BIGINT)",
    "CREATE TABLE cases (id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, state BYTES NOT NULL,
        state_name TEXT NOT NULL, priority TEXT NOT NULL, opened_at BIGINT NOT NULL, version BIGINT NOT NULL)",
    "CREATE TABLE requests (id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE,
        case_id TEXT NOT NULL REFERENCES cases (id), filed_by TEXT NOT NULL, received_at BIGINT NOT NULL,
        body BYTES NOT NULL, ruling TEXT NOT NULL, receipt TEXT NOT NULL)",
    "CREATE INDEX requests_case ON requests (case_id)",
    "CREATE TABLE named_prisoners (request_id TEXT NOT NULL REFERENCES requests (id), prisoner TEXT NOT NULL,
        PRIMARY KEY (request_id, prisoner))",
    "CREATE INDEX named_prisoners_prisoner ON named_prisoners (prisoner)",
    "CREATE TABLE idempotency (account TEXT NOT NULL, verb TEXT NOT NULL, key_hash TEXT NOT NULL,
        body_hash TEXT NOT NULL, answer TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (account, verb, key_hash))",
    // A row's target and scope never change: a narrowed bar is a new row.
    "CREATE TABLE bars (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id), request_id TEXT,
        kind TEXT NOT NULL, target BYTES NOT NULL, number_index TEXT, scope TEXT NOT NULL, state TEXT NOT NULL,
        ruling TEXT NOT NULL, at_once BIGINT NOT NULL, filed_by TEXT, imposed_by TEXT NOT NULL,
        imposed_at BIGINT NOT NULL, serial BIGINT NOT NULL, lifted_at BIGINT, lifted_serial BIGINT)",
    "CREATE INDEX bars_case ON bars (case_id)",
    "CREATE INDEX bars_number ON bars (number_index)",
    "CREATE INDEX bars_imposed ON bars (imposed_at)",
    "CREATE TABLE held_targets (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id),
        request_id TEXT, position TEXT NOT NULL, kind TEXT NOT NULL, target BYTES NOT NULL, number_index TEXT,
        why TEXT NOT NULL, filed_by TEXT, held_at BIGINT NOT NULL, settled TEXT, settled_at BIGINT)",
    "CREATE INDEX held_targets_case ON held_targets (case_id)",
    // rejected_at: when a handler said that it is not he.
    "CREATE TABLE locations (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id),
        prisoner TEXT NOT NULL, evidence BYTES NOT NULL, model TEXT NOT NULL, located_by TEXT NOT NULL,
        located_at BIGINT NOT NULL, rejected_at BIGINT)",
    "CREATE INDEX locations_case ON locations (case_id)",
    // place_mark, status_mark: how new the word is by which his prison and his status stand (see `placed`).
    // alerts_at: how new the newest file is that told all alerts on his record; 0 where none did.
    // arrived_at: when he last came into custody; arrival is 1 until he is compared with the cases that wait for him.
    // revision: rises with every change of the roster. Whoever asks where somebody is reads the view `prisoners`.
    "CREATE TABLE prisoner_records (number TEXT PRIMARY KEY, prison TEXT, record BYTES NOT NULL,
        updated_at BIGINT NOT NULL, place_mark BIGINT NOT NULL, status_mark BIGINT NOT NULL, arrived_at BIGINT,
        arrival BIGINT NOT NULL, revision BIGINT NOT NULL, alerts_at BIGINT NOT NULL DEFAULT 0)",
    "CREATE INDEX prisoner_records_prison ON prisoner_records (prison)",
    "CREATE INDEX prisoner_records_arrival ON prisoner_records (number) WHERE arrival = 1",
    "CREATE INDEX prisoner_records_revision ON prisoner_records (revision)",
    // listed: put on the list (by a file, or by two people) while a bar forbids it; the prison sees it as on the list.
    // It has a serial once it has been live.
    // An application that two people approve becomes live under the same identifier. A live row only ever
    // goes; an entry that comes back after a lift is a new row.
    "CREATE TABLE approved_numbers (id TEXT PRIMARY KEY, prison TEXT NOT NULL, holder TEXT NOT NULL,
        number BYTES NOT NULL, number_index TEXT NOT NULL, contact TEXT NOT NULL, name BYTES NOT NULL,
        state TEXT NOT NULL, cause TEXT, applied_at BIGINT NOT NULL, approved_at BIGINT, serial BIGINT,
        ended_at BIGINT, listed BIGINT NOT NULL DEFAULT 0)",
    "CREATE INDEX approved_numbers_number ON approved_numbers (number_index)",
    "CREATE INDEX approved_numbers_prison ON approved_numbers (prison, state)",
    "CREATE INDEX approved_numbers_holder ON approved_numbers (holder, state)",
    // Whom a bar affects without having named him. decided: `off` by one person; nothing until somebody has decided,
    // and under an exception.
    "CREATE TABLE suspended (bar TEXT NOT NULL REFERENCES bars (id),
        entry TEXT NOT NULL REFERENCES approved_numbers (id), decided TEXT,
        PRIMARY KEY (bar, entry))",
    "CREATE INDEX suspended_entry ON suspended (entry)",
    "CREATE TABLE proposals (id TEXT PRIMARY KEY, change TEXT NOT NULL, approval TEXT NOT NULL, prison TEXT,
        case_id TEXT, reason BYTES NOT NULL, proposed_by TEXT NOT NULL, proposed_at BIGINT NOT NULL,
        state TEXT NOT NULL, decided_by TEXT, decided_at BIGINT)",
    "CREATE INDEX proposals_state ON proposals (state)",
    "CREATE TABLE history (serial BIGINT PRIMARY KEY, at BIGINT NOT NULL, changes TEXT NOT NULL)",
    "CREATE TABLE prisons_on (prison TEXT PRIMARY KEY, regime TEXT NOT NULL, since BIGINT NOT NULL)",
    "CREATE TABLE enrolment_codes (hash TEXT PRIMARY KEY, prison TEXT NOT NULL, issued_by TEXT NOT NULL,
        expires_at BIGINT NOT NULL, used_at BIGINT, gate TEXT)",
    "CREATE TABLE gates (id TEXT PRIMARY KEY, prison TEXT NOT NULL, verifying_key TEXT NOT NULL,
        sealing_key TEXT NOT NULL, state TEXT NOT NULL, enrolled_at BIGINT NOT NULL)",
    "CREATE TABLE acks (gate TEXT NOT NULL REFERENCES gates (id), session TEXT NOT NULL,
        serial BIGINT NOT NULL, list_hash TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (gate, session, serial))",
    // digest: keyed, of what the attempt says. A sequence that comes again saying something else is kept beside
    // the first. caller_index: keyed, of who dialled.
    "CREATE TABLE attempts (gate TEXT NOT NULL REFERENCES gates (id), sequence BIGINT NOT NULL,
        digest TEXT NOT NULL, at BIGINT NOT NULL, number_index TEXT, caller_index TEXT NOT NULL,
        body BYTES NOT NULL, PRIMARY KEY (gate, sequence, digest))",
    "CREATE INDEX attempts_number ON attempts (number_index, at)",
    "CREATE INDEX attempts_caller ON attempts (number_index, caller_index)",
    "CREATE TABLE letters (id TEXT PRIMARY KEY, prison TEXT NOT NULL, sender TEXT, written BYTES NOT NULL,
        verdict TEXT NOT NULL, marked BIGINT NOT NULL, bar TEXT, judged_serial BIGINT NOT NULL, shelf_code TEXT,
        decoy BIGINT NOT NULL, checked_by TEXT NOT NULL, checked_at BIGINT NOT NULL, decision TEXT,
        decided_by TEXT, decided_at BIGINT, kind TEXT NOT NULL, via TEXT NOT NULL,
        alerted BIGINT NOT NULL DEFAULT 0, ruling BYTES, exempt BIGINT NOT NULL DEFAULT 0,
        named_case TEXT)",
    "CREATE TABLE intelligence (id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, case_id TEXT,
        filed_by TEXT NOT NULL, received_at BIGINT NOT NULL, number_index TEXT, body BYTES NOT NULL,
        over_cap BIGINT NOT NULL)",
    "CREATE INDEX intelligence_number ON intelligence (number_index)",
    "CREATE INDEX intelligence_filed ON intelligence (filed_by, received_at)",
    "CREATE TABLE audit (seq BIGINT PRIMARY KEY, at BIGINT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
        role TEXT NOT NULL, verb TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, case_id TEXT,
        detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE INDEX audit_case ON audit (case_id, seq)",
    // Which fingerprint key of a gate is in force; without a row the one that it was enrolled with.
    "CREATE TABLE gate_keys (gate TEXT PRIMARY KEY REFERENCES gates (id), generation BIGINT NOT NULL,
        since BIGINT NOT NULL)",
    // A file of approved numbers: its rows stand here until two people agree and they are taken over, batch by
    // batch. next_row: the last row that is staged, so that an import which was broken off goes on.
    "CREATE TABLE list_imports (id TEXT PRIMARY KEY, prison TEXT NOT NULL, format TEXT NOT NULL, file TEXT NOT NULL,
        state TEXT NOT NULL, staged_by TEXT NOT NULL, staged_at BIGINT NOT NULL, proposal TEXT,
        take_left_out_off BIGINT NOT NULL DEFAULT 0, next_row BIGINT NOT NULL DEFAULT 0,
        to_take BIGINT NOT NULL DEFAULT 0, legal BIGINT NOT NULL DEFAULT 0, already BIGINT NOT NULL DEFAULT 0,
        left_out BIGINT NOT NULL DEFAULT 0, taken BIGINT NOT NULL DEFAULT 0, came_off BIGINT NOT NULL DEFAULT 0, done_at BIGINT)",
    "CREATE INDEX list_imports_prison ON list_imports (prison, staged_at)",
    "CREATE TABLE import_rows (import TEXT NOT NULL REFERENCES list_imports (id), row_no BIGINT NOT NULL,
        holder TEXT NOT NULL, number BYTES NOT NULL, number_index TEXT NOT NULL, contact TEXT NOT NULL,
        name BYTES NOT NULL, fate TEXT NOT NULL, PRIMARY KEY (import, row_no))",
    "CREATE INDEX import_rows_entry ON import_rows (import, holder, number_index)",
    "CREATE INDEX import_rows_fate ON import_rows (import, fate, row_no)",
    "CREATE TABLE import_problems (import TEXT NOT NULL REFERENCES list_imports (id), row_no BIGINT NOT NULL,
        why TEXT NOT NULL, PRIMARY KEY (import, row_no))",
    // One alert for each caller, number and hour (hours since 1970 by the gate's clock); on each case that it
    // met, with the signs that fit there and those that a handler has seen.
    "CREATE TABLE alerts (id TEXT PRIMARY KEY, caller_index TEXT NOT NULL, number_index TEXT NOT NULL,
        hour BIGINT NOT NULL, prison TEXT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL,
        refused BIGINT NOT NULL, allowed BIGINT NOT NULL, raised_at BIGINT NOT NULL, body BYTES NOT NULL,
        UNIQUE (caller_index, number_index, hour))",
    "CREATE INDEX alerts_number ON alerts (number_index, hour)",
    "CREATE TABLE alert_cases (alert TEXT NOT NULL REFERENCES alerts (id),
        case_id TEXT NOT NULL REFERENCES cases (id), signs BIGINT NOT NULL, seen_signs BIGINT NOT NULL,
        seen_by TEXT, seen_at BIGINT, PRIMARY KEY (alert, case_id))",
    "CREATE INDEX alert_cases_case ON alert_cases (case_id)",
    // Numbers that are nobody's, each barred by a case of its own; the label says where it was planted.
    // number_index: keyed, of the number or of how the address is read.
    "CREATE TABLE canaries (case_id TEXT PRIMARY KEY REFERENCES cases (id), number_index TEXT NOT NULL UNIQUE,
        label BYTES NOT NULL, planted_by TEXT NOT NULL, planted_at BIGINT NOT NULL)",
    // Sequences of a gate that are stored, as runs without a gap; between two runs some are missing.
    "CREATE TABLE attempt_runs (gate TEXT NOT NULL REFERENCES gates (id), first BIGINT NOT NULL,
        last BIGINT NOT NULL, PRIMARY KEY (gate, first))",
    "CREATE TABLE attestations (date TEXT NOT NULL, prison TEXT NOT NULL, at BIGINT NOT NULL,
        line TEXT NOT NULL, PRIMARY KEY (date, prison))",
    // A contact application. Nothing that its prison reads differs because a bar exists; `prison_refuses` is the
    // prison's own refusal, which shows with the daily batch.
    "CREATE TABLE applications (id TEXT PRIMARY KEY, prison TEXT NOT NULL, holder TEXT NOT NULL,
        kind TEXT NOT NULL, contact BYTES NOT NULL, filed_by TEXT NOT NULL, filed_at BIGINT NOT NULL,
        waiting_since BIGINT NOT NULL, state TEXT NOT NULL, prison_refuses TEXT, answered_at BIGINT,
        screened_at BIGINT, reconsidered BIGINT NOT NULL)",
    "CREATE INDEX applications_waiting ON applications (state, prison, waiting_since)",
    "CREATE INDEX applications_prison ON applications (prison, filed_at)",
    // In what an application agrees with a case. For case handlers alone.
    "CREATE TABLE application_matches (id TEXT PRIMARY KEY, application TEXT NOT NULL REFERENCES applications (id),
        case_id TEXT NOT NULL REFERENCES cases (id), kind TEXT NOT NULL, evidence BYTES NOT NULL,
        found_at BIGINT NOT NULL, state TEXT NOT NULL, decided_by TEXT, decided_at BIGINT,
        UNIQUE (application, case_id, kind))",
    "CREATE INDEX application_matches_state ON application_matches (state, found_at)",
    "CREATE INDEX application_matches_case ON application_matches (case_id)",
    // Numbers that ring a protected person and are not hers; each is barred by a bar of its case.
    "CREATE TABLE alias_numbers (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id),
        body BYTES NOT NULL, recorded_by TEXT NOT NULL, recorded_at BIGINT NOT NULL)",
    "CREATE INDEX alias_numbers_case ON alias_numbers (case_id)",
    // No-contact lists of prisons. A row's body stands until it is taken over; about_index: keyed, whom it is about;
    // row_index: keyed, all that it says. Then case and request say where it went, and its gaps what is wanting.
    "CREATE TABLE no_contact_lists (id TEXT PRIMARY KEY, prison TEXT NOT NULL, file TEXT NOT NULL,
        kept_by BYTES NOT NULL, as_of TEXT NOT NULL, staged_by TEXT NOT NULL, staged_at BIGINT NOT NULL,
        next_row BIGINT NOT NULL DEFAULT 0, staged BIGINT NOT NULL DEFAULT 0, UNIQUE (prison, file))",
    "CREATE TABLE no_contact_rows (import TEXT NOT NULL REFERENCES no_contact_lists (id), row_no BIGINT NOT NULL,
        body BYTES, about_index TEXT, row_index TEXT, fate TEXT NOT NULL, case_id TEXT, request_id TEXT,
        barred BIGINT NOT NULL DEFAULT 0, already BIGINT NOT NULL DEFAULT 0, held BIGINT NOT NULL DEFAULT 0,
        taken_at BIGINT, PRIMARY KEY (import, row_no))",
    "CREATE INDEX no_contact_rows_fate ON no_contact_rows (fate, import, row_no)",
    "CREATE INDEX no_contact_rows_about ON no_contact_rows (about_index)",
    "CREATE INDEX no_contact_rows_same ON no_contact_rows (import, row_index)",
    "CREATE INDEX no_contact_rows_case ON no_contact_rows (case_id)",
    "CREATE TABLE no_contact_gaps (import TEXT NOT NULL REFERENCES no_contact_lists (id), row_no BIGINT NOT NULL,
        gap TEXT NOT NULL, PRIMARY KEY (import, row_no, gap))",
    // Whom two people let a bar leave alone, as long as this prison holds him: its gates know the exception by its id.
    // One that has ended never stands again.
    "CREATE TABLE exceptions (id TEXT PRIMARY KEY, bar TEXT NOT NULL REFERENCES bars (id), prison TEXT NOT NULL,
        prisoner TEXT NOT NULL, authority TEXT NOT NULL, excepted_at BIGINT NOT NULL, ended_at BIGINT)",
    "CREATE UNIQUE INDEX exceptions_standing ON exceptions (bar, prison, prisoner) WHERE ended_at IS NULL",
    "CREATE INDEX exceptions_prisoner ON exceptions (prisoner)",
    "CREATE INDEX exceptions_prison ON exceptions (prison)",
    // The shorter numbers that an entry's number begins with, by their blind indexes: a bar on one of them forbids it
    // too, for whatever is dialled after a complete number rings the same telephone.
    "CREATE TABLE beginnings (entry TEXT NOT NULL REFERENCES approved_numbers (id), number_index TEXT NOT NULL,
        PRIMARY KEY (entry, number_index))",
    "CREATE INDEX beginnings_number ON beginnings (number_index)",
    // Where each stands whom a bar affects without having named him.
    "CREATE VIEW suspensions AS SELECT s.bar AS bar, b.case_id AS case_id, s.entry AS entry, e.prison AS prison,
        e.holder AS holder, CASE WHEN x.id IS NOT NULL THEN 'kept' ELSE COALESCE(s.decided, 'undecided') END AS stands
        FROM suspended s JOIN bars b ON b.id = s.bar JOIN approved_numbers e ON e.id = s.entry
        LEFT JOIN exceptions x ON x.bar = s.bar AND x.prison = e.prison AND x.prisoner = e.holder
         AND x.ended_at IS NULL
        WHERE b.state <> 'lifted' AND (e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar'))",
    // Letters: counted by prison and hour against the cap, found on the shelf, and found while no alert is raised of them.
    "CREATE INDEX letters_prison ON letters (prison, checked_at)",
    "CREATE INDEX letters_shelf ON letters (checked_at) WHERE shelf_code IS NOT NULL AND decision IS NULL",
    "CREATE INDEX letters_to_alert ON letters (id) WHERE alerted = 0 AND verdict <> 'pass'",
    "CREATE INDEX letters_bar ON letters (bar, sender)",
    // An envelope's picture, while its letter is on the shelf.
    "CREATE TABLE letter_pictures (letter TEXT PRIMARY KEY REFERENCES letters (id), picture BYTES NOT NULL)",
    // Addresses that a mailroom sends as one file. A row's body stands until it is answered.
    "CREATE TABLE letter_batches (id TEXT PRIMARY KEY, prison TEXT NOT NULL, kind TEXT NOT NULL,
        filed_by TEXT NOT NULL, filed_at BIGINT NOT NULL)",
    "CREATE INDEX letter_batches_prison ON letter_batches (prison, filed_at)",
    "CREATE TABLE letter_batch_rows (batch TEXT NOT NULL REFERENCES letter_batches (id), row_no BIGINT NOT NULL,
        reference BYTES NOT NULL, body BYTES, answer TEXT, code TEXT, PRIMARY KEY (batch, row_no))",
    "CREATE INDEX letter_batch_rows_waiting ON letter_batch_rows (batch, row_no) WHERE answer IS NULL",
    // What leaves although an address bar meets it: two people agreed to each that stands.
    "CREATE TABLE letter_exemptions (id TEXT PRIMARY KEY, case_id TEXT, body BYTES NOT NULL, state TEXT NOT NULL,
        added_by TEXT NOT NULL, added_at BIGINT NOT NULL, ended_at BIGINT)",
    "CREATE INDEX letter_exemptions_state ON letter_exemptions (state, added_at)",
    // Letters that lay unchecked in a mailroom whenever somebody counted them.
    "CREATE TABLE letter_counts (prison TEXT NOT NULL, counted_at BIGINT NOT NULL, letters BIGINT NOT NULL,
        counted_by TEXT NOT NULL)",
    "CREATE INDEX letter_counts_prison ON letter_counts (prison, counted_at)",
    // The handler who has a case in hand; without a row nobody has.
    "CREATE TABLE in_hand (case_id TEXT PRIMARY KEY REFERENCES cases (id), handler TEXT NOT NULL,
        since BIGINT NOT NULL)",
    // A search of the recorded calls to a number of a case: which, when, and why it was made.
    "CREATE TABLE call_searches (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id), body BYTES NOT NULL,
        searched_by TEXT NOT NULL, searched_at BIGINT NOT NULL, found BIGINT NOT NULL)",
    "CREATE INDEX call_searches_case ON call_searches (case_id, searched_at)",
    // A prisoner of a case who goes out: who was told of it, each sealed. Done once both have been.
    "CREATE TABLE release_tasks (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id),
        prisoner TEXT NOT NULL, noticed_at BIGINT NOT NULL, victim_liaison BYTES, police BYTES, done_at BIGINT)",
    "CREATE INDEX release_tasks_open ON release_tasks (noticed_at) WHERE done_at IS NULL",
    "CREATE INDEX release_tasks_case ON release_tasks (case_id, prisoner)",
    // Events of the prison service that were taken. digest: keyed, of all that the event says.
    "CREATE TABLE custody_events (digest TEXT PRIMARY KEY, occurred_at BIGINT NOT NULL, taken_at BIGINT NOT NULL)",
    // How many messages of each kind came to what.
    "CREATE TABLE custody_counts (kind TEXT NOT NULL, outcome TEXT NOT NULL, messages BIGINT NOT NULL,
        last_at BIGINT NOT NULL, PRIMARY KEY (kind, outcome))",
    // How the queue stood when it was asked last.
    "CREATE TABLE custody_queue (name TEXT PRIMARY KEY, asked_at BIGINT NOT NULL, waiting BIGINT NOT NULL,
        oldest_at BIGINT)",
    // Alerts on prisoners' own records, by code, the few that are of concern. since_on: where it is known; ends_on: the
    // day from which it stands no more, where a file says one. changed_at: how new the word is by which it stands.
    "CREATE TABLE prisoner_alerts (prisoner TEXT NOT NULL, code TEXT NOT NULL, stands BIGINT NOT NULL,
        changed_at BIGINT NOT NULL, since_on TEXT, ends_on TEXT, PRIMARY KEY (prisoner, code))",
    // Messages that could not be acted upon. digest: keyed, of the message. The body stays, whatever becomes of it.
    "CREATE TABLE custody_set_aside (id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, body BYTES NOT NULL,
        why TEXT NOT NULL, via TEXT NOT NULL, came_at BIGINT NOT NULL, state TEXT NOT NULL, decided_by TEXT,
        decided_at BIGINT)",
    "CREATE INDEX custody_set_aside_state ON custody_set_aside (state, came_at)",
    // Addresses that prisoners offer for release or leave, each until a handler says what was done. bar: the surest that
    // it agrees with. cleared: a handler found that nothing stands in its way. said: what he did, sealed.
    "CREATE TABLE offered_addresses (id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, prisoner TEXT NOT NULL,
        offered_for TEXT NOT NULL, written BYTES NOT NULL, verdict TEXT NOT NULL, bar TEXT,
        judged_serial BIGINT NOT NULL, decoy BIGINT NOT NULL, asked_by TEXT NOT NULL, asked_at BIGINT NOT NULL,
        alerted BIGINT NOT NULL, cleared BIGINT NOT NULL, done_at BIGINT, done_by TEXT, said BYTES)",
    "CREATE INDEX offered_addresses_asked ON offered_addresses (asked_by, asked_at)",
    "CREATE INDEX offered_addresses_open ON offered_addresses (asked_at) WHERE done_at IS NULL",
    "CREATE INDEX offered_addresses_to_alert ON offered_addresses (asked_at) WHERE alerted = 0 AND verdict <> 'pass'",
    // A roster's file: `staging`, then `visible` all at once, then `settled` when its rows are records; or `discarded`.
    // next_line: the last line that is staged. revision: of all that it changes, from the moment at which it is visible.
    "CREATE TABLE roster_files (id TEXT PRIMARY KEY, file TEXT NOT NULL, format TEXT NOT NULL, as_of BIGINT NOT NULL,
        state TEXT NOT NULL, staged_by TEXT NOT NULL, staged_at BIGINT NOT NULL, next_line BIGINT NOT NULL DEFAULT 0,
        rows_new BIGINT NOT NULL DEFAULT 0, rows_changed BIGINT NOT NULL DEFAULT 0,
        rows_moved BIGINT NOT NULL DEFAULT 0, rows_unchanged BIGINT NOT NULL DEFAULT 0, visible_at BIGINT,
        revision BIGINT, touched_at BIGINT NOT NULL, put_away_to TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX roster_files_state ON roster_files (state)",
    // What the one file that is staging or visible changes. record: sealed as in prisoner_records. follows: whoever
    // left a prison by it is screened. overtaken: his record has changed since his row was staged.
    "CREATE TABLE roster_rows (number TEXT PRIMARY KEY, prison TEXT, record BYTES NOT NULL,
        place_mark BIGINT NOT NULL, status_mark BIGINT NOT NULL, arrived_at BIGINT, arrival BIGINT NOT NULL,
        follows BIGINT NOT NULL, overtaken BIGINT NOT NULL DEFAULT 0)",
    // What that file tells of the alerts on records, where it is another word than what stands: codes and days.
    "CREATE TABLE roster_alerts (number TEXT PRIMARY KEY, told TEXT NOT NULL)",
    "CREATE INDEX roster_rows_prison ON roster_rows (prison)",
    "CREATE INDEX roster_rows_arrival ON roster_rows (number) WHERE arrival = 1",
    "CREATE INDEX roster_rows_follows ON roster_rows (number) WHERE follows = 1",
    "CREATE INDEX roster_rows_overtaken ON roster_rows (number) WHERE overtaken = 1",
    // Everybody as he stands: as the visible file has it, else as on record.
    "CREATE VIEW prisoners AS SELECT s.number AS number, s.prison AS prison, s.record AS record,
        f.visible_at AS updated_at, s.place_mark AS place_mark, s.status_mark AS status_mark,
        s.arrived_at AS arrived_at, s.arrival AS arrival, f.revision AS revision
        FROM roster_files f JOIN roster_rows s ON f.state = 'visible'
        UNION ALL SELECT r.number, r.prison, r.record, r.updated_at, r.place_mark, r.status_mark, r.arrived_at,
        r.arrival, r.revision FROM prisoner_records r WHERE NOT EXISTS (SELECT 1 FROM roster_files f
         JOIN roster_rows s ON s.number = r.number WHERE f.state = 'visible')",
    // Which case bars which prisoner: the one who was confirmed in it last and not rejected, as long as anything is barred
    // there.
    "CREATE VIEW barring_cases AS SELECT DISTINCT l.case_id AS case_id, l.prisoner AS prisoner FROM locations l
        JOIN cases c ON c.id = l.case_id WHERE c.state_name <> 'declined' AND l.rejected_at IS NULL
        AND l.located_at = (SELECT MAX(m.located_at) FROM locations m WHERE m.case_id = l.case_id)
        AND EXISTS (SELECT 1 FROM bars b WHERE b.case_id = l.case_id AND b.state <> 'lifted')",
    "CREATE VIEW barred_prisoners AS SELECT DISTINCT prisoner FROM barring_cases",
    // A no-contact alert that is asked for on a prisoner's own record: one that is not closed for each at most.
    "CREATE TABLE alert_requests (id TEXT PRIMARY KEY, prisoner TEXT NOT NULL, state TEXT NOT NULL,
        noticed_at BIGINT NOT NULL, decided_by TEXT, decided_at BIGINT)",
    "CREATE UNIQUE INDEX alert_requests_prisoner ON alert_requests (prisoner) WHERE state <> 'closed'",
    "CREATE INDEX alert_requests_state ON alert_requests (state, noticed_at)",
    // exemptions: raised with each that begins or ends. roster: with each change of the roster.
    "INSERT INTO counters (name, value) VALUES ('writer', 0), ('history', 0), ('audit', 0), ('exemptions', 0),
        ('roster', 0)",
];
