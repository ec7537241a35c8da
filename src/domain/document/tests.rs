//! The whole document, from outside and against simple models.

use super::*;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const FAMILY: &str = "👩‍👩‍👧";

fn sized(text: &str, width: u16, height: u16) -> Document {
    let mut document = Document::new(text);
    document.set_size(width, height);
    document
}

fn at_end(text: &str) -> Document {
    let mut document = sized(text, 20, 5);
    document.apply(Edit::Move(Motion::End), 0);
    document
}

fn go(document: &mut Document, motions: &[Motion]) -> usize {
    for &motion in motions {
        document.apply(Edit::Move(motion), 0);
    }
    document.cursor()
}

fn type_in(document: &mut Document, text: &str, at_ms: u64) {
    for cluster in text.graphemes(true) {
        document.apply(Edit::Insert(cluster.into()), at_ms);
    }
}

fn rows(document: &Document) -> Vec<String> {
    document.visible().into_iter().map(|row| row.text).collect()
}

#[test]
fn text_wraps_at_words_and_keeps_blanks_with_them() {
    let document = sized("the quick brown fox", 10, 5);
    assert_eq!(rows(&document), ["the quick ", "brown fox"]);
}

#[test]
fn a_word_longer_than_a_row_is_cut() {
    assert_eq!(
        rows(&sized("a abcdefghijkl", 6, 5)),
        ["a ", "abcde", "fghij", "kl"]
    );
}

#[test]
fn ideographs_wrap_anywhere_but_before_closing_marks() {
    assert_eq!(rows(&sized("你好世界。你", 9, 5)), ["你好世", "界。你"]);
}

#[test]
fn a_line_that_fills_its_row_gets_a_row_for_the_cursor() {
    let mut document = sized("abcd ", 5, 3);
    go(&mut document, &[Motion::End]);
    assert_eq!(rows(&document), ["abcd ", ""]);
    assert_eq!(document.cursor_cell(), Some((0, 1)));
}

#[test]
fn tabs_reach_to_the_next_stop() {
    let mut document = sized("a\tb", 20, 1);
    assert_eq!(rows(&document), ["a   b"]);
    go(&mut document, &[Motion::Right, Motion::Right]);
    assert_eq!(document.cursor_cell(), Some((4, 0)));
}

#[test]
fn hidden_characters_and_lone_accents_show() {
    assert_eq!(
        rows(&sized("\u{301}x\u{200b}\u{7}\r", 20, 1)),
        ["\u{25cc}\u{301}x∅␇␍"]
    );
}

#[test]
fn an_empty_document_has_one_row_and_a_cursor() {
    let mut document = sized("", 10, 3);
    for edit in [Edit::Backspace, Edit::Delete, Edit::Undo, Edit::Redo] {
        document.apply(edit, 0);
    }
    assert_eq!(rows(&document), [""]);
    assert_eq!(document.cursor_cell(), Some((0, 0)));
    assert!(document.is_empty() && !document.is_modified());
}

#[test]
fn backspace_removes_a_whole_cluster() {
    for cluster in [FAMILY, "e\u{301}", "🇩🇪", "👍🏽", "❤️", "\r\n"] {
        let mut document = at_end(&format!("a{cluster}"));
        document.apply(Edit::Backspace, 0);
        assert_eq!(document.text(), "a", "{cluster:?}");
    }
}

#[test]
fn the_cursor_column_counts_cells() {
    let mut document = at_end(&format!("你{FAMILY}e\u{301}"));
    assert_eq!(document.cursor_cell(), Some((5, 0)));
    go(&mut document, &[Motion::Left]);
    assert_eq!(document.cursor_cell(), Some((4, 0)));
    go(&mut document, &[Motion::Left]);
    assert_eq!(document.cursor_cell(), Some((2, 0)));
}

#[test]
fn an_accent_typed_after_its_letter_joins_it() {
    let mut document = at_end("e");
    document.apply(Edit::Insert("\u{301}".into()), 0);
    assert_eq!(go(&mut document, &[Motion::Left]), 0);
    document.apply(Edit::Delete, 0);
    assert_eq!(document.text(), "");
}

