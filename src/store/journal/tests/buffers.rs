//! Unsaved work: whatever was put and patched is what comes back.

use super::*;
use crate::domain::draft::{Provenance, Tokens};
use pretty_assertions::assert_eq;
use proptest::prelude::*;

fn patch(start: u64, removed: u64, inserted: &str) -> Patch<'_> {
    Patch {
        start,
        removed,
        inserted,
        cursor: start.saturating_add(inserted.len() as u64),
        at: at(1),
    }
}

fn texts(journal: &Journal) -> Vec<String> {
    let all = journal.buffers().unwrap();
    all.into_iter().map(|kept| kept.buffer.text).collect()
}

/// W4: the journal can tell what, when, and from which template.
#[test]
fn a_buffer_comes_back_with_everything_that_belongs_to_it() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let mut brief = brief();
    brief.set("odd", Value::Text("x".into()));
    let whole = Buffer {
        provenance: Some(Provenance {
            id: "a-draft".into(),
            template: Some("blog-post".into()),
            template_hash: Some("ab".into()),
            brief,
            provider: Some("practice".into()),
            origin: Some("http://127.0.0.1:1".into()),
            model: Some("small".into()),
            params: Params {
                top_p: Some(0.5),
                ..Params::default()
            },
            run: Some(run_id(7)),
            tokens: Some(Tokens {
                input: 1,
                output: 2,
            }),
            cost: None,
            finish: Some(FinishReason::Other("odd".into())),
            parts: Vec::new(),
        }),
        ..buffer(1, "nul \0 and 😀\r\n")
    };
    let bare = Buffer {
        path: None,
        base: None,
        template: None,
        at: at(9),
        ..buffer(2, "")
    };
    journal.put_buffer(&whole).unwrap();
    journal.put_buffer(&bare).unwrap();
    drop(journal);
    let kept = desk.open().buffers().unwrap();
    assert_eq!(
        kept.iter().map(|kept| kept.kept).collect::<Vec<_>>(),
        [None, None]
    );
    let buffers: Vec<_> = kept.into_iter().map(|kept| kept.buffer).collect();
    assert_eq!(buffers, [bare, whole], "newest first");
}

/// W1: each change is on disk when the call returns.
#[test]
fn a_kill_after_any_change_loses_none() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.put_buffer(&buffer(1, "")).unwrap();
    let mut typed = String::new();
    for (number, letter) in "Nothing is lost, ever.".char_indices() {
        let mut bytes = [0; 4];
        let letter = letter.encode_utf8(&mut bytes);
        let change = patch(number as u64, 0, letter);
        journal.patch_buffer(buffer(1, "").id, &change).unwrap();
        typed.push_str(letter);
        let after = desk.killed().open().buffers().unwrap();
        assert_eq!(after[0].buffer.text, typed);
        assert_eq!(after[0].buffer.cursor, typed.len() as u64);
        assert_eq!(after[0].buffer.at, at(1));
    }
}

#[test]
fn a_change_beyond_the_end_or_of_nothing_is_refused() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let id = buffer(1, "").id;
    let error = journal.patch_buffer(id, &patch(0, 0, "x")).unwrap_err();
    assert!(matches!(error, JournalError::Missing { .. }), "{error}");
    journal.put_buffer(&buffer(1, "abc")).unwrap();
    journal.patch_buffer(id, &patch(3, 0, "de")).unwrap();
    for (start, removed) in [(6, 0), (5, 1), (0, 6), (u64::MAX, 1)] {
        let error = journal
            .patch_buffer(id, &patch(start, removed, "x"))
            .unwrap_err();
        let length = matches!(error, JournalError::BeyondEnd { length: 5, .. });
        assert!(length, "{error}");
    }
    journal.patch_buffer(id, &patch(0, 5, "x")).unwrap();
    assert_eq!(texts(&journal), ["x"]);
}

#[test]
fn changes_that_pile_up_are_folded() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let id = buffer(1, "").id;
    journal.put_buffer(&buffer(1, "")).unwrap();
    let rows = |journal: &Journal| -> i64 {
        let sql = "SELECT count(*) FROM patches";
        journal.db.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let mut most = 0;
    for number in 0..40 {
        journal.patch_buffer(id, &patch(number, 0, "x")).unwrap();
        most = most.max(rows(&journal));
    }
    assert_eq!((most, texts(&journal)), (8, vec!["x".repeat(40)]));
    journal.put_buffer(&buffer(1, "")).unwrap();
    assert_eq!(rows(&journal), 0, "a snapshot needs no changes");
    let large = "y".repeat(300 * 1024);
    journal.patch_buffer(id, &patch(0, 0, &large)).unwrap();
    journal.patch_buffer(id, &patch(0, 0, "z")).unwrap();
    assert_eq!(rows(&journal), 1, "a large one is folded by the next");
    assert_eq!(texts(&journal), [format!("z{large}")]);
}

