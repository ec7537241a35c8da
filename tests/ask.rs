//! Conversations about a draft: the question and what goes along with it, the answers and what is
//! done with them, and what is kept.

mod support;

use copydesk::app::command::Command;
use copydesk::app::effect::{Effect, Keep, Record};
use copydesk::app::msg::{Msg, RunFact};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::prompt::Request;
use copydesk::domain::run::{FinishReason, RunId, StreamEvent};
use copydesk::store::journal::{Cause, Purpose as RunPurpose};
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const TEXT: &str = "# The house\n\nThe house stood on a hill for years.\n\nNobody went there.\n";
const ANSWER: &str = "It opens well, but **nobody acts**.\n\nTry this instead:\n\n\
                      The house had stood on its hill for years when Ada climbed up to it.\n\n\
                      - a name\n- a movement\n";

/// A draft, with the conversation about it open.
fn open(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+home><alt+k>");
    studio
}

/// The same, with a question on its way.
fn asked(size: (u16, u16)) -> Studio {
    let mut studio = open(size);
    studio.keys("What is missing?<enter>");
    studio
}

/// The same, with its answer.
fn answered(size: (u16, u16)) -> Studio {
    let mut studio = asked(size);
    studio.wait(500).delta(ANSWER).wait(500);
    studio.finish(FinishReason::Stop);
    studio
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

/// The requests, oldest first.
fn requests(studio: &Studio) -> Vec<(RunId, Request, Record)> {
    let asked = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Generate {
            run,
            request,
            record,
            ..
        } => Some((*run, request.clone(), (**record).clone())),
        _ => None,
    });
    asked.collect()
}

fn end(studio: &mut Studio, answer: &str) {
    studio.delta(answer).finish(FinishReason::Stop);
}

#[test]
fn the_pane_says_what_would_go_along_before_anything_is_asked() {
    let mut studio = open(LARGE);
    assert_snapshot!("empty_large", studio.picture());
    let mut studio = open(USUAL);
    studio.keys(
        "Is it good? <paste:And is it long enough for what it wants to be, or does it need more?>",
    );
    assert_snapshot!("question_usual", studio.picture());
    assert!(requests(&studio).is_empty());
}

#[test]
fn a_question_takes_the_whole_draft_along_and_the_journal_knows_what_it_is_for() {
    let studio = asked(LARGE);
    let (_, request, record) = &requests(&studio)[0];
    let prompt = &request.prompt;
    assert!(
        prompt.user.contains(&format!("<draft>\n{TEXT}\n</draft>")),
        "{}",
        prompt.user
    );
    assert!(
        prompt
            .user
            .contains("<question>\nWhat is missing?\n</question>")
    );
    assert!(
        prompt
            .system
            .as_ref()
            .unwrap()
            .contains("never instructions")
    );
    assert!(prompt.examples.is_empty());
    assert_eq!(record.purpose, RunPurpose::Ask);
    assert_eq!(record.template, "ask/answer");
    assert_eq!(record.draft, studio.app.editor.draft_key());
    assert_eq!(record.continues, None);
    assert_eq!(
        record.brief.get("question").unwrap().to_string(),
        "What is missing?"
    );
    assert_eq!(record.brief.iter().count(), 1);
}

#[test]
fn a_selection_goes_along_in_place_of_the_draft() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+home><down><down><alt+h><alt+k>");
    assert!(
        studio.text().contains(" selection of 8 words "),
        "{}",
        studio.text()
    );
    studio.keys("Plainer?<enter>");
    let (_, request, _) = &requests(&studio)[0];
    let user = &request.prompt.user;
    assert!(
        user.contains("<selection>\nThe house stood on a hill for years."),
        "{user}"
    );
    assert!(!user.contains("<draft>"));
}

#[test]
fn an_answer_streams_and_stays_with_its_question() {
    let mut studio = asked(LARGE);
    assert_snapshot!("waiting_large", studio.picture());
    studio.wait(700).delta("It opens well, but **nob");
    assert_snapshot!("streaming_large", studio.picture());
    studio.delta("ody acts**.").wait(500);
    studio.finish(FinishReason::Stop);
    assert_snapshot!("answered_large", studio.picture());
    let mut studio = answered(USUAL);
    studio.keys("<tab>");
    assert_snapshot!("choosing_usual", studio.picture());
}

#[test]
fn earlier_turns_go_along_with_the_next_question() {
    let mut studio = answered(LARGE);
    let (first, ..) = requests(&studio)[0].clone();
    studio.keys("And shorter?<enter>");
    let (_, request, record) = &requests(&studio)[1];
    let turns = &request.prompt.examples;
    assert_eq!(turns.len(), 1);
    assert_eq!(turns[0].user, "What is missing?");
    assert_eq!(turns[0].assistant, ANSWER);
    assert_eq!(record.continues, Some(first));
    assert!(
        studio.text().contains("whole draft · 1 turn"),
        "{}",
        studio.text()
    );
}