#[test]
fn line_breaks_stay_and_new_ones_follow_the_custom() {
    let mut document = sized("one\r\ntwo", 20, 5);
    assert_eq!(go(&mut document, &[Motion::RowEnd, Motion::Right]), 5);
    document.apply(Edit::Newline, 0);
    assert_eq!(document.text(), "one\r\n\r\ntwo");
    let mut document = sized("one\ntwo", 20, 5);
    document.apply(Edit::Newline, 0);
    assert_eq!(document.text(), "\none\ntwo");
}

#[test]
fn vertical_motions_keep_their_column_over_short_rows() {
    let mut document = sized("a long row\nab\nanother row", 20, 5);
    go(&mut document, &[Motion::RowEnd, Motion::Down]);
    assert_eq!(document.cursor_cell(), Some((2, 1)));
    go(&mut document, &[Motion::Down]);
    assert_eq!(document.cursor_cell(), Some((10, 2)));
    assert_eq!(go(&mut document, &[Motion::Down]), document.len());
    assert_eq!(go(&mut document, &[Motion::Up, Motion::Up, Motion::Up]), 0);
}

#[test]
fn down_goes_by_rows_as_seen() {
    let mut document = sized("the quick brown fox", 10, 5);
    assert_eq!(go(&mut document, &[Motion::Right, Motion::Down]), 11);
    assert_eq!(go(&mut document, &[Motion::RowStart]), 10);
    assert_eq!(go(&mut document, &[Motion::Up, Motion::RowEnd]), 9);
}

#[test]
fn word_motions_stop_at_words() {
    let mut document = sized("one, two-three\nfour", 20, 5);
    let stops: Vec<_> = (0..5)
        .map(|_| go(&mut document, &[Motion::WordRight]))
        .collect();
    assert_eq!(stops, [3, 8, 14, 19, 19]);
    let stops: Vec<_> = (0..5)
        .map(|_| go(&mut document, &[Motion::WordLeft]))
        .collect();
    assert_eq!(stops, [15, 9, 5, 0, 0]);
}

#[test]
fn words_are_removed() {
    let mut document = at_end("one two  \nthree");
    document.apply(Edit::BackspaceWord, 0);
    assert_eq!(document.text(), "one two  \n");
    document.apply(Edit::BackspaceWord, 0);
    assert_eq!(document.text(), "one ");
    go(&mut document, &[Motion::Start]);
    document.apply(Edit::DeleteWord, 0);
    assert_eq!(document.text(), " ");
}

#[test]
fn paragraph_motions_stop_at_paragraphs() {
    let mut document = sized("a\nb\n\n\nc\nd", 20, 9);
    assert_eq!(go(&mut document, &[Motion::ParagraphDown]), 6);
    assert_eq!(go(&mut document, &[Motion::ParagraphDown]), 9);
    assert_eq!(go(&mut document, &[Motion::ParagraphUp]), 6);
    assert_eq!(go(&mut document, &[Motion::ParagraphUp]), 0);
}

#[test]
fn typing_replaces_the_selection_and_arrows_leave_it_at_its_ends() {
    let mut document = sized("one two", 20, 5);
    document.apply(Edit::Select(Motion::WordRight), 0);
    assert_eq!(document.selected_text().as_deref(), Some("one"));
    assert_eq!(go(&mut document, &[Motion::Left]), 0);
    document.apply(Edit::Select(Motion::WordRight), 0);
    document.apply(Edit::Insert("1".into()), 0);
    assert_eq!((document.text().as_str(), document.cursor()), ("1 two", 1));
    document.apply(Edit::Undo, 0);
    assert_eq!(document.selection(), Some(0..3));
}

#[test]
fn typing_is_undone_by_words_and_pauses() {
    let mut document = sized("", 20, 5);
    type_in(&mut document, "one two", 0);
    type_in(&mut document, "!", 10_000);
    let mut texts = Vec::new();
    for _ in 0..3 {
        document.apply(Edit::Undo, 0);
        texts.push(document.text());
    }
    assert_eq!(texts, ["one two", "one ", ""]);
    for _ in 0..3 {
        document.apply(Edit::Redo, 0);
    }
    assert_eq!(
        (document.text().as_str(), document.cursor()),
        ("one two!", 8)
    );
}

