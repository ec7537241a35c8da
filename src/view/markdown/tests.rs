//! How Markdown looks, and that the cache of settled blocks is never seen.

use super::*;
use crate::view::style::Role;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

fn fresh(source: &str, width: u16) -> Markdown {
    let mut markdown = Markdown::new();
    markdown.update(source, width, Styles::COLOUR);
    markdown
}

/// The rows as plain text.
fn rows(source: &str, width: u16) -> Vec<String> {
    let markdown = fresh(source, width);
    markdown.lines.iter().map(ToString::to_string).collect()
}

/// The style that the first span holding `text` has.
fn style_of(source: &str, text: &str) -> Style {
    let markdown = fresh(source, 40);
    let mut spans = markdown.lines.iter().flat_map(|line| &line.spans);
    spans
        .find(|span| span.content.contains(text))
        .expect(text)
        .style
}

#[test]
fn paragraphs_wrap_and_stand_apart() {
    assert_eq!(
        rows(
            "One line of prose that is\nlonger than the pane.\n\nNext  \nline<br>end",
            30
        ),
        [
            "One line of prose that is",
            "longer than the pane.",
            "",
            "Next",
            "line",
            "end"
        ]
    );
}

#[test]
fn headings_show_their_level_and_hang() {
    assert_eq!(
        rows("## A heading that wraps\ntext", 16),
        ["## A heading", "   that wraps", "", "text"]
    );
    let role = Styles::COLOUR.of(Role::Heading);
    assert_eq!(style_of("# Title *here*", "Title"), role);
    assert_eq!(
        style_of("# Title *here*", "here"),
        role.patch(Styles::COLOUR.of(Role::Emphasis))
    );
}

#[test]
fn inline_styles_follow_their_roles() {
    let source = "*em* **strong** ~~struck~~ `code`";
    assert_eq!(rows(source, 40), ["em strong struck code"]);
    for (text, role) in [
        ("em", Role::Emphasis),
        ("strong", Role::Strong),
        ("struck", Role::Struck),
        ("code", Role::Code),
    ] {
        assert_eq!(style_of(source, text), Styles::COLOUR.of(role));
    }
}

#[test]
fn lists_hang_nest_count_and_tick() {
    let source = "\
- first item that is long enough to wrap around
- second
  1. nine

  2. ten
- [x] done
- [ ] open
";
    assert_eq!(
        rows(source, 40),
        [
            "• first item that is long enough to wrap",
            "  around",
            "• second",
            "  1. nine",
            "",
            "  2. ten",
            "[x] done",
            "[ ] open",
        ]
    );
}

#[test]
fn ordered_lists_start_where_they_say() {
    assert_eq!(rows("9. a\n9. b\n9. c", 40), ["9. a", "10. b", "11. c"]);
}

#[test]
fn an_item_holds_blocks_as_written() {
    assert_eq!(
        rows("- text\n  ```\n  code\n  ```\n\n  more\n-\n- end", 40),
        ["• text", "    code", "", "  more", "• ", "• end"]
    );
}

#[test]
fn quotes_have_a_bar_on_every_row() {
    assert_eq!(
        rows("> one\n> - two\n>\n> > three", 40),
        ["│ one", "│ ", "│ • two", "│ ", "│ │ three"]
    );
    assert_eq!(
        style_of("> quoted", "quoted"),
        Styles::COLOUR.of(Role::Quote)
    );
}

#[test]
fn code_keeps_its_lines_and_names_its_language() {
    assert_eq!(
        rows("```rust\nfn main() {\n\n\tbody();\n}\n```\nend", 40),
        [
            "rust",
            "  fn main() {",
            "  ",
            "      body();",
            "  }",
            "",
            "end"
        ]
    );
    assert_eq!(rows("    indented\n    code", 40), ["  indented", "  code"]);
    assert_eq!(
        style_of("```\nx = 1\n```", "x"),
        Styles::COLOUR.of(Role::Code)
    );
}

#[test]
fn tables_align_by_display_width() {
    let source = "| Name | Count |\n|:--|--:|\n| 日本 | 1 |\n| é | 1000 |\n";
    assert_eq!(
        rows(source, 40),
        [
            "Name │ Count",
            "─────┼──────",
            "日本 │     1",
            "é    │  1000"
        ]
    );
    assert_eq!(style_of(source, "Name"), Styles::COLOUR.of(Role::Strong));
}

#[test]
fn wide_tables_wrap_their_cells() {
    let source = "|a|long|\n|-|-|\n|b|several words in one cell|\n";
    assert_eq!(
        rows(source, 16),
        [
            "a │ long",
            "──┼─────────────",
            "b │ several",
            "  │ words in one",
            "  │ cell",
        ]
    );
}