#[test]
fn what_has_no_room_is_left_out_and_said() {
    let mut studio = Studio::new(LARGE);
    let long = "Nobody went there after dark, so they said.\n\n".repeat(6_000);
    studio.keys("<alt+2>").tell(Msg::Paste(long));
    studio.keys("<alt+k>");
    assert!(
        studio.text().contains(" draft cut to "),
        "{}",
        studio.text()
    );
    for number in 0..9 {
        studio.keys(&format!("Question {number}<enter>"));
        end(&mut studio, &"Some words. ".repeat(800));
    }
    studio.keys("The last one<enter>");
    let text = studio.text();
    assert!(
        text.contains("draft cut to 24,696 words · last 6"),
        "{text}"
    );
    assert!(
        text.contains("─ cut: 23,158 words · 6 of 9 turns ─"),
        "{text}"
    );
    let (_, request, _) = requests(&studio).pop().unwrap();
    assert_eq!(request.prompt.examples.len(), 6);
    assert_eq!(request.prompt.examples[0].user, "Question 3");
    let sent = request.prompt.chars();
    assert!((150_000..200_000).contains(&sent), "{sent}");
}

#[test]
fn esc_stops_an_answer_and_what_came_stays() {
    let mut studio = asked(LARGE);
    let run = studio.latest_run();
    studio.delta("It opens").keys("<esc>");
    assert!(studio.asked.contains(&Effect::Cancel(run)));
    studio.delta(" too late");
    assert_eq!(studio.app.shown_answer().unwrap().text, "It opens");
    assert_snapshot!("stopped_large", studio.picture());
    studio.keys("<esc>");
    assert_eq!(studio.app.focus, copydesk::app::Pane::Editor);
}

#[test]
fn a_failure_is_a_sentence_and_one_key_asks_again() {
    let mut studio = asked(USUAL);
    let failure = Failure::new(FailureKind::RateLimited, "the server is busy")
        .why("it answered 429")
        .advice("wait a minute");
    studio.fail(failure).keys("<tab>");
    assert_snapshot!("failed_usual", studio.picture());
    let (first, ..) = requests(&studio)[0].clone();
    studio.keys("R");
    let all = requests(&studio);
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].1.prompt.user, all[0].1.prompt.user);
    assert_eq!(all[1].2.continues, Some(first));
    end(&mut studio, "Now it is here.");
    let text = studio.text();
    assert_eq!(text.matches("? What is missing?").count(), 1, "{text}");
    assert!(text.contains("Now it is here."));
}

#[test]
fn a_refusal_and_a_limit_stand_under_the_turn_and_never_in_its_text() {
    let mut studio = asked(LARGE);
    studio.run(RunFact::Event(StreamEvent::Refusal(
        "I will not.".to_owned(),
    )));
    studio.finish(FinishReason::Refused);
    assert!(studio.text().contains("The model declined: I will not."));
    assert_eq!(studio.app.shown_answer().unwrap().text, "");
    studio.keys("Then what?<enter>").delta("It opens");
    studio.finish(FinishReason::Length);
    let text = studio.text();
    assert!(text.contains("Cut at limit; c asks it to go on"), "{text}");
    assert_eq!(studio.app.shown_answer().unwrap().text, "It opens");
    studio.keys("<tab>c");
    let (_, request, _) = requests(&studio).pop().unwrap();
    assert!(
        request
            .prompt
            .user
            .contains("Go on exactly where you stopped.")
    );
    assert_eq!(
        request.prompt.examples.last().unwrap().assistant,
        "It opens"
    );
}

#[test]
fn an_answer_is_used_as_a_variant_is() {
    let mut studio = answered(LARGE);
    studio.keys("<tab><enter>");
    assert_eq!(text(&studio), ANSWER);
    let (run, ..) = requests(&studio)[0].clone();
    assert!(studio.asked.contains(&Effect::Keep(Keep::Used(run))));
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), TEXT);
    studio.keys("<alt+k><tab>a");
    assert_eq!(text(&studio), format!("{TEXT}\n\n{ANSWER}"));
    studio.keys("<ctrl+z><alt+k><tab>y");
    assert!(studio.asked.contains(&Effect::Copy(ANSWER.to_owned())));
    studio.keys("=");
    assert!(
        studio.text().contains("Draft → answer"),
        "{}",
        studio.text()
    );
}

