//! What models did with "go on where it stopped", and what becomes of it.

use super::*;
use pretty_assertions::assert_eq;
use proptest::prelude::*;

/// What stood there, what was written to go on with it, and both as one.
const SEAMS: &[(&str, &str, &str)] = &[
    // As it should be.
    ("The quick", " brown fox.", "The quick brown fox."),
    (
        "The qu",
        "ick brown fox, quick.",
        "The quick brown fox, quick.",
    ),
    ("It rained", ", and it blew.", "It rained, and it blew."),
    ("It rained", ".\n\nIt blew.", "It rained.\n\nIt blew."),
    // The space is missing, or there twice.
    ("The quick", "brown fox.", "The quick brown fox."),
    ("The quick ", " brown fox.", "The quick brown fox."),
    ("It rained.", "It blew.", "It rained. It blew."),
    ("It rained,", "and blew.", "It rained, and blew."),
    ("He said", "“No.”", "He said “No.”"),
    ("He said “", "No.”", "He said “No.”"),
    ("well-", "known", "well-known"),
    ("It cost 1,", "000 dollars", "It cost 1,000 dollars"),
    ("Pi is 3.", "14159", "Pi is 3.14159"),
    ("In 20", "26 it was so", "In 2026 it was so"),
    ("**bo", "ld** text, bold", "**bold** text, bold"),
    (
        "a [link](",
        "https://example.com)",
        "a [link](https://example.com)",
    ),
    // In the middle of a word.
    ("They were walk", "ing home.", "They were walking home."),
    ("The hou", "se stood. A house!", "The house stood. A house!"),
    ("The hou", "house stood.", "The house stood."),
    ("It was in", "the house.", "It was in the house."),
    (
        "He is a man. The man",
        "manages.",
        "He is a man. The man manages.",
    ),
    // The last words once more.
    (
        "It was a dark and",
        "dark and stormy night.",
        "It was a dark and stormy night.",
    ),
    (
        "It was a dark and",
        "It was a dark and stormy night.",
        "It was a dark and stormy night.",
    ),
    (
        "It was a dark\nand",
        "a dark and stormy night.",
        "It was a dark\nand stormy night.",
    ),
    (
        "One. Two. Three is lo",
        "Two. Three is long.",
        "One. Two. Three is long.",
    ),
    (
        "to the old house",
        "house on the hill",
        "to the old house on the hill",
    ),
    (
        "It was a dark and",
        "…a dark and stormy night.",
        "It was a dark and…a dark and stormy night.",
    ),
    (
        "It was a dark and",
        "\"a dark and stormy night.\"",
        "It was a dark and stormy night.",
    ),
    (
        "It was dark and ",
        "dark and stormy.",
        "It was dark and stormy.",
    ),
    ("One line.\n\n", "One line.\n\nTwo.", "One line.\n\nTwo."),
    // Line breaks first.
    ("The quick", "\n\nbrown fox.", "The quick brown fox."),
    ("The end.", "\n\nA start.", "The end.\n\nA start."),
    ("The end.\n\n", "\n\nA start.", "The end.\n\nA start."),
    ("The end.\n", "\n\nA start.", "The end.\n\nA start."),
    ("A line\n", "and one more", "A line\nand one more"),
    ("The quick", "\n\n# A heading", "The quick\n\n# A heading"),
    // Remarks.
    ("The quick", "(continued) brown fox", "The quick brown fox"),
    ("The quick", "…continued: brown fox", "The quick brown fox"),
    (
        "The quick",
        "[Continued]\n\nbrown fox",
        "The quick brown fox",
    ),
    (
        "The quick",
        "Sure, here is the continuation:\n\nbrown fox",
        "The quick brown fox",
    ),
    (
        "The quick",
        "Continuing from where it stopped:\nbrown fox",
        "The quick brown fox",
    ),
    (
        "The quick",
        "Here:\nbrown fox",
        "The quick Here:\nbrown fox",
    ),
    (
        "He went.",
        "Continued rain fell.",
        "He went. Continued rain fell.",
    ),
    // Fences.
    ("The quick", "```\nbrown fox.\n```", "The quick brown fox."),
    (
        "The quick",
        "```markdown\nThe quick brown fox.\n```\n",
        "The quick brown fox.",
    ),
    (
        "As in:\n\n",
        "```rust\nfn a() {}\n```\nSo.",
        "As in:\n\n```rust\nfn a() {}\n```\nSo.",
    ),
    (
        "```rust\nfn a() {\n",
        "```rust\n    b();\n}\n```\n",
        "```rust\nfn a() {\n    b();\n}\n```\n",
    ),
    (
        "```rust\nfn a() {\n    b(",
        "```rust\n    b();\n}\n```",
        "```rust\nfn a() {\n    b();\n}\n```",
    ),
    (
        "```\nlet x = fo",
        "o();\n```\nDone.",
        "```\nlet x = foo();\n```\nDone.",
    ),
    (
        "```py\ndef a():\n",
        "    return 1\n```",
        "```py\ndef a():\n    return 1\n```",
    ),
    // Lists and other blocks.
    ("- one\n- two", "- three", "- one\n- two\n- three"),
    ("- one\n- two", "\n- three", "- one\n- two\n- three"),
    ("- one\n- tw", "- two\n- three", "- one\n- two\n- three"),
    ("- one\n- ", "- two", "- one\n- two"),
    ("1. one\n2. two\n3.", "3. three", "1. one\n2. two\n3. three"),
    ("1. one\n2. two\n3.", "three", "1. one\n2. two\n3. three"),
    ("A list:", "- one", "A list:\n\n- one"),
    ("- one\n", "  - inner", "- one\n  - inner"),
    ("| a | b |\n| 1 |", " 2 |", "| a | b |\n| 1 | 2 |"),
    // Scripts that part no words.
    ("今日は", "いい天気", "今日はいい天気"),
    ("Die Straße war", "naß und", "Die Straße war naß und"),
    // Nothing on one side.
    ("", " anything ", " anything "),
    ("All of it", "", "All of it"),
    ("All of it", "All of it", "All of it"),
];

