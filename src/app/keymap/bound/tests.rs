//! What is told of keys that are given, and what becomes of those that were there.

use super::*;
use pretty_assertions::assert_eq;

fn keymap_of(lines: &[(&str, &[&str])]) -> Keymap {
    let bindings = lines.iter().enumerate().map(|(row, (name, keys))| Binding {
        command: (*name).to_owned(),
        place: format!("c:{}:1", row + 2),
        keys: keys
            .iter()
            .map(|key| ((*key).to_owned(), format!("c:{}:9", row + 2)))
            .collect(),
    });
    Keymap::of(&Bindings(bindings.collect()))
}

fn meant(keymap: &Keymap, scope: Scope, key: &str) -> Option<Command> {
    keymap.find(scope, key.parse().unwrap())
}

#[test]
fn the_table_itself_is_sound() {
    let keymap = keymap_of(&[]);
    assert_eq!(keymap.odd, [""; 0]);
    for entry in TABLE {
        for key in entry.keys {
            assert_eq!(meant(&keymap, entry.scope, key), Some(entry.command));
            let hidden = meant(&keymap, Scope::Anywhere, key);
            assert!(entry.scope == Scope::Anywhere || hidden.is_none(), "{key}");
        }
    }
}

#[test]
fn a_line_gives_keys_and_takes_the_old_ones() {
    let keymap = keymap_of(&[("generate", &["F12", "alt+!"]), ("zoom", &[])]);
    assert_eq!(keymap.odd, [""; 0]);
    assert_eq!(
        meant(&keymap, Scope::Anywhere, "F12"),
        Some(Command::Generate)
    );
    assert_eq!(meant(&keymap, Scope::Anywhere, "ctrl+g"), None);
    assert_eq!(meant(&keymap, Scope::Anywhere, "F11"), None);
    assert_eq!(keymap.key_of(Command::Generate), "F12");
    assert_eq!(keymap.key_of(Command::Zoom), "");
}

#[test]
fn what_makes_no_sense_is_told_and_costs_only_itself() {
    let keymap = keymap_of(&[
        ("genrate", &["F12"]),
        ("save", &["ctrl+foo", "F12"]),
        ("zoom", &["x"]),
        ("find", &["down"]),
        ("ask", &["ctrl+i"]),
        ("help", &[]),
    ]);
    assert_eq!(
        keymap.odd,
        [
            "c:2:1: no command is called `genrate`; did you mean `generate`?",
            "c:3:9: there is no key `ctrl+foo`; write one such as ctrl+g, alt+1, F5 or pagedown",
            "c:4:9: `x` writes text where `zoom` counts; use one with ctrl or alt, or a function key",
            "c:5:9: `down` is needed everywhere to write and move; use one with ctrl or alt, or a function key",
            "c:6:1: many terminals cannot send `ctrl+i` or send another key for it; give `ask` one more",
            "c:7:1: `help` cannot be without a key; it keeps `F1`",
        ]
    );
    assert_eq!(meant(&keymap, Scope::Anywhere, "F12"), Some(Command::Save));
    assert_eq!(meant(&keymap, Scope::Anywhere, "F11"), Some(Command::Zoom));
    assert_eq!(meant(&keymap, Scope::Anywhere, "F1"), Some(Command::Help));
    assert_eq!(
        meant(&keymap, Scope::Anywhere, "ctrl+i"),
        Some(Command::Ask)
    );
}

#[test]
fn one_key_goes_to_one_command_of_a_scope() {
    let keymap = keymap_of(&[
        ("refine", &["F5"]),
        ("ask", &["F5", "F12"]),
        ("star", &["x"]),
    ]);
    assert_eq!(
        keymap.odd,
        [
            "c:3:1: `F5` is already a key of `refine`; `ask` does not get it",
            "c:2:1: `refine` takes `F5` from `generate`, which keeps `ctrl+g`, `alt+enter`",
            "c:4:1: `star` takes `x` from `delete`, which has no key now; give it one, or `delete = []`",
        ]
    );
    assert_eq!(meant(&keymap, Scope::Anywhere, "F5"), Some(Command::Refine));
    assert_eq!(meant(&keymap, Scope::Anywhere, "F12"), Some(Command::Ask));
    assert_eq!(meant(&keymap, Scope::Lists, "x"), Some(Command::StarItem));
    // Another scope has its own.
    assert_eq!(meant(&keymap, Scope::Output, "c"), Some(Command::Continue));
}

#[test]
fn the_ways_out_are_kept_whoever_asks_for_their_keys() {
    let keymap = keymap_of(&[("save", &["ctrl+q", "F12"]), ("zoom", &["esc"])]);
    assert_eq!(
        keymap.odd,
        [
            "c:3:1: `esc` is the only key of `back`, which cannot be without one; `zoom` does not get it",
            "c:2:1: `ctrl+q` is the only key of `quit`, which cannot be without one; `save` does not get it",
        ]
    );
    assert_eq!(
        meant(&keymap, Scope::Anywhere, "ctrl+q"),
        Some(Command::Quit)
    );
    assert_eq!(meant(&keymap, Scope::Anywhere, "F12"), Some(Command::Save));
    assert_eq!(meant(&keymap, Scope::Anywhere, "esc"), Some(Command::Back));
    // With another key for it, its own is free.
    let keymap = keymap_of(&[("save", &["ctrl+q"]), ("quit", &["F12"])]);
    assert_eq!(keymap.odd, [""; 0]);
}

#[test]
fn a_key_that_never_gets_to_a_pane_is_told() {
    let keymap = keymap_of(&[("usage", &["alt+x"]), ("list-new", &["ctrl+n"])]);
    assert_eq!(
        keymap.odd,
        [
            "c:2:1: `alt+x` counts everywhere for `usage` and hides it from `clear-field`, `find-pattern`",
            "c:3:1: `ctrl+n` is a key of `new-draft` everywhere and never gets to `list-new`",
        ]
    );
}

#[test]
fn sentences_name_the_keys_in_force() {
    let keymap = keymap_of(&[
        ("generate", &["F12"]),
        ("recover", &[]),
        ("list-new", &["N"]),
    ]);
    assert_eq!(
        keymap.told("press ctrl+g, alt+r or ctrl+gg (F5)").as_ref(),
        "press F12, “Recover” in ctrl+p or ctrl+gg (F12)"
    );
    assert_eq!(
        keymap.spelled("{list-new} begins; {+coloured+}, {save}, {zoom"),
        "N begins; {+coloured+}, ctrl+s, {zoom"
    );
    assert_eq!(keymap_of(&[]).told("press ctrl+g"), "press ctrl+g");
}
