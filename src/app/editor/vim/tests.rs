//! Keys in; text, cursor and mode out. `|` is the cursor.

use super::*;

/// A document with the cursor where the text has `|`.
fn document(marked: &str) -> Document {
    let at = marked.find('|').unwrap();
    let mut text = Document::new(&marked.replacen('|', "", 1));
    text.set_size(40, 10);
    text.stand_at(at);
    text
}

fn marked(text: &Document) -> String {
    let mut marked = text.text();
    marked.insert(text.cursor(), '|');
    marked
}

/// Keys as they are typed; `<esc>` and the like by name.
fn keys(typed: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = typed;
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|it| it.split_once('>')) {
            keys.push(name.parse().unwrap());
            rest = after;
        } else {
            keys.push(Key::plain(Code::Char(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    keys
}

fn typed(text: &mut Document, vim: &mut Vim, register: &mut String, keys_typed: &str) -> Answer {
    let mut last = Answer::Done;
    for key in keys(keys_typed) {
        last = vim.key(key, text, register, 0);
    }
    last
}

/// Checks rows of: text, keys, text after them.
fn check(rows: &[(&str, &str, &str)]) {
    for (before, keys, after) in rows {
        let mut text = document(before);
        let (mut vim, mut register) = (Vim::default(), String::new());
        typed(&mut text, &mut vim, &mut register, keys);
        assert_eq!(marked(&text), *after, "{before:?} {keys}");
    }
}

#[test]
fn motions_lead_where_they_do_in_vim() {
    check(&[
        ("|one two", "l", "o|ne two"),
        ("|one", "9l", "on|e"),
        ("one| two", "h", "on|e two"),
        ("a\n|b", "h", "a\n|b"),
        ("o|ne\ntwo", "j", "one\nt|wo"),
        ("lon|ger\nx\nlonger", "jj", "longer\nx\nlon|ger"),
        ("one\nt|wo", "k", "o|ne\ntwo"),
        ("|a\nb\nc", "2j", "a\nb\n|c"),
        ("|one two, three", "w", "one |two, three"),
        ("|one two, three", "3w", "one two, |three"),
        ("|one, two", "W", "one, |two"),
        ("on|e\n\ntwo", "w", "one\n|\ntwo"),
        ("|one two", "e", "on|e two"),
        ("on|e two", "e", "one tw|o"),
        ("one tw|o", "b", "one |two"),
        ("one |two", "b", "|one two"),
        ("one don't| go", "b", "one |don't go"),
        ("  one |two", "0", "|  one two"),
        ("  one |two", "^", "  |one two"),
        ("|one two", "$", "one tw|o"),
        ("|a\nbcd\nef", "$jj", "a\nbcd\ne|f"),
        ("a\n  b\n|c", "gg", "|a\n  b\nc"),
        ("|a\n  b\nc", "G", "a\n  b\n|c"),
        ("|a\n  b\nc", "2G", "a\n  |b\nc"),
        ("|a\nb\n\nc\n\nd", "}", "a\nb\n|\nc\n\nd"),
        ("|a\nb\n\nc\n\nd", "2}", "a\nb\n\nc\n|\nd"),
        ("a\n\nb\n|c", "{", "a\n|\nb\nc"),
        ("|one two", "ft", "one |two"),
        ("|one two", "tt", "one| two"),
        ("|a.b.c.d", "f.;", "a.b|.c.d"),
        ("|a.b.c.d", "2f.", "a.b|.c.d"),
        ("|a.b.c.d", "t.;", "a.|b.c.d"),
        ("a.b.c|", "F.", "a.b|.c"),
        ("a.b.c|", "T.", "a.b.|c"),
        ("|a.b.c.d", "2f.,", "a|.b.c.d"),
        ("|one", "fx", "|one"),
        ("日|本語", "l", "日本|語"),
        ("|one two", "<right><end><left>", "one t|wo"),
    ]);
}

#[test]
fn operators_work_on_what_a_motion_goes_over() {
    check(&[
        ("|one two three", "dw", "|two three"),
        ("|one two three", "d2w", "|three"),
        ("|one two three four", "2d1w", "|three four"),
        ("one |two\nthree", "dw", "one| \nthree"),
        ("|one two", "de", "| two"),
        ("one |two", "d$", "one| "),
        ("one |two", "D", "one| "),
        ("one tw|o", "db", "one |o"),
        ("one |two", "d0", "|two"),
        ("one |two three", "dtr", "one |ree"),
        ("one |two. three", "df.", "one | three"),
        ("a\n|b\nc", "dd", "a\n|c"),
        ("a\nb\n|c", "dd", "a\n|b"),
        ("|a", "dd", "|"),
        ("|a\nb\nc", "2dd", "|c"),
        ("|a\nb\nc", "dj", "|c"),
        ("a\nb\n|c\nd", "dgg", "|d"),
        ("a\n|b\nc", "dG", "|a"),
        ("o|ne\ntwo\n\nx", "d}", "|o\n\nx"),
        ("|one two", "cwx<esc>", "|x two"),
        ("|one two three", "c2wx<esc>", "|x three"),
        ("one |two", "Cx<esc>", "one |x"),
        ("a\n|b\nc", "ccx<esc>", "a\n|x\nc"),
        ("|one", "sX<esc>", "|Xne"),
        ("one|\ntwo", "Snew<esc>", "ne|w\ntwo"),
        ("|abc", "x", "|bc"),
        ("|abc", "2x", "|c"),
        ("ab|c", "X", "a|c"),
        ("|abc", "rx", "|xbc"),
        ("|abc", "3rx", "xx|x"),
        ("|abc", "4rx", "|abc"),
        ("|a\nb\nc", "J", "a| b\nc"),
        ("|a\n  b\nc", "3J", "a b| c"),
        ("|aBc", "3~", "Ab|C"),
        ("one| two", "dfx", "one| two"),
    ]);
}

#[test]
fn objects_are_words_and_paragraphs() {
    check(&[
        ("one t|wo three", "diw", "one | three"),
        ("one t|wo three", "daw", "one |three"),
        ("one t|wo", "daw", "on|e"),
        ("one t|wo three", "ciwX<esc>", "one |X three"),
        ("a b|c, d", "diw", "a |, d"),
        ("a b|c, d", "diW", "a | d"),
        ("a\n\nb\n|c\n\nd", "dip", "a\n\n|\nd"),
        ("a\n\nb\n|c\n\nd", "dap", "a\n\n|d"),
        ("a\n\n|b", "dap", "|a"),
        ("a\n\nb\n|c\n\nd", "cipx<esc>", "a\n\n|x\n\nd"),
        ("one two th|ree", "d2aw", "one tw|o"),
    ]);
}

#[test]
fn what_was_taken_is_put_in() {
    check(&[
        ("|one two", "dwp", "tone| wo"),
        ("|one two", "dwP", "one| two"),
        ("a|b", "xp", "a|b"),
        ("|a\nb", "ddp", "b\n|a"),
        ("a\n|b", "ddP", "|b\na"),
        ("|a\nb", "yyp", "a\n|a\nb"),
        ("a\n|b", "yyp", "a\nb\n|b"),
        ("|a\nb", "yy2p", "a\n|a\na\nb"),
        ("|a\nb", "YjP", "a\n|a\nb"),
        ("|one two", "yw$p", "one twoone| "),
        ("|one", "ylp", "o|one"),
        ("|one", "yl3p", "ooo|one"),
    ]);
}

#[test]
fn typing_goes_on_until_escape() {
    check(&[
        ("|one", "iX<esc>", "|Xone"),
        ("|one", "aX<esc>", "o|Xne"),
        ("  o|ne", "IX<esc>", "  |Xone"),
        ("|one", "AX<esc>", "one|X"),
        ("|one\ntwo", "oX<esc>", "one\n|X\ntwo"),
        ("one\n|two", "OX<esc>", "one\n|X\ntwo"),
        ("|- one", "otwo<esc>", "- one\n- tw|o"),
        ("|", "ione<enter>two<backspace><esc>", "one\nt|w"),
        ("|one", "A<esc>", "on|e"),
    ]);
}

#[test]
fn a_selection_takes_in_both_its_ends() {
    check(&[
        ("|one two", "vd", "|ne two"),
        ("|one two", "ved", "| two"),
        ("|one two", "vwd", "|wo"),
        ("one t|wo", "vbd", "one |o"),
        ("a\n|b\nc", "Vd", "a\n|c"),
        ("|a\nb\nc", "Vjd", "|c"),
        ("|one two", "vecX<esc>", "|X two"),
        ("one t|wo three", "viwd", "one | three"),
        ("one t|wo three", "vawd", "one |three"),
        ("a\n\n|b\nc\n\nd", "vipd", "a\n\n|\nd"),
        ("|one two", "v3lohd", "|two"),
        ("one |two", "vhohd", "one|two"),
        ("|one", "vlU", "|ONe"),
        ("|one", "vlrx", "|xxe"),
        ("|a\nb\nc", "VjJ", "a| b\nc"),
        ("|one two", "yewviwp", "one on|e"),
        ("|one two", "vl<esc>x", "o|e two"),
        ("|one two", "v$d", "|"),
        ("|one\ntwo", "vGd", "|wo"),
        ("|one", "vvx", "|ne"),
        ("|one two", "veVd", "|"),
    ]);
}

#[test]
fn a_dot_does_the_last_change_again() {
    check(&[
        ("|one two three", "dw.", "|three"),
        ("|a b c d", "dw2.", "|d"),
        ("|one two", "cwX<esc>w.", "X |X"),
        ("|a\nb\nc", "A!<esc>j.j.", "a!\nb!\nc|!"),
        ("|a\nb", "ddu.", "|b"),
        ("|one", "x..", "|"),
        ("|a.b.c", "dt.x.", "|.c"),
        ("|one\ntwo", "otext<esc>k.", "one\ntex|t\ntext\ntwo"),
    ]);
}

#[test]
fn a_command_and_what_was_typed_in_it_are_undone_at_once() {
    check(&[
        ("|one two", "dwu", "|one two"),
        ("|one", "itext and more<esc>u", "|one"),
        (
            "|one two three",
            "cwtext and more<esc>wdwuu",
            "|one two three",
        ),
        ("|a\nb\nc", "3Ju", "|a\nb\nc"),
        ("|one two", "dwu<ctrl+r>", "|two"),
        ("|a b c d", "dwdwdw3u", "|a b c d"),
    ]);
}

#[test]
fn modes_are_told_and_escape_leads_back() {
    let mut text = document("|one two");
    let (mut vim, mut register) = (Vim::default(), String::new());
    for (keys, mode, waits) in [
        ("i", Mode::Insert, ""),
        ("x<esc>", Mode::Normal, ""),
        ("2d", Mode::Normal, "2d"),
        ("<esc>", Mode::Normal, ""),
        ("v", Mode::Visual, ""),
        ("2", Mode::Visual, "2"),
        ("<esc>V2f", Mode::VisualLine, "2f"),
        ("<esc>", Mode::Normal, ""),
        ("gx", Mode::Normal, ""),
        ("dx", Mode::Normal, ""),
    ] {
        typed(&mut text, &mut vim, &mut register, keys);
        assert_eq!((vim.mode(), vim.typed()), (mode, waits), "{keys}");
    }
    assert_eq!(text.text(), "xone two");
    let esc: Key = "esc".parse().unwrap();
    assert!(!vim.takes(esc), "at rest, esc is the studio's");
    assert!(!vim.takes("ctrl+s".parse().unwrap()));
}

#[test]
fn what_is_not_the_texts_business_is_asked_for() {
    let mut text = document("|one two");
    let (mut vim, mut register) = (Vim::default(), String::new());
    let mut ask = |keys: &str| typed(&mut text, &mut vim, &mut register, keys);
    assert_eq!(ask(":"), Answer::Wants(Wanted::Palette));
    assert_eq!(ask("/"), Answer::Wants(Wanted::Find));
    assert_eq!(ask("N"), Answer::Wants(Wanted::Previous));
    assert_eq!(ask("yw"), Answer::Taken("one ".to_owned()));
}

#[test]
fn a_text_that_can_only_be_read_takes_motions_and_yanks() {
    for keys in [
        "x", "dd", "ix", "p", "J", "rx", "~", "o", "cw", "u", "vd", "Vp",
    ] {
        let mut text = document("|one\ntwo");
        let (mut vim, mut register) = (Vim::default(), "y".to_owned());
        vim.lock(true);
        let answers: Vec<Answer> = super::tests::keys(keys)
            .into_iter()
            .map(|key| vim.key(key, &mut text, &mut register, 0))
            .collect();
        assert!(answers.contains(&Answer::Refused), "{keys}");
        assert_eq!(text.text(), "one\ntwo", "{keys}");
        assert_ne!(vim.mode(), Mode::Insert, "{keys}");
    }
    let mut text = document("|one two");
    let (mut vim, mut register) = (Vim::default(), String::new());
    vim.lock(true);
    typed(&mut text, &mut vim, &mut register, "wyw");
    assert_eq!(
        (marked(&text).as_str(), register.as_str()),
        ("one |two", "two")
    );
}

mod any {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is typed, the cursor stands between clusters, escape leads back, and undoing
        /// all of it gives the text back byte for byte.
        #[test]
        fn any_keys_are_safe_and_can_be_undone(
            start in "([a-c .,]|\n|\r\n|你|e\u{301}|👩‍👩‍👧){0,20}",
            typed_keys in "([hjklwbeWBE0^$G{}fFtT;,dcyDCYxXsSrJ~pPoOaAiIvVu.]|[1-3]|ip|aw|gg|<esc>|<ctrl>|a|c|\n){0,40}",
        ) {
            let mut text = Document::new(&start);
            text.set_size(12, 4);
            let (mut vim, mut register) = (Vim::default(), "x\n".to_owned());
            let typed_keys = typed_keys.replace("<ctrl>", "<ctrl+r>").replace('\n', "<enter>");
            for key in keys(&typed_keys) {
                vim.key(key, &mut text, &mut register, 0);
                let whole = text.text();
                prop_assert!(whole.is_char_boundary(text.cursor()));
            }
            for _ in 0..3 {
                vim.key(Key::plain(Code::Esc), &mut text, &mut register, 0);
            }
            prop_assert_eq!(vim.mode(), Mode::Normal);
            while text.is_modified() {
                let before = text.revision();
                text.apply(crate::domain::document::Edit::Undo, 0);
                if text.revision() == before {
                    break;
                }
            }
            prop_assert_eq!(text.text(), start);
        }
    }
}