#[test]
fn tables_without_room_become_running_text() {
    assert_eq!(
        rows("|one|two|three|\n|-|-|-|\n|a|b|c|\n", 10),
        [
            "one",
            "two",
            "three",
            "┄┄┄┄┄┄┄┄┄┄",
            "──────────",
            "a",
            "b",
            "c",
            "┄┄┄┄┄┄┄┄┄┄"
        ]
    );
}

#[test]
fn links_show_their_address_when_it_differs() {
    assert_eq!(
        rows("[text](https://a.b) <https://c.d> <e@f.gh>", 80),
        ["text (https://a.b) https://c.d e@f.gh"]
    );
    assert_eq!(rows("![alt](i.png) ![](j.png)", 40), ["alt (i.png) j.png"]);
    assert_eq!(style_of("[text](u)", "text"), Styles::COLOUR.of(Role::Link));
}

#[test]
fn rules_html_and_footnotes_stay_plain() {
    assert_eq!(
        rows("a[^1]\n\n---\n\n<div>\n  b\n</div>\n\n[^1]: note", 12),
        [
            "a[^1]",
            "",
            "────────────",
            "",
            "<div>",
            "  b",
            "</div>",
            "",
            "[^1]: note"
        ]
    );
}

#[test]
fn hidden_characters_are_marked_everywhere() {
    let evil = "\u{1b}[31m\u{202e}\u{200b}";
    let source = format!(
        "# {evil}\n\n- `{evil}`\n\n```{evil}\n{evil}\n```\n\n|{evil}|\n|-|\n|{evil}|\n\n\
         [{evil}](<{evil}>) <b {evil}>\n\n<div>{evil}\n"
    );
    for row in rows(&source, 40) {
        assert!(!row.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{row:?}");
    }
}

#[test]
fn settled_text_is_not_drawn_again() {
    let mut markdown = Markdown::new();
    let mut source = String::new();
    for block in [
        "para\n\n",
        "- item\n",
        "```\nx\n```\n",
        "|a|b|\n|-|-|\n|1|2|\n",
        "\n> q\n\n",
    ] {
        for _ in 0..200 {
            source.push_str(block);
            markdown.update(&source, 40, Styles::COLOUR);
        }
        let open = source.len() - markdown.settled.offset;
        assert!(open < 100, "{block:?} leaves {open}");
    }
}

#[test]
fn long_open_blocks_settle_line_by_line() {
    for (head, line) in [
        ("```rust\n", "let x = 1;\n"),
        ("", "- item\n\n"),
        ("", "1. item\n   more\n"),
        ("|a|b|\n|-|-|\n", "|one|two|\n"),
    ] {
        let source = format!("{head}{}", line.repeat(500));
        let mut markdown = Markdown::new();
        markdown.update(&source, 40, Styles::COLOUR);
        let open = source.len() - markdown.settled.offset;
        assert!(open <= 3 * line.len(), "{line:?} leaves {open}");
    }
}

#[test]
fn another_text_width_or_style_is_drawn_from_the_start() {
    let mut markdown = Markdown::new();
    for (source, width, styles) in [
        ("one\n\ntwo\n\nthree words\n", 40, Styles::COLOUR),
        ("one\n\nelse\n\nthree words\n", 40, Styles::COLOUR),
        ("one\n\nelse\n\nthree words\n", 5, Styles::COLOUR),
        ("one\n\nelse\n\nthree words\n", 5, Styles::PLAIN),
        ("", 5, Styles::PLAIN),
    ] {
        markdown.update(source, width, styles);
        let mut other = Markdown::new();
        other.update(source, width, styles);
        assert_eq!(markdown.lines, other.lines);
    }
}

#[test]
fn a_definition_reaches_back_into_settled_text() {
    let mut markdown = Markdown::new();
    let mut source = String::from("see [a] and [b].\n\nmore\n\n- x\n- y\n\nlast\n\n");
    markdown.update(&source, 40, Styles::COLOUR);
    assert!(markdown.settled.offset > 0);
    source.push_str("[a]: /u\n");
    markdown.update(&source, 40, Styles::COLOUR);
    assert_eq!(markdown.lines[0].to_string(), "see a (/u) and [b].");
    source.push_str("\nafter [a]\n\n[b]: /v\n");
    markdown.update(&source, 40, Styles::COLOUR);
    assert_eq!(markdown.lines, fresh(&source, 40).lines);
    assert_eq!(markdown.lines[0].to_string(), "see a (/u) and b (/v).");
}

#[test]
fn depth_leaves_room_for_text() {
    let deep = format!("{}deep words", "> ".repeat(300));
    for width in [0, 1, 3, 4, 10, 40] {
        let rows = rows(&deep, width);
        assert!(rows.len() < 12, "{rows:?}");
    }
    assert_eq!(rows(&format!("{}x", "1. ".repeat(50)), 10), ["1. 1. x"]);
}

#[test]
fn rows_beyond_the_end_are_none() {
    let markdown = fresh("# one\n\ntwo\nwords\n\n- a\n- b\n", 40);
    assert_eq!(markdown.lines(4..99).count(), 2);
    assert_eq!(markdown.lines(9..12).count(), 0);
}

/// Pieces of Markdown that mean different things in different company.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\n\n",
        " ",
        "  ",
        "    ",
        "\t",
        "word ",
        "two words",
        "日本 ",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "2) ",
        "10. ",
        "- [x] ",
        "# ",
        "## ",
        "> ",
        ">> ",
        "---",
        "===",
        "***",
        "```",
        "````",
        "~~~",
        "```rust\n",
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "[",
        "]",
        "(",
        ")",
        "](u)",
        "![",
        "<",
        ">",
        "<div>",
        "</div>\n",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<br>",
        "|",
        "|a|b|\n|-|-|\n",
        "|-|-|\n",
        "-|-",
        "a|b",
        "| x | y |\n",
        "\\",
        "&amp;",
        "&#0;",
        "\r\n",
        "\r",
        "<pre>",
        "</pre>\n",
        "<![CDATA[",
        "]]>",
        ":",
        "é",
        "\u{200d}",
        "\u{1b}[0m",
    ]);
    let defining =
        prop::sample::select(vec!["[a]: /u\n", "[a]", "[^1]", "[^1]: n\n", "[a]:\n/u\n"]);
    prop_oneof![40 => fixed.prop_map(String::from), 1 => defining.prop_map(String::from)]
}