#[test]
fn a_seam_repeats_nothing_and_loses_nothing() {
    let mut wrong = Vec::new();
    for (before, written, whole) in SEAMS {
        let told = joined(before, written, Came::Whole);
        if told != *whole {
            wrong.push(format!(
                "{before:?} + {written:?} = {told:?}, not {whole:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A model that begins anew with the last words may be stopped before it has said all of them.
#[test]
fn a_repetition_that_was_stopped_adds_nothing() {
    for (before, written) in [
        ("It was a dark and", "It was"),
        ("It was a dark and", "It was a da"),
        ("It was a dark\nand", "\n\nIt was a dark an"),
        ("One. Two. Three is lo", "Two. Thr"),
        ("It was a dark and", "```markdown\nIt was a"),
    ] {
        assert_eq!(joined(before, written, Came::InPart), before, "{written:?}");
    }
    // What came to its end is meant, and a single word may be anything.
    let before = "It was the end, and";
    assert_eq!(
        joined(before, "the end", Came::Whole),
        "It was the end, and the end"
    );
    assert_eq!(joined(before, "It", Came::InPart), "It was the end, and It");
}

#[test]
fn a_seam_inside_a_character_closes() {
    for (before, written, whole) in [
        ("cafe", "\u{301} noir", "cafe\u{301} noir"),
        ("👩\u{200d}", "👧 here", "👩\u{200d}👧 here"),
        ("🇩", "🇪 is", "🇩🇪 is"),
        ("one\r", "\ntwo", "one\r\ntwo"),
    ] {
        assert_eq!(joined(before, written, Came::Whole), whole);
    }
    assert_eq!(whole("half a \u{fffd}\u{fffd}"), "half a ");
}

/// However the answer is cut into pieces, the text is the same in the end; and a piece that is only
/// added gives the text that taking it anew would give.
#[test]
fn pieces_make_no_difference() {
    let long = "and so it went on. ".repeat(200);
    for (before, written) in [
        (
            "It was a dark and",
            format!("dark and stormy night, {long}"),
        ),
        ("The quick", format!("```markdown\nbrown {long}\n```")),
        ("Ende der Zeile", format!("\n\n{long}")),
    ] {
        for size in [1, 7, 1_000] {
            let mut seam = Seam::behind(before.to_owned());
            let mut shown = String::new();
            let pieces: Vec<char> = written.chars().collect();
            for piece in pieces.chunks(size) {
                let piece: String = piece.iter().collect();
                match seam.push(&piece) {
                    Some(more) => shown.push_str(more),
                    None => shown = seam.text(Came::InPart),
                }
            }
            let whole = joined(before, &written, Came::Whole);
            assert_eq!(seam.text(Came::Whole), whole);
            assert!(shown.starts_with(&whole), "{shown}");
        }
    }
}

#[test]
fn a_correction_of_the_server_is_one_of_what_it_wrote() {
    let mut seam = Seam::behind("It was a dark and".to_owned());
    seam.push("dark and stormy nihgt");
    seam.correct(16, "night.");
    assert_eq!(seam.text(Came::Whole), "It was a dark and stormy night.");
}

proptest! {
    /// The text before stays, and of what was written only the beginning and an end of a wrapping
    /// go.
    #[test]
    fn no_seam_loses_what_it_must_not(
        before in "[a-c \n.`\"é日👩\u{200d}-]{0,30}",
        written in "[a-c \n.`\"é日👧\u{301}-]{0,30}",
    ) {
        let whole = joined(&before, &written, Came::Whole);
        prop_assert!(whole.starts_with(&before));
        prop_assert!(whole.len() <= before.len() + written.len() + 2);
    }

    #[test]
    fn a_repetition_of_several_words_always_goes(
        words in prop::collection::vec("[a-z]{3,8}", 6..20),
        again in 3usize..6,
    ) {
        let before = words.join(" ");
        let repeated = words[words.len() - again..].join(" ");
        let unique = before.matches(&repeated).count() == 1;
        prop_assume!(unique);
        let whole = joined(&before, &format!("{repeated} zzz end"), Came::Whole);
        prop_assert_eq!(whole, format!("{before} zzz end"));
    }
}