#[test]
fn paragraphs_are_chosen_by_keys_and_quoted_at_the_cursor() {
    let mut studio = answered(LARGE);
    studio.app.editor.document.stand_at(TEXT.len());
    studio.keys("<tab>>jj");
    assert_snapshot!("quoting_large", studio.picture());
    studio.keys(">");
    let quote = "> The house had stood on its hill for years when Ada climbed up to it.";
    assert_eq!(text(&studio), format!("{TEXT}\n{quote}\n"));
    assert_eq!(
        notice(&studio),
        "quoted in the draft at the cursor; ctrl+z takes it out"
    );
    studio.keys("<space>jy");
    let both = "The house had stood on its hill for years when Ada climbed up to it.\n\n- a name\n- a movement";
    assert!(
        studio.asked.contains(&Effect::Copy(both.to_owned())),
        "{:?}",
        studio.asked.last()
    );
    studio.keys("<space>i");
    assert!(text(&studio).ends_with("climbed up to it.\n- a name\n- a movement"));
    let versions = studio.asked.iter().filter(|effect| {
        matches!(
            effect,
            Effect::Keep(Keep::Version {
                cause: Cause::Generation,
                ..
            })
        )
    });
    assert_eq!(versions.count(), 2);
    let (run, ..) = requests(&studio)[0].clone();
    let parts = studio.app.editor.provenance().unwrap().parts;
    assert!(parts.iter().all(|part| part.run == run) && parts.len() == 2);
    studio.keys("<alt+2><ctrl+z><ctrl+z>");
    assert_eq!(text(&studio), TEXT);
}

#[test]
fn a_quotation_tears_no_paragraph_apart() {
    let mut studio = answered(LARGE);
    let place = TEXT.len() - 5;
    assert!(TEXT.is_char_boundary(place) && !TEXT[..place].ends_with('\n'));
    studio.app.editor.document.stand_at(place);
    studio.keys("<tab>>jj>");
    let quote = "> The house had stood on its hill for years when Ada climbed up to it.";
    let whole = TEXT.trim_end();
    assert_eq!(text(&studio), format!("{whole}\n\n{quote}\n"));
}

#[test]
fn a_new_conversation_begins_and_the_old_one_is_kept() {
    let mut studio = answered(LARGE);
    studio.keys("<tab>N");
    assert!(!studio.text().contains("nobody acts"));
    studio.keys("A title?<enter>");
    let (_, request, record) = requests(&studio).pop().unwrap();
    assert!(request.prompt.examples.is_empty());
    assert_eq!(record.continues, None);
    end(&mut studio, "The hill.");
    assert!(studio.text().contains("2 of 2"), "{}", studio.text());
    studio.keys("<tab>{");
    assert!(studio.text().contains("nobody acts"));
    assert!(studio.text().contains("1 of 2"));
    studio.keys("{");
    assert_eq!(notice(&studio), "this is the first conversation");
}

#[test]
fn an_answer_goes_to_its_question_whichever_document_is_shown() {
    let mut studio = asked(LARGE);
    let run = studio.latest_run();
    studio.keys("<ctrl+n>Another text<alt+k>");
    assert!(studio.text().contains("whole draft"), "{}", studio.text());
    assert!(!studio.text().contains("What is missing?"));
    studio.tell(Msg::Run(
        run,
        RunFact::Event(StreamEvent::Delta("Late.".to_owned())),
    ));
    studio.finish(FinishReason::Stop);
    assert!(
        notice(&studio).starts_with("the answer about “The house” is there"),
        "{}",
        notice(&studio)
    );
    assert_eq!(text(&studio), "Another text");
    studio.keys("<ctrl+o><enter>");
    let shown = studio.text();
    assert!(
        shown.contains("What is missing?") && shown.contains("Late."),
        "{shown}"
    );
}

#[test]
fn a_question_is_written_while_another_run_streams_and_keys_are_text() {
    let mut studio = open(LARGE);
    studio.keys("Why N and R, [so] 1?");
    assert_eq!(
        studio.app.talk().unwrap().entry.text(),
        "Why N and R, [so] 1?"
    );
    studio.keys("<enter><up>");
    assert_eq!(
        studio.app.talk().unwrap().entry.text(),
        "Why N and R, [so] 1?"
    );
    assert!(requests(&studio).len() == 1);
    studio.keys("<enter>");
    assert_eq!(
        notice(&studio),
        "this is still being answered; esc stops that"
    );
    assert_eq!(
        studio.app.talk().unwrap().entry.text(),
        "Why N and R, [so] 1?"
    );
}

#[test]
fn every_command_of_a_conversation_can_be_run_anywhere() {
    use copydesk::app::command::TABLE;
    let mut names: Vec<&str> = Vec::new();
    for entry in TABLE {
        use Command as C;
        let one = matches!(
            entry.command,
            C::Ask
                | C::SendQuestion
                | C::SwitchHand
                | C::Quote
                | C::NextParagraph
                | C::PreviousParagraph
                | C::TakeMore
                | C::NewConversation
                | C::EarlierConversation
                | C::LaterConversation
        );
        if one && !names.contains(&entry.title) {
            names.push(entry.title);
        }
    }
    for size in [LARGE, USUAL, (60, 20), (20, 5)] {
        for title in &names {
            let mut studio = Studio::new(size);
            studio.keys(&format!("<ctrl+p>{title}<enter>")).text();
            let mut studio = answered(size);
            studio.keys(&format!("<ctrl+p>{title}<enter>")).text();
        }
    }
}
