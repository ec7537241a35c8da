//! What goes on at the same time: writing, refining and asking over several documents, the box that
//! lists it, and who hears of its end.

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::msg::{Looks, Msg, RunFact};
use copydesk::config::{Notify, Overrides, Settings};
use copydesk::domain::run::{Finish, FinishReason, RunId, StreamEvent};
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn delta(studio: &mut Studio, run: RunId, text: &str) {
    let event = StreamEvent::Delta(text.to_owned());
    studio.tell(Msg::Run(run, RunFact::Event(event)));
}

fn end(studio: &mut Studio, run: RunId) {
    let event = StreamEvent::Finished(Finish {
        reason: FinishReason::Stop,
        usage: None,
    });
    studio.tell(Msg::Run(run, RunFact::Event(event)));
}

/// A text that is generated, a part that is rewritten in one document, a question about another.
fn busy(mut studio: Studio) -> (Studio, [RunId; 3]) {
    studio.keys("<alt+1>/blog post<enter>Kettles<ctrl+g>");
    let text = studio.latest_run();
    studio.wait(1_000);
    studio.keys("<alt+2>The house stood there.<ctrl+k>shorten<enter>");
    let part = studio.latest_run();
    studio.wait(1_000);
    studio.keys("<ctrl+n>Another text<alt+k>Is it good?<enter>");
    let answer = studio.latest_run();
    studio.wait(1_000);
    (studio, [text, part, answer])
}

#[test]
fn the_box_lists_all_that_goes_on() {
    let (mut studio, [text, ..]) = busy(Studio::new(LARGE));
    delta(&mut studio, text, &"Some words. ".repeat(30));
    studio.wait(2_000);
    studio.run(RunFact::Retrying {
        why: "the server is busy".to_owned(),
        attempt: 2,
        wait: 3_000,
    });
    studio.keys("<alt+j>");
    assert_snapshot!("work_large", studio.picture());
    let (mut studio, _) = busy(Studio::new(USUAL));
    studio.keys("<alt+j><down>");
    assert_snapshot!("work_usual", studio.picture());
    studio.keys("<esc>");
    assert!(studio.text().contains("3 running"), "{}", studio.text());
}

#[test]
fn x_stops_the_chosen_one_and_no_other() {
    let (mut studio, [text, part, answer]) = busy(Studio::new(LARGE));
    studio.keys("<alt+j><down>x");
    assert!(studio.asked.contains(&Effect::Cancel(part)));
    assert!(!studio.asked.contains(&Effect::Cancel(text)));
    studio.keys("x");
    assert!(studio.asked.contains(&Effect::Cancel(answer)));
    end(&mut studio, text);
    studio.keys("x");
    assert!(!studio.asked.contains(&Effect::Cancel(text)));
    assert_eq!(notice(&studio), "this has ended meanwhile");
    studio.keys("<esc><alt+j>");
    assert_eq!(notice(&studio), "nothing is being written");
}

#[test]
fn enter_goes_to_where_the_text_goes() {
    let (mut studio, [_, part, _]) = busy(Studio::new(LARGE));
    studio.keys("<alt+j><down><enter>");
    assert_eq!(studio.app.editor.document.text(), "The house stood there.");
    assert_eq!(studio.app.focus, copydesk::app::Pane::Editor);
    studio.keys("<alt+j><enter>");
    assert!(!studio.app.asks().shown);
    assert_eq!(studio.app.focus, copydesk::app::Pane::Output);
    studio.keys("<alt+j><down><down><enter>");
    assert_eq!(studio.app.editor.document.text(), "Another text");
    assert!(studio.text().contains("? Is it good?"), "{}", studio.text());
    // What comes meanwhile goes where it belongs.
    delta(&mut studio, part, "The house stood.");
    end(&mut studio, part);
    assert_eq!(studio.app.editor.document.text(), "Another text");
    studio.keys("<alt+2><ctrl+o><enter>");
    assert_eq!(studio.app.editor.document.text(), "The house stood there.");
    assert!(studio.text().contains("1 to review"), "{}", studio.text());
}

#[test]
fn who_looks_elsewhere_hears_of_the_end_of_each_run_once() {
    let told = |studio: &Studio| {
        let told = studio.asked.iter().filter_map(|effect| match effect {
            Effect::Notify(how, text) => Some((*how, text.clone())),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let (mut studio, [text, part, answer]) = busy(Studio::new(LARGE));
    end(&mut studio, text);
    assert_eq!(told(&studio), []);
    studio.tell(Msg::Looks(Looks::Away));
    delta(&mut studio, part, "The house.");
    end(&mut studio, part);
    delta(&mut studio, answer, "Yes.");
    end(&mut studio, answer);
    end(&mut studio, answer);
    let said: Vec<_> = told(&studio).into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        said,
        [
            "Copydesk · Shorten · The house stood there.: done",
            "Copydesk · Is it good? · Another text: done"
        ]
    );
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "k".to_owned());
    let file = Some(("c", "model = \"m\"\n[ui]\nnotify = \"off\"\n"));
    let settings = Settings::resolve(file, &env, &Overrides::default());
    assert_eq!(settings.notify, Notify::Off);
    let (mut studio, [text, ..]) = busy(Studio::with(settings, LARGE));
    studio.tell(Msg::Looks(Looks::Away));
    end(&mut studio, text);
    assert_eq!(told(&studio), []);
}

#[test]
fn all_of_it_is_stopped_at_once() {
    let (mut studio, runs) = busy(Studio::new(LARGE));
    delta(&mut studio, runs[0], "Some words.");
    studio.keys("<alt+j>");
    assert!(studio.text().contains("X stops all"), "{}", studio.text());
    studio.keys("X");
    let cancelled = |studio: &Studio| {
        let all = studio.asked.iter().filter_map(|effect| match effect {
            Effect::Cancel(run) => Some(*run),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    assert_eq!(cancelled(&studio), runs);
    assert_eq!(studio.app.runs_at_work(), 0);
    assert_eq!(notice(&studio), "3 stopped; what came of each is kept");
    studio.keys("<alt+u>");
    assert_eq!(notice(&studio), "nothing is being written");
}