#[test]
fn a_paste_and_a_burst_of_backspaces_are_one_step_each() {
    let mut document = sized("", 20, 5);
    document.apply(Edit::Insert("two words\nand more".into()), 0);
    for _ in 0..4 {
        document.apply(Edit::Backspace, 0);
    }
    assert_eq!(document.text(), "two words\nand ");
    document.apply(Edit::Undo, 0);
    assert_eq!(document.text(), "two words\nand more");
    document.apply(Edit::Undo, 0);
    assert_eq!(document.text(), "");
}

#[test]
fn undo_reaches_behind_a_save_and_knows_what_was_saved() {
    let mut document = sized("", 20, 5);
    type_in(&mut document, "ab", 0);
    document.mark_saved();
    assert!(!document.is_modified());
    type_in(&mut document, "c", 0);
    assert!(document.is_modified());
    document.apply(Edit::Undo, 0);
    assert_eq!(
        (document.text().as_str(), document.is_modified()),
        ("ab", false)
    );
    document.apply(Edit::Undo, 0);
    assert_eq!(
        (document.text().as_str(), document.is_modified()),
        ("", true)
    );
    type_in(&mut document, "ab", 0);
    assert!(
        document.is_modified(),
        "another way to the same text is still not the saved one"
    );
}

#[test]
fn a_replacement_is_one_step_with_the_cursor_behind_it() {
    let mut document = sized("old", 20, 5);
    document.replace(0..3, "brand new", 0);
    assert_eq!(
        (document.text().as_str(), document.cursor()),
        ("brand new", 9)
    );
    document.replace(usize::MAX - 1..usize::MAX, "!", 0);
    document.apply(Edit::Undo, 0);
    document.apply(Edit::Undo, 0);
    assert_eq!(document.text(), "old");
}

#[test]
fn the_viewport_follows_the_cursor_and_the_wheel_does_not_move_it() {
    let lines: Vec<_> = (0..100).map(|n| n.to_string()).collect();
    let text = lines.join(
        "
",
    ) + "
";
    let mut document = sized(&text, 20, 10);
    go(&mut document, &[Motion::PageDown]);
    assert_eq!(document.cursor_cell(), Some((0, 7)));
    assert_eq!(rows(&document)[0], "2");
    document.scroll(30);
    assert_eq!(document.cursor_cell(), None);
    assert_eq!(rows(&document)[0], "32");
    document.apply(Edit::Insert("x".into()), 0);
    assert_eq!(document.cursor_cell(), Some((1, 2)));
    document.scroll(1_000);
    assert_eq!(rows(&document).last().map(String::as_str), Some(""));
    assert_eq!(rows(&document).len(), 10);
    document.scroll(-1_000);
    assert_eq!(rows(&document)[0], "0");
}

#[test]
fn the_mouse_sets_the_cursor_and_selects() {
    let mut document = sized("one two\nthree four\n", 20, 5);
    document.click(5, 0, 1);
    assert_eq!(document.cursor(), 5);
    document.drag(2, 1);
    assert_eq!(document.selection(), Some(5..10));
    document.click(7, 1, 2);
    assert_eq!(document.selected_text().as_deref(), Some("four"));
    document.click(0, 1, 3);
    assert_eq!(document.selected_text().as_deref(), Some("three four\n"));
    document.click(9, 4, 1);
    assert_eq!((document.cursor(), document.selection()), (19, None));
}

