//! Writing in the Editor: motions and selections by commands, Markdown colours, focus mode,
//! typewriter scrolling, going to a line, statistics, and vim's keys.

mod support;

use copydesk::app::editor::Shape;
use copydesk::app::effect::Effect;
use copydesk::app::key::{Mouse, MouseAction};
use copydesk::app::msg::Msg;
use copydesk::config::{Overrides, Settings};
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const TEXT: &str = "# A kettle\n\nThe kettle is *old*, and it **boils**. It was `cheap`.\nIt has a [maker](http://maker.example).\n\n\
                    - one\n- [ ] two\n\n> A quote.\n\n```rust\nlet kettle = 1; // not *this*\n```\n\nThe end.\n";

/// A draft with the cursor at its start.
fn draft(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+home>");
    studio
}

/// The same under vim's keys.
fn vim(size: (u16, u16)) -> Studio {
    let mut studio = draft(size);
    let file = Some(("config.toml", "[editor]\nkeys = \"vim\"\n"));
    let wanted = Settings::resolve(file, &|_| None, &Overrides::default());
    let mut settings = studio.settings.clone();
    settings.editor = wanted.editor;
    studio.tell(Msg::Settings(Box::new(settings)));
    studio
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn selected(studio: &Studio) -> String {
    let document = &studio.app.editor.document;
    document.selected_text().unwrap_or_default()
}

fn line(studio: &Studio) -> usize {
    let document = &studio.app.editor.document;
    document.line_of(document.cursor()) + 1
}

#[test]
fn what_is_written_looks_like_markdown() {
    assert_snapshot!("markdown", draft(USUAL).picture());
}

#[test]
fn code_stays_code_when_its_fence_is_off_screen() {
    let mut studio = Studio::new(USUAL);
    let code = "# no heading\n".repeat(40);
    studio
        .keys("<alt+2>")
        .tell(Msg::Paste(format!("```sh\n{code}```\n")));
    studio.keys("<ctrl+home><pagedown>");
    let picture = studio.picture();
    assert!(picture.contains("yellow"), "{picture}");
    assert!(!picture.contains("blue"), "{picture}");
}

#[test]
fn focus_mode_dims_all_but_the_paragraph_and_typewriter_keeps_it_in_the_middle() {
    let mut studio = draft(USUAL);
    studio.keys("<alt+z><alt+t><down*9>");
    assert_snapshot!("focus", studio.picture());
    let (_, row) = studio.app.editor.document.cursor_cell().unwrap();
    let height = studio.app.areas.document.height;
    assert!(row <= (height - 1) / 2 + 1, "{row} of {height}");
    studio.keys("<ctrl+end>");
    let (_, row) = studio.app.editor.document.cursor_cell().unwrap();
    assert_eq!(row, (height - 1) / 2);
    studio.keys("<alt+t>");
    assert!(!studio.app.pen.typewriter);
}

#[test]
fn a_line_is_gone_to_by_number_step_or_percentage() {
    let mut studio = draft(USUAL);
    studio.keys("<alt+g>");
    assert_snapshot!("line", studio.picture());
    studio.keys("7<enter>");
    assert_eq!(line(&studio), 7);
    studio.keys("<alt+g>-3<enter>");
    assert_eq!(line(&studio), 4);
    studio.keys("<alt+g>100%<enter>");
    assert_eq!(line(&studio), 16);
    studio.keys("<alt+g>here<enter>");
    assert!(studio.picture().contains("write a number"));
    studio.keys("<esc>");
    assert_eq!(line(&studio), 16);
}

#[test]
fn statistics_are_of_the_text_or_of_what_is_selected() {
    let mut studio = draft(LARGE);
    studio.keys("<alt+s>");
    assert_snapshot!("statistics", studio.picture());
    studio.keys("<esc><down*2><alt+h><alt+s>");
    let picture = studio.picture();
    assert!(picture.contains("Statistics of the selection"), "{picture}");
}

#[test]
fn a_mark_selects_without_shift_and_escape_ends_it() {
    let mut studio = draft(USUAL);
    studio.keys("<down*2><ctrl+space><alt+f><alt+f>");
    assert_eq!(selected(&studio), "The kettle");
    assert!(
        studio.picture().contains("2 of 28 words"),
        "{}",
        studio.picture()
    );
    studio.keys("<esc>");
    assert_eq!(selected(&studio), "");
    studio.keys("<alt+f>");
    assert_eq!(selected(&studio), "");
    studio.keys("<alt+w>");
    assert_eq!(selected(&studio), "is");
    studio.keys("<alt+h>");
    assert!(
        selected(&studio).starts_with("The kettle") && selected(&studio).ends_with("example).")
    );
}

#[test]
fn words_are_deleted_and_what_is_cut_comes_back() {
    let mut studio = draft(USUAL);
    studio.keys("<down*2><alt+d><ctrl+space><alt+f><ctrl+x>");
    assert!(studio.asked.contains(&Effect::Cut(" kettle".to_owned())));
    studio.keys("<ctrl+v><ctrl+v>");
    assert!(
        text(&studio).contains("\n kettle kettle is"),
        "{}",
        text(&studio)
    );
    studio.keys("<ctrl+w>");
    assert!(text(&studio).contains("\n kettle  is"), "{}", text(&studio));
}

#[test]
fn vims_keys_have_modes_that_show() {
    let mut studio = vim(USUAL);
    assert_eq!(studio.app.cursor_shape(), Shape::Block);
    assert!(studio.picture().contains("NORMAL"), "{}", studio.picture());
    studio.keys("jjwd2");
    assert!(
        studio.picture().contains("NORMAL d2"),
        "{}",
        studio.picture()
    );
    studio.keys("w");
    assert!(
        text(&studio).contains("\nThe *old*, and"),
        "{}",
        text(&studio)
    );
    studio.keys("cwnew");
    assert_eq!(studio.app.cursor_shape(), Shape::Bar);
    studio.keys("<esc>");
    assert!(text(&studio).contains("\nThe newold*"), "{}", text(&studio));
    studio.keys("uu0v2e");
    assert_eq!(selected(&studio), "The kettle");
    assert_snapshot!("vim", studio.picture());
    studio.keys("<esc>");
    assert_eq!(text(&studio), TEXT);
    // Pressed once more to be sure, it leads nowhere else, and nobody says that it does.
    assert!(!vim((200, 40)).text().contains("esc Back"));
    studio.keys("<esc>");
    assert_eq!(studio.app.cursor_shape(), Shape::Block);
    studio.keys("<alt+1>");
    assert_eq!(
        studio.app.cursor_shape(),
        Shape::Usual,
        "esc went on to the list"
    );
}

#[test]
fn vims_search_ends_at_the_place_and_goes_on() {
    let mut studio = vim(USUAL);
    studio.keys("/kettle<enter>");
    assert!(studio.app.editor.find.is_none());
    let place = |studio: &Studio| {
        let document = &studio.app.editor.document;
        (document.cursor(), document.selection())
    };
    assert_eq!(place(&studio), (4, None));
    studio.keys("n");
    assert_eq!(place(&studio), (16, None));
    studio.keys("n");
    assert_eq!(line(&studio), 12);
    studio.keys("NN");
    assert_eq!(place(&studio), (4, None));
}

#[test]
fn vims_short_names_save_quit_and_go_to_a_line() {
    let mut studio = vim(USUAL);
    studio.keys(":9<enter>");
    assert_eq!(line(&studio), 9);
    studio.keys(":w");
    let picture = studio.picture();
    assert!(picture.contains("Write the draft to its file"), "{picture}");
    assert!(!picture.contains("Word left"), "{picture}");
    studio.keys("<enter>");
    assert!(studio.app.editor.file.is_some());
    studio.keys(":q<enter>");
    assert!(studio.app.is_done());
}

#[test]
fn a_selection_of_the_mouse_is_one_of_vims() {
    let mut studio = vim(USUAL);
    let area = studio.app.areas.document;
    for (action, column) in [(MouseAction::Press, 4), (MouseAction::Drag, 10)] {
        studio.tell(Msg::Mouse(Mouse {
            action,
            column: area.x + column,
            row: area.y + 2,
        }));
    }
    assert_eq!(selected(&studio), "kettle");
    studio.keys("d");
    assert!(text(&studio).contains("\nThe  is"), "{}", text(&studio));
}
