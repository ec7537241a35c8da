//! The tour, played key by key: each step is told, is over when it was done, and touches nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::tour::Step;
use copydesk::domain::run::FinishReason;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use std::fs;
use std::time::{Duration, Instant};
use support::pty::Pty;
use support::studio::{Studio, settings};

const WIDE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SETTLED: Duration = Duration::from_millis(400);

fn tour(size: (u16, u16)) -> Studio {
    let mut studio = Studio::with(settings(&[]), size);
    studio.app.begin_tour();
    studio.draw();
    studio
}

fn step(studio: &Studio) -> Step {
    studio.app.tour.as_ref().unwrap().step
}

/// Up to the end of the second step.
fn generated(size: (u16, u16)) -> Studio {
    let mut studio = tour(size);
    studio.keys("<enter>Tools<ctrl+g>");
    studio.delta("# Tools\n\nSmall tools last. They do one thing.\n");
    studio.finish(FinishReason::Stop);
    studio
}

#[test]
fn each_step_is_told_and_over_when_it_was_done() {
    for size in [WIDE, USUAL, (60, 20)] {
        let mut studio = tour(size);
        let says = |studio: &mut Studio, words: &str| {
            let seen = studio.text();
            let seen: Vec<&str> = seen.split_whitespace().collect();
            let seen = seen.join(" ");
            assert!(seen.contains(words), "{words}: {seen}");
        };
        says(&mut studio, "step 1 of 5");
        says(&mut studio, "Press enter to open the form");
        studio.keys("<enter>");
        says(&mut studio, "step 2 of 5");
        says(&mut studio, "Then press ctrl+g");
        studio.keys("Tools<ctrl+g>");
        says(&mut studio, "The text arrives");
        studio.delta("# Tools\n\nSmall tools last. They do one thing.\n");
        assert_eq!(step(&studio), Step::Generate);
        studio.finish(FinishReason::Stop);
        says(&mut studio, "step 3 of 5");
        studio.keys("<enter>");
        says(&mut studio, "step 4 of 5");
        studio.keys("<ctrl+k>");
        says(&mut studio, "Press enter to take the highlighted one");
        studio.keys("<enter>");
        says(&mut studio, "is being rewritten");
        studio.delta("Small tools stay.");
        studio.finish(FinishReason::Stop);
        says(&mut studio, "A accepts all");
        studio.wait(2_000).keys("A");
        says(&mut studio, "step 5 of 5");
        studio.keys("<ctrl+s>");
        assert_eq!(step(&studio), Step::End);
        says(&mut studio, "ctrl+q leaves");
    }
}

#[test]
fn the_cards_are_drawn() {
    let mut studio = tour(USUAL);
    assert_snapshot!("tour_first", studio.picture());
    studio = generated(USUAL);
    assert_snapshot!("tour_use", studio.text());
    studio.keys("<enter><ctrl+k>");
    assert_snapshot!("tour_refine", studio.text());
    let mut studio = generated(WIDE);
    assert_snapshot!("tour_use_large", studio.text());
    studio.keys("<ctrl+p>");
    assert!(
        studio.text().contains("Tour · step 3 of 5"),
        "a box hides the card"
    );
}

#[test]
fn who_strays_is_led_back() {
    let mut studio = tour(WIDE);
    studio.keys("<alt+3>");
    assert!(
        studio.text().contains("Press alt+1 to go to the list"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+p>");
    assert!(
        studio.text().contains("Press esc to close this box"),
        "{}",
        studio.text()
    );
    studio.keys("<esc><alt+1><enter>");
    assert_eq!(step(&studio), Step::Generate);
    let mut studio = generated(WIDE);
    studio.keys("<alt+1>");
    assert!(studio.text().contains("Press alt+3"), "{}", studio.text());
}

#[test]
fn esc_asks_and_leaves_and_whoever_goes_on_goes_on() {
    let mut studio = generated(WIDE);
    studio.keys("<enter>x<esc>");
    assert!(
        studio.text().contains("Leave the tour?"),
        "{}",
        studio.text()
    );
    studio.keys("c");
    assert!(!studio.app.is_done());
    assert_eq!(step(&studio), Step::Refine);
    studio.keys("<esc>l");
    assert!(studio.app.is_done());
    // Nothing that goes away with the tour is asked about.
    let mut studio = generated(WIDE);
    studio.keys("<enter>x<ctrl+q>");
    assert!(studio.app.is_done());
}

#[test]
fn every_size_draws_the_tour() {
    let mut studio = generated(WIDE);
    for width in (1..=30).chain([60, 80, 120, 200]) {
        for height in (1..=26).chain([40, 60]) {
            studio.size = (width, height);
            studio.draw();
        }
    }
}

/// The whole tour with the real program and the practice engine.
fn play(size: (u16, u16), envs: &[(&str, &str)]) {
    let temporary = tempfile::tempdir().unwrap();
    let mut all = vec![("TMPDIR", temporary.path().to_str().unwrap())];
    all.extend(envs);
    let mut studio = Pty::start(&["tour"], size, &all).unwrap();
    for (keys, seen) in [
        ("", "step 1 of 5"),
        ("<enter>", "step 2 of 5"),
        ("Why small tools last<ctrl+g>", "step 3 of 5"),
        ("<enter>", "step 4 of 5"),
        // The cursor is on the heading: the paragraph below it is meant.
        ("<ctrl+k>", "Refine the paragraph below"),
        ("<enter>", "A accepts all"),
    ] {
        studio.keys(keys);
        studio.wait_for_text(seen);
    }
    // Letters do nothing for a moment when a review opens by itself.
    let opened = Instant::now();
    studio.wait_beside(|| opened.elapsed() > SETTLED, "letters to count");
    studio.keys("A");
    studio.wait_for_text("step 5 of 5");
    studio.keys("<ctrl+s>");
    studio.wait_for_text("That is all");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let left: Vec<_> = fs::read_dir(temporary.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    for folder in ["data", "config", "cache"] {
        assert!(!studio.home().join(folder).exists(), "{folder} was made");
    }
}

#[test]
fn the_tour_works_in_a_small_terminal_without_colours() {
    play(USUAL, &[("NO_COLOR", "1")]);
}

#[test]
fn the_tour_works_in_a_large_terminal_and_needs_no_key_that_is_set() {
    play(
        WIDE,
        &[
            ("OPENAI_API_KEY", "sk-none"),
            ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"),
        ],
    );
}

#[test]
fn without_a_terminal_the_tour_says_so() {
    let home = support::cli::Home::new();
    let ran = home.run(&["tour"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("needs a terminal"), "{}", ran.stderr);
    assert_eq!(home.everything(), Vec::<String>::new());
}
