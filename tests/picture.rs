//! The picture in the README: the real studio on the practice engine, drawn as SVG.
//!
//! `COPYDESK_PICTURE=docs/studio.svg cargo test --locked --test picture` draws it; without the
//! variable nothing is done, because the practice engine takes its time as a model would.
#![cfg(unix)]

mod support;

use copydesk::store::atomic;
use std::path::Path;
use support::pty::Pty;

const SIZE: (u16, u16) = (120, 36);
const TOPIC: &str = "Why small tools last";

/// Plays the walk that the README describes, up to the draft.
#[expect(clippy::expect_used, reason = "without a studio there is no picture")]
fn play() -> Pty {
    let studio = Pty::start(&[], SIZE, &[("COLORTERM", "truecolor")]).expect("the studio starts");
    studio.wait_for_text("A first draft"); // The list has been read.
    studio.keys("/blog<enter>");
    studio.wait_for_text("what is it about?");
    studio.keys(TOPIC).wait_for_text(TOPIC);
    studio.keys("<ctrl+g>").wait_for_text("done");
    // From the top, in both panes, so that both show the same text.
    studio.keys("g").wait_for_text("Sample: ");
    studio.keys("<enter>").wait_for_text("unsaved draft");
    studio.keys("<ctrl+home>");
    studio.wait_for(
        |text| text.matches("Sample: ").count() == 2,
        "the draft's first line",
    );
    studio
}

#[test]
fn the_picture_shows_the_walk_of_the_readme() {
    let Some(path) = std::env::var_os("COPYDESK_PICTURE") else {
        return;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    atomic::save(&path, play().picture().as_bytes()).expect("the picture can be written");
}