#[test]
fn a_long_text_is_put_in_pieces_and_put_anew_when_changes_pile_up() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let id = buffer(1, "").id;
    let piece = "zwölf".repeat(30_000);
    let put = |journal: &mut Journal, start: &str| {
        let pieces = std::iter::repeat_n(piece.clone(), 4);
        journal.put_buffer_and(&buffer(1, start), pieces).unwrap();
    };
    put(&mut journal, "one");
    put(&mut journal, "two");
    let mut whole = format!("two{}", piece.repeat(4));
    assert_eq!(texts(&journal), [whole.clone()]);
    let kept = journal.buffers().unwrap();
    assert_eq!(kept[0].buffer.cursor, 3, "pieces move no cursor");
    // The limit in tests is eight rows.
    for number in 0..4 {
        journal.patch_buffer(id, &patch(number, 0, "x")).unwrap();
        whole.insert(number as usize, 'x');
    }
    let error = journal.patch_buffer(id, &patch(0, 0, "y")).unwrap_err();
    assert!(matches!(error, JournalError::Full { .. }), "{error}");
    drop(journal);
    assert_eq!(texts(&desk.open()), [whole], "nothing of it is lost");
}

/// W4: declining keeps a buffer, a clean exit leaves none, and other sessions keep theirs.
#[test]
fn a_clean_end_takes_only_what_the_session_has_open() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=4 {
        let mut one = buffer(number, &number.to_string());
        one.session = session(if number == 4 { 2 } else { 1 });
        journal.put_buffer(&one).unwrap();
    }
    journal.keep_for_later(buffer(2, "").id, at(5)).unwrap();
    journal.drop_buffer(buffer(3, "").id).unwrap();
    journal.drop_session(session(1)).unwrap();
    let mut left: Vec<_> = journal.buffers().unwrap();
    left.sort_by_key(|kept| kept.buffer.id);
    let told: Vec<_> = left
        .iter()
        .map(|kept| (kept.buffer.text.as_str(), kept.kept))
        .collect();
    assert_eq!(told, [("2", Some(at(5))), ("4", None)]);
    journal.put_buffer(&buffer(2, "again")).unwrap();
    let again = journal.buffers().unwrap();
    assert!(
        again.iter().all(|kept| kept.kept.is_none()),
        "it is open again"
    );
    let error = journal.keep_for_later(buffer(9, "").id, at(5));
    assert!(error.unwrap_err().to_string().contains("buffer"));
}

#[test]
fn changes_after_one_that_was_lost_are_not_applied() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let id = buffer(1, "").id;
    journal.put_buffer(&buffer(1, "abc")).unwrap();
    for (start, letter) in [(3, "d"), (0, "0"), (1, "e")] {
        journal.patch_buffer(id, &patch(start, 0, letter)).unwrap();
    }
    journal
        .db
        .execute_batch("DELETE FROM patches WHERE step = 2")
        .unwrap();
    assert_eq!(texts(&journal), ["abcd"]);
}

#[derive(Debug, Clone)]
enum Step {
    Put(String),
    /// Parts of the text by which start and end are chosen, and what comes in between.
    Patch(u8, u8, String),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let text = "[a-c\\x00\r\né漢😀]{0,12}";
    let step = prop_oneof![
        1 => text.prop_map(Step::Put),
        12 => (any::<u8>(), any::<u8>(), text).prop_map(|(a, b, text)| Step::Patch(a, b, text)),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..60)
}

/// The byte at a share of a text, between two characters.
fn boundary(text: &str, share: u8) -> usize {
    let mut byte = text.len() * usize::from(share) / 255;
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// W1: any sequence of puts and changes reads back as the text it led to.
    #[test]
    fn any_sequence_of_changes_reads_back_as_the_text(steps in steps()) {
        let desk = Desk::new();
        let mut journal = desk.open();
        journal.put_buffer(&buffer(1, "")).unwrap();
        let mut truth = String::new();
        for step in steps {
            match step {
                Step::Put(text) => {
                    journal.put_buffer(&buffer(1, &text)).unwrap();
                    truth = text;
                }
                Step::Patch(a, b, text) => {
                    let (a, b) = (boundary(&truth, a), boundary(&truth, b));
                    let (start, end) = (a.min(b), a.max(b));
                    let change = patch(start as u64, (end - start) as u64, &text);
                    journal.patch_buffer(buffer(1, "").id, &change).unwrap();
                    truth.replace_range(start..end, &text);
                }
                Step::Reopen => {
                    drop(journal);
                    journal = desk.open();
                }
            }
            prop_assert_eq!(&texts(&journal)[0], &truth);
        }
    }
}