#[test]
fn a_drag_from_several_clicks_goes_on_by_words_or_lines() {
    let mut document = sized("one two three\nfour five\nsix\n", 20, 5);
    let selected = |document: &Document| document.selected_text().unwrap_or_default();
    document.click(5, 0, 2);
    document.drag(9, 0);
    assert_eq!(selected(&document), "two three");
    document.drag(1, 0);
    assert_eq!(selected(&document), "one two");
    assert_eq!(document.cursor(), 0, "it goes on at the end that is moved");
    document.drag(2, 1);
    assert_eq!(selected(&document), "two three\nfour");
    document.drag(6, 0);
    assert_eq!(selected(&document), "two");
    document.click(6, 1, 3);
    document.drag(1, 2);
    assert_eq!(selected(&document), "four five\nsix\n");
    document.drag(1, 0);
    assert_eq!(selected(&document), "one two three\nfour five\n");
    document.click(5, 0, 2);
    document.apply(Edit::Insert("x".into()), 0);
    document.drag(1, 0);
    assert_eq!(selected(&document), "ne x", "what was held is gone");
    document.click(5, 0, 1);
    document.drag(1, 0);
    assert_eq!(selected(&document), "ne x");
}

#[test]
fn a_click_on_either_half_of_a_wide_character_is_on_it() {
    let mut document = sized("a你b", 20, 5);
    for (column, at) in [(0, 0), (1, 1), (2, 1), (3, 4), (4, 5), (19, 5)] {
        document.click(column, 0, 1);
        assert_eq!(document.cursor(), at, "column {column}");
    }
}

#[test]
fn hidden_characters_go_out_in_one_step_and_come_back_in_one() {
    let text = "on\u{200b}e\u{1b}\r\ntwo 👩‍👩‍👧\u{202e} thr\u{200b}ee";
    let mut document = Document::new(text);
    document.select(text.len() - 2..text.len() - 2);
    assert_eq!(document.hidden(), 4);
    document.remove_hidden(Some('\u{200b}'), 0);
    assert_eq!(document.hidden(), 2);
    document.remove_hidden(None, 0);
    assert_eq!(document.text(), "one\r\ntwo 👩‍👩‍👧 three");
    assert_eq!(document.cursor(), document.len() - 2);
    document.apply(Edit::Undo, 0);
    document.apply(Edit::Undo, 0);
    assert_eq!(document.text(), text);
    assert!(!document.is_modified());
}

fn motions() -> impl Strategy<Value = Motion> {
    use Motion::*;
    proptest::sample::select(vec![
        Left,
        Right,
        Up,
        Down,
        WordLeft,
        WordRight,
        RowStart,
        RowEnd,
        PageUp,
        PageDown,
        Start,
        End,
        ParagraphUp,
        ParagraphDown,
    ])
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c \n-]{0,12}",
        "([a-c ]|\r|\n|\r\n|\t|\u{301}|\u{200d}|\u{fe0f}|你|。|（|👩‍👩‍👧|👩|🇩|\u{600}|\u{1b}|क्|ष){0,12}",
        "[a-d]{30,60}",
    ]
}

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => texts().prop_map(Edit::Insert),
        1 => Just(Edit::Newline),
        1 => Just(Edit::NextLine),
        2 => Just(Edit::Backspace),
        2 => Just(Edit::Delete),
        1 => Just(Edit::BackspaceWord),
        1 => Just(Edit::DeleteWord),
        5 => motions().prop_map(Edit::Move),
        3 => motions().prop_map(Edit::Select),
        1 => Just(Edit::Undo),
        1 => Just(Edit::Redo),
    ]
}

fn is_boundary(text: &str, at: usize) -> bool {
    at == text.len() || text.grapheme_indices(true).any(|(start, _)| start == at)
}