/// A line that opens or goes on with some block, so that long blocks come about.
fn line() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec![
        "", "", "- ", "  - ", " ", "  ", "   ", "    ", "1. ", "> ", "> - ", "# ", "```", "|",
        "* ", "-", "\t",
    ]);
    (start, prop::collection::vec(piece(), 0..4)).prop_map(|(start, rest)| {
        let rest: String = rest.concat();
        format!("{start}{rest}\n")
    })
}

fn text() -> impl Strategy<Value = String> {
    let some = prop_oneof![line(), piece()];
    prop::collection::vec(some, 0..40).prop_map(|pieces| pieces.concat())
}

fn long_block() -> impl Strategy<Value = String> {
    let body = prop::sample::select(vec![
        "- item\n",
        "- item\n\n",
        "1. item\n",
        "code\n",
        "\n",
        "|a|b|\n",
        "| long cell here | x |\n",
        "  more\n",
        "   - inner\n",
        "```\n",
        "> quote\n",
        "    deep\n",
        "***\n",
        "* other\n",
    ]);
    let head = prop::sample::select(vec![
        "",
        "```\n",
        "  ~~~~ x\n",
        "|a|b|\n|-|-|\n",
        "3. three\n",
    ]);
    (head, prop::collection::vec((body, 1..90_usize), 1..6)).prop_map(|(head, bodies)| {
        let bodies: String = bodies
            .into_iter()
            .map(|(body, count)| body.repeat(count))
            .collect();
        format!("{head}{bodies}")
    })
}

fn grows_like_fresh(
    text: &str,
    cuts: &[prop::sample::Index],
    width: u16,
) -> Result<(), TestCaseError> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
    ends.push(text.len());
    ends.sort_unstable();
    let mut grown = Markdown::new();
    for (step, end) in ends.into_iter().enumerate() {
        let Some(part) = text.get(..end) else {
            continue;
        };
        if step % 3 > 0 && grown.width == width {
            grown.grow(part);
        } else {
            grown.update(part, width, Styles::COLOUR);
        }
        let whole = fresh(part, width);
        let same = grown
            .lines
            .iter()
            .zip(&whole.lines)
            .take_while(|(a, b)| a == b);
        let row = same.count();
        prop_assert_eq!(
            (grown.height(), grown.lines.get(row)),
            (whole.height(), whole.lines.get(row)),
            "row {} after {:?}",
            row,
            part
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_cache_is_invisible_at_every_split(
        text in text(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        width in 1_u16..50,
    ) {
        grows_like_fresh(&text, &cuts, width)?;
    }

    #[test]
    fn the_cache_is_invisible_inside_long_blocks(
        text in long_block(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        grows_like_fresh(&text, &cuts, 30)?;
    }

    #[test]
    fn nothing_panics_hides_or_leaves_the_pane(text in prop_oneof![text(), any::<String>()], width in 0_u16..20) {
        for line in &fresh(&text, width).lines {
            let row = line.to_string();
            prop_assert!(!row.chars().any(char::is_control), "{:?}", row);
            let fits = line.width() <= usize::from(width.max(1)) || row.graphemes(true).filter(|one| one.width() > 0).count() == 1;
            prop_assert!(fits, "{:?}", row);
        }
    }
}
