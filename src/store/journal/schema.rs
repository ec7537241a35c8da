//! The tables of the journal, as numbered steps from nothing to now.
//!
//! A step that has shipped is never edited; a change is a new step at the end. Each step runs in
//! one transaction together with its number (`PRAGMA user_version`), so a journal stands at
//! exactly one schema whatever happens. Knows nothing of what the columns mean.

use rusqlite::{Connection, ErrorCode, TransactionBehavior, ffi};

/// The schema that this program writes.
pub(super) const CURRENT: i64 = 7;

/// The steps; the schema number of a journal is how many of them it has taken.
const STEPS: [&str; CURRENT as usize] = [
    // 1: runs and their pieces, spending, versions, buffers and their patches, past values.
    "CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        session TEXT NOT NULL,
        at INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        continues TEXT,
        draft TEXT,
        template TEXT,
        template_hash TEXT,
        provider TEXT NOT NULL,
        origin TEXT,
        model TEXT NOT NULL,
        params TEXT NOT NULL,
        ended INTEGER,
        ending TEXT,
        answered_by TEXT,
        brief TEXT NOT NULL,
        system TEXT,
        examples TEXT NOT NULL,
        user TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE pieces (
        number INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX pieces_of_run ON pieces (run);
    CREATE TABLE spending (
        number INTEGER PRIMARY KEY,
        run TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        template TEXT,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        input INTEGER,
        output INTEGER,
        cached INTEGER,
        reasoning INTEGER,
        cost REAL
    ) STRICT;
    CREATE INDEX spending_by_time ON spending (at);
    CREATE TABLE versions (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        path ANY,
        at INTEGER NOT NULL,
        cause TEXT NOT NULL,
        hash TEXT NOT NULL,
        words INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX versions_of_draft ON versions (key, number, at, bytes);
    CREATE TABLE buffers (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        session TEXT NOT NULL,
        path ANY,
        base TEXT,
        provenance TEXT,
        template TEXT,
        title TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE patches (
        number INTEGER PRIMARY KEY,
        buffer INTEGER NOT NULL REFERENCES buffers ON DELETE CASCADE,
        step INTEGER NOT NULL,
        start INTEGER NOT NULL,
        removed INTEGER NOT NULL,
        inserted TEXT NOT NULL,
        length INTEGER NOT NULL,
        weight INTEGER NOT NULL,
        cursor INTEGER NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (buffer, step)
    ) STRICT;
    CREATE TABLE past_values (
        number INTEGER PRIMARY KEY,
        template TEXT NOT NULL,
        input TEXT NOT NULL,
        hash TEXT NOT NULL,
        at INTEGER NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (template, input, hash)
    ) STRICT;
    CREATE TABLE uses (
        number INTEGER PRIMARY KEY,
        template TEXT NOT NULL UNIQUE,
        count INTEGER NOT NULL,
        at INTEGER NOT NULL,
        brief TEXT NOT NULL
    ) STRICT;",
    // 2: buffers that were declined are kept for a while; facts learnt about servers.
    "ALTER TABLE buffers ADD COLUMN kept INTEGER;
    CREATE TABLE facts (
        number INTEGER PRIMARY KEY,
        scope TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (scope, name)
    ) STRICT;",
    // 3: whether the text of a run went anywhere, and whether a person put it off; forms that were
    // filled in and not sent. Nobody knows which earlier answers were used: those that came to an
    // end of their own count as used.
    "ALTER TABLE runs ADD COLUMN used INTEGER;
    ALTER TABLE runs ADD COLUMN kept INTEGER;
    UPDATE runs SET used = ended WHERE ended IS NOT NULL AND ending NOT LIKE '%interrupted%';
    UPDATE runs SET kept = ended WHERE ended IS NOT NULL;
    CREATE INDEX unused_runs ON runs (at) WHERE used IS NULL;
    CREATE TABLE forms (
        number INTEGER PRIMARY KEY,
        template TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        brief TEXT NOT NULL,
        prompt TEXT
    ) STRICT;",
    // 4: what a model thought, and which images went with a prompt, without their bytes; since
    // when facts are known, so that they can be asked again.
    "ALTER TABLE runs ADD COLUMN thoughts TEXT;
    ALTER TABLE runs ADD COLUMN images TEXT;
    ALTER TABLE facts ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
    UPDATE facts SET at = unixepoch() * 1000;",
    // 5: since when the text of a run has a star.
    "ALTER TABLE runs ADD COLUMN starred INTEGER;
    CREATE INDEX starred_runs ON runs (starred) WHERE starred IS NOT NULL;",
    // 6: the first of the runs that a run was sent together with; parts of drafts that wait for a
    // decision about their new text, and where they are.
    "ALTER TABLE runs ADD COLUMN together TEXT;
    CREATE INDEX runs_together ON runs (together) WHERE together IS NOT NULL;
    CREATE TABLE parts (
        number INTEGER PRIMARY KEY,
        run TEXT NOT NULL UNIQUE,
        session TEXT NOT NULL,
        at INTEGER NOT NULL,
        draft TEXT NOT NULL,
        document TEXT NOT NULL,
        path ANY,
        title TEXT NOT NULL,
        start INTEGER NOT NULL,
        whole INTEGER NOT NULL,
        text TEXT NOT NULL,
        target TEXT
    ) STRICT;",
    // 7: what runs said and were told, word by word, so that they can be found. The texts are not
    // kept twice. A run is in it from its end on, whoever writes it.
    "CREATE VIRTUAL TABLE said USING fts5 (text, brief, content = 'runs',
        content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2');
    CREATE TRIGGER said_begins AFTER INSERT ON runs WHEN new.ended IS NOT NULL BEGIN
        INSERT INTO said (rowid, text, brief) VALUES (new.number, new.text, new.brief);
    END;
    CREATE TRIGGER said_changes AFTER UPDATE OF number, ended, text, brief ON runs BEGIN
        INSERT INTO said (said, rowid, text, brief)
            SELECT 'delete', old.number, old.text, old.brief WHERE old.ended IS NOT NULL;
        INSERT INTO said (rowid, text, brief)
            SELECT new.number, new.text, new.brief WHERE new.ended IS NOT NULL;
    END;
    CREATE TRIGGER said_goes AFTER DELETE ON runs WHEN old.ended IS NOT NULL BEGIN
        INSERT INTO said (said, rowid, text, brief)
            VALUES ('delete', old.number, old.text, old.brief);
    END;
    INSERT INTO said (rowid, text, brief)
        SELECT number, text, brief FROM runs WHERE ended IS NOT NULL;",
];

/// Every table, parents before children. Each has a column `number` that is its row id.
pub(super) const TABLES: [&str; 11] = [
    "runs",
    "pieces",
    "spending",
    "versions",
    "buffers",
    "patches",
    "past_values",
    "uses",
    "facts",
    "forms",
    "parts",
];

/// The schema number of a journal; 0 for an empty file.
pub(super) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that are missing. Another process may be taking them at the same time.
pub(super) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    loop {
        let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = version(&step)?;
        let Some(sql) = usize::try_from(done).ok().and_then(|done| STEPS.get(done)) else {
            return Ok(());
        };
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", done + 1)?;
        step.commit()?;
    }
}

/// How long the file must be, by what its first page says.
pub(super) fn bytes(db: &Connection) -> rusqlite::Result<u64> {
    let ask = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let bytes = ask("page_count")?.saturating_mul(ask("page_size")?);
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// An error that says so, unless a file without a schema number is really empty: it belongs to
/// another program, or lost its number with its first page.
pub(super) fn expect_empty(db: &Connection) -> rusqlite::Result<()> {
    let entries: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if entries == 0 {
        return Ok(());
    }
    Err(no_journal("it has tables, but not those of a journal"))
}

/// What SQLite says of a table or column that should be there and is not is damage.
pub(super) fn as_damage(error: rusqlite::Error) -> rusqlite::Error {
    let unknown = matches!(error, rusqlite::Error::SqlInputError { .. })
        || error.sqlite_error_code() == Some(ErrorCode::Unknown);
    if unknown {
        no_journal(&error.to_string())
    } else {
        error
    }
}

/// An error that says why a file is no journal.
pub(super) fn no_journal(why: &str) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_NOTADB), Some(why.to_owned()))
}

/// Looks at the first rows of every table, which a sound journal can show.
pub(super) fn touch(db: &Connection) -> rusqlite::Result<()> {
    for table in TABLES {
        let mut first = db.prepare(&format!("SELECT * FROM {table} LIMIT 1"))?;
        let _ = first.query([])?.next()?;
    }
    Ok(())
}

/// A journal as it was at an earlier schema, for tests.
#[cfg(test)]
pub(super) fn at_version(db: &Connection, wanted: i64) -> rusqlite::Result<()> {
    for sql in &STEPS[..wanted as usize] {
        db.execute_batch(sql)?;
    }
    db.pragma_update(None, "user_version", wanted)
}

/// The steps by a hash of their texts, for tests.
#[cfg(test)]
pub(super) fn fingerprints(hash: fn(&[u8]) -> String) -> [String; STEPS.len()] {
    STEPS.map(|sql| hash(sql.as_bytes()))
}