/// Everything that must hold after any step, against a plain string and a fresh document.
fn check(document: &mut Document) {
    let text = document.text();
    assert!(
        is_boundary(&text, document.cursor()),
        "cursor {} in {text:?}",
        document.cursor()
    );
    if let Some(anchor) = document.anchor {
        assert!(is_boundary(&text, anchor), "anchor {anchor} in {text:?}");
    }
    assert_eq!(document.words(), text::words(&text), "words of {text:?}");
    let hidden = crate::domain::hidden::count(&text);
    assert_eq!(document.hidden(), hidden, "hidden in {text:?}");
    let mut fresh = Document::new(&text);
    fresh.wraps.set_width(document.wraps.width());
    for line in 0..wrap::line_count(&fresh.rope) {
        let kept = document.wraps.rows(&document.rope, line).to_vec();
        assert_eq!(
            kept,
            fresh.wraps.rows(&fresh.rope, line),
            "line {line} of {text:?}"
        );
    }
    let (width, height) = document.size;
    let shown = document.visible();
    assert!(shown.len() <= usize::from(height));
    for row in shown {
        assert!(!row.text.chars().any(char::is_control));
    }
    if let Some((column, row)) = document.cursor_cell() {
        assert!(column < width && row < height);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_session_keeps_every_invariant(
        start in texts(),
        size in (0u16..14, 0u16..7),
        edits in proptest::collection::vec(edits(), 1..30),
        typewriter in any::<bool>(),
    ) {
        let mut document = sized(&start, size.0, size.1);
        if typewriter {
            document.set_scrolling(Scrolling::Typewriter);
        }
        check(&mut document);
        for edit in edits {
            let shows = !matches!(edit, Edit::SelectAll);
            document.apply(edit, 0);
            check(&mut document);
            if shows && size.0 > 0 && size.1 > 0 {
                prop_assert!(document.cursor_cell().is_some());
            }
        }
    }

    #[test]
    fn replacements_do_what_they_do_to_a_string(
        start in texts(),
        changes in proptest::collection::vec((any::<u16>(), any::<u8>(), texts()), 1..20),
    ) {
        let mut document = sized(&start, 9, 5);
        let mut model = start;
        for (at, length, with) in changes {
            let at = usize::from(at) % (model.len() + 1);
            let mut range = at..(at + usize::from(length) % 20).min(model.len());
            while !model.is_char_boundary(range.start) { range.start -= 1; }
            while !model.is_char_boundary(range.end) { range.end += 1; }
            document.replace(range.clone(), &with, 0);
            model.replace_range(range, &with);
            prop_assert_eq!(document.text(), model.clone());
            check(&mut document);
        }
    }

    #[test]
    fn undoing_all_and_redoing_all_come_back(
        start in texts(),
        edits in proptest::collection::vec((edits(), 0..4), 1..30),
    ) {
        let mut document = sized(&start, 11, 5);
        let saved = edits.iter().any(|(_, group)| *group == 2);
        for (edit, group) in edits {
            match group {
                0 => document.open_group(),
                1 => document.close_group(),
                2 => document.mark_saved_as(document.state()),
                _ => {}
            }
            document.apply(edit, 0);
        }
        document.close_group();
        // Undo among the edits may have left steps ahead; go to the newest text first.
        for _ in 0..40 { document.apply(Edit::Redo, 0); }
        let end = document.text();
        for _ in 0..40 { document.apply(Edit::Undo, 0); }
        prop_assert_eq!(document.text(), start);
        prop_assert!(saved || !document.is_modified());
        for _ in 0..40 { document.apply(Edit::Redo, 0); }
        prop_assert_eq!(document.text(), end);
    }

    #[test]
    fn every_step_right_is_one_cluster_and_left_goes_back(text in texts()) {
        let mut document = sized(&text, 7, 3);
        let mut stops = vec![0];
        while document.cursor() < document.len() {
            document.apply(Edit::Move(Motion::Right), 0);
            stops.push(document.cursor());
        }
        let wanted: Vec<_> =
            text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        prop_assert_eq!(&stops[..], if text.is_empty() { &[0][..] } else { &wanted[..] });
        while let Some(stop) = stops.pop() {
            prop_assert_eq!(document.cursor(), stop);
            document.apply(Edit::Move(Motion::Left), 0);
        }
    }

    #[test]
    fn the_mouse_and_any_size_are_safe(
        text in texts(),
        steps in proptest::collection::vec((0u16..20, 0u16..10, 0u8..6), 1..20),
    ) {
        let mut document = Document::new(&text);
        for (x, y, what) in steps {
            match what {
                0..=3 => document.click(x, y, what),
                4 => document.drag(x, i32::from(y) - 2),
                _ => drop(document.set_size(x, y)),
            }
            document.scroll(i32::from(x) - 10);
            check(&mut document);
        }
    }
}
