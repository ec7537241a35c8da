//! Parts of a draft that the model rewrites: the box, the run, the review, and what is kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::command::Command;
use copydesk::app::effect::{Effect, Keep, Record};
use copydesk::app::msg::{Msg, Now, Past, Purpose, RunFact};
use copydesk::app::refine::Stage;
use copydesk::config::{Overrides, Settings};
use copydesk::domain::brief::Value;
use copydesk::domain::cost::Usd;
use copydesk::domain::document::{Edit, Motion};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::models::{Catalog, Listing};
use copydesk::domain::prompt::Request;
use copydesk::domain::run::{FinishReason, RunId};
use copydesk::store::journal::{Cause, Journal, Purpose as RunPurpose};
use copydesk::store::shelf;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use std::sync::Arc;
use support::studio::{Studio, settings};

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const TEXT: &str = "# The house\n\nThe very big house stood on a hill for many, many years, and people \
                    said that it was really haunted.\n\nNobody went there after dark.\n";
const PART: &str = "The very big house stood on a hill for many, many years, and people said that it \
                    was really haunted.";
const SHORT: &str = "The large house stood on a hill for years, and people said it was haunted.";

/// A draft with the cursor in its second paragraph.
fn draft(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+home><down><down>");
    studio
}

/// The same, with the paragraph on its way to be shortened.
fn sent(size: (u16, u16)) -> Studio {
    let mut studio = draft(size);
    studio.keys("<ctrl+k>shorten<enter>");
    studio
}

/// The same, with the answer under review.
fn reviewed(size: (u16, u16)) -> Studio {
    let mut studio = sent(size);
    studio.wait(500).delta(SHORT).wait(500);
    studio.finish(FinishReason::Stop).wait(400);
    studio
}

/// A studio whose Editor has vim's keys, and the same paragraph under review.
fn reviewed_under_vim() -> Studio {
    let mut studio = draft(LARGE);
    let file = Some(("config.toml", "[editor]\nkeys = \"vim\"\n"));
    let wanted = Settings::resolve(file, &|_| None, &Overrides::default());
    let mut settings = studio.settings.clone();
    settings.editor = wanted.editor;
    studio.tell(Msg::Settings(Box::new(settings)));
    studio.keys("<esc><ctrl+k>shorten<enter>");
    studio.wait(500).delta(SHORT).wait(500);
    studio.finish(FinishReason::Stop).wait(400);
    studio
}

#[test]
fn the_keys_of_a_review_are_its_own_under_vims_keys() {
    let mut studio = reviewed_under_vim();
    studio.keys("X");
    assert_eq!(text(&studio), TEXT);
    let mut studio = reviewed_under_vim();
    studio.keys("A");
    assert_eq!(text(&studio), changed(PART, SHORT));
}

#[test]
fn a_review_does_not_open_before_a_person_who_went_elsewhere() {
    for keys in ["<down><down>", "<ctrl+home>", "<shift+right>"] {
        let mut studio = sent(LARGE);
        studio.wait(500).delta(SHORT).keys(keys).wait(500);
        studio.finish(FinishReason::Stop).wait(400);
        let border = border(&mut studio);
        assert!(border.contains("1 to review"), "{keys}: {border}");
    }
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn border(studio: &mut Studio) -> String {
    studio.text().lines().nth(1).unwrap_or_default().to_owned()
}

/// The requests for parts, oldest first.
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

fn versions(studio: &Studio) -> Vec<(Cause, String)> {
    let kept = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Keep(Keep::Version { cause, text, .. }) => Some((*cause, text.text())),
        _ => None,
    });
    kept.collect()
}

fn keeps(studio: &Studio, wanted: &Keep) -> bool {
    studio
        .asked
        .iter()
        .any(|effect| matches!(effect, Effect::Keep(keep) if keep == wanted))
}

fn changed(from: &str, to: &str) -> String {
    TEXT.replace(from, to)
}

#[test]
fn the_first_model_of_a_server_of_ones_own_is_asked_for_a_part_as_for_a_form() {
    let file = Some(("config.toml", "provider = \"ollama\"\n"));
    let settings = Settings::resolve(file, &|_| None, &Overrides::default());
    let mut studio = Studio::with(settings, LARGE);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+home><down><down><ctrl+k>shorten<enter>");
    assert!(requests(&studio).is_empty());
    assert!(studio.app.dialogs.is_empty(), "no list to choose from");
    let listing = Listing {
        id: "qwen3:8b".to_owned(),
        ..Listing::default()
    };
    studio.tell(Msg::Models {
        provider: "ollama".to_owned(),
        catalog: Some(Catalog {
            server: "http://localhost:11434/v1".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            listings: vec![listing],
        }),
        failure: None,
    });
    let (_, request, record) = requests(&studio).remove(0);
    assert_eq!(request.model, "qwen3:8b");
    assert!(request.prompt.user.contains(PART));
    assert_eq!(record.purpose, RunPurpose::Refine);
    assert_eq!(
        notice(&studio),
        "ollama is asked for qwen3:8b, its only model"
    );
}

#[test]
fn the_box_lists_what_can_be_done_with_a_paragraph() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+k>");
    assert_snapshot!("box_large", studio.picture());
    let mut studio = draft(USUAL);
    studio.put(
        "data/templates/refine/haiku.md",
        "---\ntitle: As a haiku\ndescription: Seventeen syllables\n---\n{{ part }}\n",
    );
    studio.put(
        "data/templates/refine/odd.md",
        "---\ntitle: [\n---\n{{ part }}\n",
    );
    studio.read_again().keys("<ctrl+k><pagedown>");
    assert_snapshot!("box_own", studio.picture());
    studio.keys("<enter>");
    assert!(requests(&studio).is_empty());
}

#[test]
fn the_box_asks_for_a_tone_of_the_list_or_a_typed_one() {
    let mut studio = draft(USUAL);
    studio.keys("<ctrl+k>tone<enter>form");
    assert_snapshot!("tone_usual", studio.picture());
    studio.keys("<enter>");
    let (_, request, _) = &requests(&studio)[0];
    assert!(request.prompt.user.contains("this tone: more formal."));
    let mut studio = draft(USUAL);
    studio.keys("<ctrl+k>tone<enter>like a pirate<enter>");
    let (_, request, _) = &requests(&studio)[0];
    assert!(request.prompt.user.contains("this tone: like a pirate."));
}

#[test]
fn tones_and_languages_are_those_of_the_config_file() {
    let file = "model = \"m\"\n[refine]\ntones = [\"dry\"]\nlanguages = [\"Frisian\"]\n";
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "k".to_owned());
    let settings = Settings::resolve(Some(("config.toml", file)), &env, &Overrides::default());
    let mut studio = Studio::with(settings, USUAL);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+k>translate<enter>");
    assert!(studio.text().contains("Frisian"));
    studio.keys("<esc><esc><ctrl+k>tone<enter>");
    let text = studio.text();
    assert!(
        text.contains("dry") && !text.contains("friendlier"),
        "{text}"
    );
}

#[test]
fn earlier_instructions_are_offered_and_the_new_one_is_remembered() {
    let mut studio = draft(USUAL);
    studio.keys("<ctrl+k>");
    let mut past = Past::default();
    let value = |text: &str| Value::Text(text.to_owned());
    let earlier = vec![value("make it rhyme"), value("as a question")];
    past.values.insert("instruction".to_owned(), earlier);
    let template = shelf::template(studio.paths(), "refine/custom").unwrap();
    studio.tell(Msg::Template {
        name: "refine/custom".to_owned(),
        result: Ok(Arc::new(template)),
        purpose: Purpose::Refine,
        past,
    });
    studio.keys("custom<enter>");
    assert_snapshot!("instruction_usual", studio.picture());
    studio.keys("<enter>");
    assert!(requests(&studio).is_empty());
    studio.keys("<up><up><enter>");
    let (_, request, _) = &requests(&studio)[0];
    assert!(request.prompt.user.contains("\nas a question\n"));
    let brief = [("instruction", value("as a question"))]
        .into_iter()
        .collect();
    let kept = Keep::Brief {
        template: "refine/custom".to_owned(),
        brief,
    };
    assert!(keeps(&studio, &kept));
}

#[test]
fn the_request_has_the_draft_with_the_part_marked_and_the_journal_knows_what_it_is_for() {
    let studio = sent(LARGE);
    let (_, request, record) = &requests(&studio)[0];
    let marked = changed(PART, &format!("<part>{PART}</part>"));
    let prompt = &request.prompt.user;
    assert!(
        prompt.contains(&format!("<draft>\n{marked}\n</draft>")),
        "{prompt}"
    );
    assert!(prompt.contains(&format!("\n<part>\n{PART}\n</part>\n")));
    assert_eq!(record.purpose, RunPurpose::Refine);
    assert_eq!(record.template, "refine/shorten");
    assert_eq!(record.draft, studio.app.editor.draft_key());
    assert!(record.brief.is_empty());
}

#[test]
fn a_selection_or_all_of_the_draft_is_meant_instead() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+home><shift+down*3><ctrl+k>");
    assert!(studio.text().contains("Refine the selection"));
    studio.keys("<tab>");
    assert!(studio.text().contains("Refine the whole draft"));
    studio.keys("<tab><tab><enter>");
    let (_, request, _) = &requests(&studio)[0];
    let whole = format!("<part>\n{}\n</part>", TEXT.trim());
    assert!(request.prompt.user.contains(&whole));
    assert!(!request.prompt.user.contains("<draft>"));
}

#[test]
fn nothing_is_offered_where_there_are_no_words() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<alt+2><ctrl+k>");
    assert!(studio.app.dialogs.is_empty());
    assert!(
        notice(&studio).contains("no text yet"),
        "{}",
        notice(&studio)
    );
    studio.tell(Msg::Paste("one\n\n\ntwo".to_owned()));
    studio.keys("<up><shift+up><ctrl+k>");
    assert!(notice(&studio).contains("no words"), "{}", notice(&studio));
}

#[test]
fn while_it_runs_the_border_says_so_and_typing_goes_on() {
    let mut studio = sent(LARGE);
    studio.wait(500).delta("The large house").wait(1_200);
    assert_snapshot!("running_large", studio.picture());
    studio.keys("<ctrl+home>Note. <ctrl+end>More.");
    studio.delta(&SHORT[15..]);
    studio.finish(FinishReason::Stop);
    // Letters go into the text: nothing was asked for them.
    studio.keys("ar");
    let typed = format!("Note. {TEXT}More.ar");
    assert_eq!(text(&studio), typed);
    assert!(notice(&studio).contains("ctrl+k shows the changes"));
    assert!(border(&mut studio).contains("1 to review ^K"));
    studio.keys("<ctrl+k>A");
    assert_eq!(text(&studio), typed.replace(PART, SHORT));
}

#[test]
fn the_changes_stand_in_their_place() {
    assert_snapshot!("review_large", reviewed(LARGE).picture());
    assert_snapshot!("review_usual", reviewed(USUAL).keys("n").picture());
    assert_snapshot!("review_plain", reviewed(USUAL).plain().picture());
}

#[test]
fn changes_are_accepted_and_rejected_one_by_one_as_one_step_and_one_version() {
    let mut studio = reviewed(LARGE);
    studio.keys("a");
    let first = changed("very big", "large");
    assert_eq!(text(&studio), first);
    studio.keys("rA");
    let all = changed(
        PART,
        "The large house stood on a hill for many, many years, and people said it was haunted.",
    );
    assert_eq!(text(&studio), all);
    assert_eq!(
        versions(&studio),
        [(Cause::Edit, TEXT.to_owned()), (Cause::Refine, all.clone())]
    );
    let run = studio.latest_run();
    assert!(keeps(&studio, &Keep::Used(run)));
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), TEXT);
    studio.keys("<ctrl+y>");
    assert_eq!(text(&studio), all);
    studio.keys("<ctrl+s>");
    let saved = studio
        .app
        .editor
        .file
        .as_ref()
        .unwrap()
        .draft
        .provenance()
        .cloned()
        .unwrap();
    let parts: Vec<_> = saved
        .parts
        .iter()
        .map(|part| (part.run, part.template.as_deref()))
        .collect();
    assert_eq!(parts, [(run, Some("refine/shorten"))]);
}

#[test]
fn next_and_previous_go_from_change_to_change() {
    let mut studio = reviewed(LARGE);
    assert!(border(&mut studio).contains("Shorten · 1 of 4"));
    studio.keys("nnnnn");
    assert!(border(&mut studio).contains("4 of 4"));
    studio.keys("p<shift+tab>a");
    assert_eq!(text(&studio), changed("many, many years", "years"));
    assert!(border(&mut studio).contains("2 of 3"));
}

#[test]
fn what_is_not_decided_waits_and_comes_back() {
    let mut studio = reviewed(LARGE);
    studio.keys("an<esc>");
    assert!(notice(&studio).contains("ctrl+k brings it back"));
    assert!(border(&mut studio).contains("1 to review ^K"));
    studio.keys("x");
    assert!(text(&studio).contains("large"));
    studio.keys("<ctrl+z><ctrl+k>");
    assert!(border(&mut studio).contains("1 of 3"));
    studio.keys("A");
    assert_eq!(text(&studio), changed(PART, SHORT));
    let causes: Vec<Cause> = versions(&studio)
        .into_iter()
        .map(|(cause, _)| cause)
        .collect();
    assert_eq!(
        causes
            .iter()
            .filter(|cause| **cause == Cause::Refine)
            .count(),
        2
    );
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), changed("very big", "large"));
}

#[test]
fn undo_in_a_review_brings_the_changes_back() {
    let mut studio = reviewed(LARGE);
    studio.keys("aa");
    assert!(border(&mut studio).contains("1 of 2"));
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), TEXT);
    assert!(border(&mut studio).contains("1 of 4"));
    studio.keys("<ctrl+y>");
    assert!(border(&mut studio).contains("1 of 2"));
    studio.keys("A<ctrl+z>");
    assert_eq!(text(&studio), TEXT);
}

#[test]
fn turning_all_down_leaves_the_text_and_keeps_the_answer_for_later() {
    let mut studio = reviewed(LARGE);
    let run = studio.latest_run();
    studio.keys("X");
    assert_eq!(
        (text(&studio).as_str(), studio.app.is_reviewing()),
        (TEXT, false)
    );
    assert!(versions(&studio).is_empty());
    assert!(keeps(&studio, &Keep::ForLater(run.0)));
    assert!(!keeps(&studio, &Keep::Used(run)));
    assert!(studio.app.refines().jobs().is_empty());
}

#[test]
fn letters_typed_as_the_answer_arrives_decide_nothing() {
    let mut studio = sent(LARGE);
    studio.delta(SHORT).finish(FinishReason::Stop);
    studio.keys("aAX");
    assert_eq!(text(&studio), TEXT);
    assert!(studio.app.is_reviewing());
    studio.wait(400).keys("A");
    assert_eq!(text(&studio), changed(PART, SHORT));
}

#[test]
fn a_part_that_was_edited_meanwhile_is_compared_as_it_is_now() {
    let mut studio = sent(LARGE);
    studio.keys("<end>Indeed. ");
    studio.delta(SHORT).finish(FinishReason::Stop);
    studio.keys("<ctrl+k>");
    let job = &studio.app.refines().jobs()[0];
    assert!(job.anchor.text().contains("Indeed. "));
    let changes = &job.ready().unwrap().changes;
    assert_eq!(
        (changes.before().as_str(), changes.after().as_str()),
        (job.anchor.text(), SHORT)
    );
    studio.keys("A");
    assert_eq!(text(&studio), changed(PART, SHORT));
}

#[test]
fn the_answer_for_a_part_that_is_gone_is_a_text_of_the_output() {
    let mut studio = sent(LARGE);
    studio
        .keys("<ctrl+a>")
        .tell(Msg::Paste("Something else.".to_owned()));
    studio.delta(SHORT).finish(FinishReason::Stop);
    assert!(
        notice(&studio).contains("is gone from the draft"),
        "{}",
        notice(&studio)
    );
    assert_eq!(studio.app.output.shown().unwrap().text, SHORT);
    assert!(studio.app.refines().jobs().is_empty());
    let mut studio = reviewed(LARGE);
    studio
        .keys("<esc><ctrl+a>")
        .tell(Msg::Paste("Something else.".to_owned()));
    studio.keys("<ctrl+k>");
    assert_eq!(studio.app.output.shown().unwrap().text, SHORT);
}

#[test]
fn a_part_that_was_moved_takes_its_answer_along() {
    let mut studio = sent(LARGE);
    studio.keys("<home><shift+down*3><ctrl+x><ctrl+end>\n<ctrl+v>");
    assert!(
        text(&studio).trim_end().ends_with(PART),
        "{}",
        text(&studio)
    );
    studio.delta(SHORT).finish(FinishReason::Stop);
    studio.keys("<ctrl+k>A");
    assert!(
        text(&studio).trim_end().ends_with(SHORT),
        "{}",
        text(&studio)
    );
}

#[test]
fn what_changes_nothing_is_said_and_can_be_asked_for_again() {
    for (answer, reason, told) in [
        (PART, FinishReason::Stop, "the same text came back"),
        ("", FinishReason::Stop, "no text came back"),
        (" \n", FinishReason::Stop, "no text came back"),
        (
            "",
            FinishReason::Length,
            "the limit was reached before any text",
        ),
    ] {
        let mut studio = sent(LARGE);
        if !answer.is_empty() {
            studio.delta(answer);
        }
        studio.finish(reason).wait(400);
        assert!(
            notice(&studio).contains(told),
            "{told}: {}",
            notice(&studio)
        );
        studio.keys("aA");
        assert_eq!(text(&studio), TEXT);
        studio.keys("t");
        assert_eq!(requests(&studio).len(), 2, "{told}");
        assert_eq!(requests(&studio)[0].1, requests(&studio)[1].1);
        assert!(studio.app.refines().is_running());
    }
}

#[test]
fn what_is_wrapped_around_an_answer_goes_and_is_said() {
    for (answer, told) in [
        (format!("```\n{SHORT}\n```"), "took a code fence"),
        (format!("“{SHORT}”"), "took quotation marks"),
    ] {
        let mut studio = sent(LARGE);
        studio.delta(&answer).finish(FinishReason::Stop).wait(400);
        assert!(notice(&studio).contains(told), "{}", notice(&studio));
        studio.keys("A");
        assert_eq!(text(&studio), changed(PART, SHORT));
    }
}

#[test]
fn a_cut_answer_is_offered_and_told() {
    let mut studio = sent(USUAL);
    studio
        .delta("The large house stood")
        .finish(FinishReason::Length);
    assert!(
        notice(&studio).contains("cut at the limit"),
        "{}",
        notice(&studio)
    );
    assert_snapshot!("review_cut", studio.picture());
    // Where the border has no room for both, the place stays and the flaw shows as a sign.
    let mut studio = sent(LARGE);
    studio.delta("The large house").finish(FinishReason::Length);
    assert!(studio.text().contains("! 1 of 1"), "{}", studio.text());
    let mut studio = sent(LARGE);
    studio
        .delta("The large house")
        .fail(Failure::new(FailureKind::Partial, "the connection broke"));
    assert!(
        notice(&studio).contains("The connection broke"),
        "{}",
        notice(&studio)
    );
    assert!(border(&mut studio).contains("broke off · 1 of"));
}

#[test]
fn a_failure_leaves_the_text_and_one_key_tries_again() {
    let mut studio = sent(USUAL);
    let failure = Failure::new(FailureKind::Network, "the server cannot be reached")
        .advice("check the connection");
    studio.wait(1_000).fail(failure).wait(400);
    assert_snapshot!("failed_usual", studio.picture());
    assert_eq!(text(&studio), TEXT);
    studio.keys("t");
    assert_eq!(requests(&studio).len(), 2);
    studio.delta(SHORT).finish(FinishReason::Stop).wait(400);
    studio.keys("A");
    assert_eq!(text(&studio), changed(PART, SHORT));
}

#[test]
fn a_failure_can_be_put_off_and_let_go() {
    let mut studio = sent(LARGE);
    studio
        .fail(Failure::new(FailureKind::Network, "no network"))
        .wait(400);
    studio.keys("<esc>");
    assert!(border(&mut studio).contains("no rewrite ^K"));
    studio.keys("<ctrl+k>X");
    assert!(studio.app.refines().jobs().is_empty());
    assert_eq!(text(&studio), TEXT);
}

#[test]
fn esc_stops_the_run_and_nothing_of_it_arrives() {
    let mut studio = sent(LARGE);
    studio.delta("The large");
    let run = studio.latest_run();
    studio.keys("<esc>");
    assert!(studio.asked.contains(&Effect::Cancel(run)));
    assert!(keeps(&studio, &Keep::ForLater(run.0)));
    studio.delta(" house").finish(FinishReason::Stop);
    assert!(studio.app.refines().jobs().is_empty() && !studio.app.is_reviewing());
    assert_eq!(text(&studio), TEXT);
    // The part is free for another try.
    studio.keys("<ctrl+k><enter>");
    assert_eq!(requests(&studio).len(), 2);
}

#[test]
fn another_wording_takes_the_place_of_the_first() {
    let mut studio = reviewed(LARGE);
    let first = studio.latest_run();
    studio.keys("at");
    assert!(
        !keeps(&studio, &Keep::ForLater(first.0)),
        "some of it is in the draft"
    );
    let (_, request, _) = requests(&studio).pop().unwrap();
    assert!(
        request
            .prompt
            .user
            .contains("<part>\nThe large house stood")
    );
    studio
        .delta("The house was haunted.")
        .finish(FinishReason::Stop)
        .wait(400);
    studio.keys("A");
    assert_eq!(text(&studio), changed(PART, "The house was haunted."));
    studio.keys("<ctrl+z><ctrl+z>");
    assert_eq!(text(&studio), TEXT);
}

#[test]
fn the_instruction_can_be_adjusted() {
    let mut studio = reviewed(LARGE);
    let first = studio.latest_run();
    studio.keys("i");
    assert!(studio.text().contains("The writer adds:"));
    studio.keys("keep the hill<enter>");
    assert!(keeps(&studio, &Keep::ForLater(first.0)));
    let (_, request, record) = requests(&studio).pop().unwrap();
    assert!(
        request
            .prompt
            .user
            .contains("The writer adds: keep the hill")
    );
    assert_eq!(record.template, "refine/shorten");
    studio.delta(SHORT).finish(FinishReason::Stop).wait(400);
    studio.keys("i");
    assert!(studio.text().contains("keep the hill"), "it can be edited");
    studio.keys("<esc>");
    assert!(studio.app.is_reviewing());
    // Another verb for the same part, too.
    studio.keys("<ctrl+k>simplify<enter>");
    assert_eq!(
        requests(&studio).pop().unwrap().2.template,
        "refine/simplify"
    );
    assert_eq!(studio.app.refines().jobs().len(), 1);
}

#[test]
fn what_goes_on_stands_behind_the_part() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+k>continue<enter>");
    studio
        .delta("One night a light was seen.")
        .finish(FinishReason::Stop)
        .wait(400);
    studio.keys("A");
    let longer = format!("{PART}\n\nOne night a light was seen.");
    assert_eq!(text(&studio), changed(PART, &longer));
}

#[test]
fn two_parts_are_rewritten_at_once() {
    let mut studio = sent(LARGE);
    let first = studio.latest_run();
    studio.keys("<ctrl+end><ctrl+k>expand<enter>");
    let fact = |run, text: &str| {
        let delta = copydesk::domain::run::StreamEvent::Delta(text.to_owned());
        Msg::Run(run, RunFact::Event(delta))
    };
    studio
        .delta("Nobody at all went there after dark.")
        .finish(FinishReason::Stop)
        .wait(400);
    studio.keys("A");
    studio.tell(fact(first, SHORT));
    let end = copydesk::domain::run::StreamEvent::Finished(copydesk::domain::run::Finish {
        reason: FinishReason::Stop,
        usage: None,
    });
    studio.tell(Msg::Run(first, RunFact::Event(end)));
    studio.keys("<ctrl+k>A");
    let both = changed(PART, SHORT).replace("Nobody went", "Nobody at all went");
    assert_eq!(text(&studio), both);
}

#[test]
fn a_part_that_is_being_rewritten_is_not_sent_twice() {
    let mut studio = sent(LARGE);
    studio.keys("<ctrl+k>");
    assert!(studio.app.dialogs.is_empty());
    assert!(notice(&studio).contains("being rewritten already"));
}

#[test]
fn a_budget_that_is_used_up_asks_first() {
    let file = "model = \"gpt-6.1-terra\"\n[budget]\nmonthly_usd = 0.0\non_limit = \"stop\"\n";
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "k".to_owned());
    let settings = Settings::resolve(Some(("config.toml", file)), &env, &Overrides::default());
    let mut studio = Studio::with(settings, LARGE);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+k><enter>");
    assert!(requests(&studio).is_empty());
    assert!(studio.text().contains("Send this request anyway?"));
    studio.keys("s");
    assert_eq!(requests(&studio).len(), 1);
}

#[test]
fn a_part_that_waited_for_the_ledger_stays_with_its_own_draft() {
    let file = "model = \"gpt-6.1-terra\"\n[budget]\nmonthly_usd = 9.0\non_limit = \"stop\"\n";
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "k".to_owned());
    let settings = Settings::resolve(Some(("config.toml", file)), &env, &Overrides::default());
    let month = || Msg::Spent {
        spent: Usd::ZERO,
        until: Now(u64::MAX),
    };
    let mut studio = Studio::with(settings, LARGE);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.tell(month()).wait(61_000).keys("<ctrl+k><enter>");
    assert!(requests(&studio).is_empty());
    studio.keys("<ctrl+n>Something else.").tell(month());
    assert_eq!(requests(&studio).len(), 1);
    studio.delta("Another text.").finish(FinishReason::Stop);
    assert!(notice(&studio).contains("in the draft it is for"));
    studio.keys("<ctrl+k>");
    assert!(!studio.app.is_reviewing());
    studio.keys("<esc><ctrl+o><enter><ctrl+k>A");
    assert!(studio.app.editor.document.text().contains("Another text."));
    studio.keys("<ctrl+o><enter>");
    assert_eq!(studio.app.editor.document.text(), "Something else.");
}

#[test]
fn an_answer_that_nobody_decided_about_is_asked_about_on_the_way_out() {
    let mut studio = reviewed(LARGE);
    studio.keys("<esc><ctrl+s><ctrl+q>");
    assert!(studio.text().contains("1 generated text(s) were not used"));
    studio.keys("<esc><ctrl+k>A<ctrl+s><ctrl+q>");
    assert!(studio.app.is_done());
}

#[test]
fn leaving_drops_the_connection() {
    let mut studio = sent(LARGE);
    let run = studio.latest_run();
    studio.keys("<ctrl+s><ctrl+q>");
    assert!(studio.asked.contains(&Effect::Cancel(run)));
}

#[test]
fn verbs_do_not_stand_among_the_templates_and_can_be_edited() {
    let mut studio = draft(LARGE);
    assert!(!studio.text().contains("Shorten"));
    studio.keys("<ctrl+k>short<ctrl+e>");
    let own = studio.file("data/templates/refine/shorten.md").unwrap();
    assert!(own.contains("title: Shorten"));
    let edits = studio.asked.iter().any(|effect| {
        matches!(effect, Effect::Change(copydesk::app::deed::Deed::EditSource(item))
            if item.name() == "refine/shorten")
    });
    assert!(edits);
    studio.put(
        "data/templates/refine/shorten.md",
        "---\ntitle: Cut\n---\nCut this: {{ part }}\n",
    );
    studio.read_again().keys("<ctrl+k>cut<enter>");
    let (_, request, _) = &requests(&studio)[0];
    assert_eq!(request.prompt.user, format!("Cut this: {PART}"));
}

#[test]
fn an_answer_for_a_draft_that_is_not_open_waits_for_it() {
    let mut studio = sent(LARGE);
    studio
        .keys("<ctrl+s><ctrl+n>")
        .tell(Msg::Paste("Another text.".to_owned()));
    studio.delta(SHORT).finish(FinishReason::Stop);
    assert!(
        notice(&studio).contains("in the draft it is for"),
        "{}",
        notice(&studio)
    );
    assert!(!studio.app.is_reviewing());
    studio.keys("<ctrl+s><ctrl+o>house<enter><ctrl+k>");
    assert!(studio.app.is_reviewing(), "{}", studio.text());
    studio.keys("A");
    assert_eq!(text(&studio).trim(), changed(PART, SHORT).trim());
}

#[test]
fn every_command_of_the_review_is_in_the_palette_and_harmless_without_one() {
    let mut studio = Studio::with(settings(&[]), LARGE);
    studio.keys("<ctrl+p>accept change<enter>");
    assert!(notice(&studio).contains("no text yet"));
    assert!(
        copydesk::app::command::TABLE
            .iter()
            .any(|entry| entry.command == Command::AdjustRefine)
    );
}

/// What a person may do while parts are rewritten.
#[derive(Debug, Clone)]
enum Act {
    Type(String),
    Move(Motion),
    Select(Motion),
    Erase,
    Undo,
    Refine,
    Answer(String),
    Keys(&'static str),
}

fn act() -> impl Strategy<Value = Act> {
    use Motion as M;
    let motion = prop::sample::select(vec![
        M::Left,
        M::Right,
        M::Up,
        M::Down,
        M::WordLeft,
        M::WordRight,
        M::Start,
        M::End,
    ]);
    let words = "(big |old |é|日|house |, |\n|\n\n|the ){1,8}";
    prop_oneof![
        3 => words.prop_map(Act::Type),
        2 => motion.clone().prop_map(Act::Move),
        1 => motion.prop_map(Act::Select),
        1 => Just(Act::Erase),
        1 => Just(Act::Undo),
        3 => Just(Act::Refine),
        4 => words.prop_map(Act::Answer),
        5 => prop::sample::select(vec!["a", "r", "A", "X", "n", "p", "t", "<esc>", "<ctrl+k>"])
            .prop_map(Act::Keys),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever is typed, rewritten and accepted: undoing all of it leads to the start, and making
    /// it again to the end, byte for byte.
    #[test]
    fn undo_leads_to_the_start_and_redo_to_the_end(acts in prop::collection::vec(act(), 1..30)) {
        let mut studio = draft(USUAL);
        studio.app.editor.document = copydesk::domain::document::Document::new(TEXT);
        studio.draw();
        let edit = |studio: &mut Studio, edit: Edit| {
            studio.app.editor.document.apply(edit, 0);
            studio.tell(Msg::Tick);
        };
        for act in acts {
            studio.wait(1_000);
            // Letters decide while a review is open, and are text else.
            match act {
                Act::Type(text) => edit(&mut studio, Edit::Insert(text)),
                Act::Move(motion) => edit(&mut studio, Edit::Move(motion)),
                Act::Select(motion) => edit(&mut studio, Edit::Select(motion)),
                Act::Erase => edit(&mut studio, Edit::BackspaceWord),
                Act::Undo => edit(&mut studio, Edit::Undo),
                Act::Refine => {
                    studio.keys("<ctrl+k>");
                    if !studio.app.dialogs.is_empty() {
                        studio.keys("<enter>");
                    }
                }
                Act::Answer(text) => {
                    let running = |job: &&copydesk::app::refine::Job| matches!(job.stage, Stage::Running);
                    if studio.app.refines().jobs().iter().any(|job| running(&job)) {
                        studio.delta(&text).finish(FinishReason::Stop);
                    }
                }
                Act::Keys("<ctrl+k>") => {
                    studio.keys("<ctrl+k>");
                }
                // Anywhere else they would lead out of the draft.
                Act::Keys(keys) => {
                    if studio.app.is_reviewing() {
                        studio.keys(keys);
                    }
                }
            }
            studio.app.dialogs.clear();
            for job in studio.app.refines().jobs() {
                if let (Some(range), Some(ready)) = (job.anchor.range(), job.ready()) {
                    let there = studio.app.editor.document.slice(range);
                    prop_assert!(ready.nothing.is_some() || ready.changes.before() == there);
                }
            }
        }
        let document = &mut studio.app.editor.document;
        let end = document.text();
        let mut steps = 0;
        loop {
            let revision = document.revision();
            document.apply(Edit::Undo, 0);
            if document.revision() == revision {
                break;
            }
            steps += 1;
        }
        prop_assert_eq!(document.text(), TEXT);
        for _ in 0..steps {
            document.apply(Edit::Redo, 0);
        }
        prop_assert_eq!(document.text(), end);
    }
}

/// A studio of the real program that talks to the practice engine.
#[cfg(unix)]
fn practising(home: &Arc<tempfile::TempDir>) -> support::pty::Pty {
    let program = env!("CARGO_BIN_EXE_copydesk");
    let envs = [("COPYDESK_PROVIDER", "practice")];
    let home = Arc::clone(home);
    support::pty::Pty::start_at_home(home, (program, &[]), (120, 40), &envs).unwrap()
}

/// The whole way with the practice engine and the real program, key by key.
#[cfg(unix)]
#[test]
fn a_paragraph_is_rewritten_by_the_practice_engine() {
    let home = Arc::new(tempfile::tempdir().unwrap());
    let mut studio = practising(&home);
    studio.wait_for_text("A first draft of a post");
    studio.keys("<alt+2>").wait_for_text("^T Draft or Prompt");
    studio.keys("A very big house. Numerous people really like it.");
    studio.wait_for_text("like it.");
    studio
        .keys("<ctrl+k>")
        .wait_for_text("Refine the paragraph");
    studio.keys("simplify").wait_for(
        |screen| screen.contains("Simplify") && !screen.contains("Shorten"),
        "the verb",
    );
    studio.keys("<enter>").wait_for_text("Simplify · 1 of");
    // A review that was asked for takes letters at once.
    studio.keys("<esc>").wait_for_text("1 to review ^K");
    studio.keys("<ctrl+k>").wait_for_text("1 of 4");
    studio.keys("a").wait_for_text("1 of 3");
    studio.keys("r").wait_for_text("1 of 2");
    studio
        .keys("A")
        .wait_for_text("in the draft; ctrl+z takes it back");
    let screen = studio.screen();
    assert!(screen.contains("A large house."), "{screen}");
    assert!(screen.contains("no model was asked"), "{screen}");
    studio.keys("<ctrl+s>").wait_for_text("large-house");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}

/// Waits until the journal says so, and kills the studio.
#[cfg(unix)]
fn kill_once(
    mut studio: support::pty::Pty,
    home: &std::path::Path,
    told: impl Fn(&Journal) -> bool,
) {
    use rustix::process::{Pid, Signal, kill_process};
    let journal = support::studio::paths(home).journal;
    let kept = || told(&Journal::open(&journal).unwrap().journal);
    studio.wait_beside(kept, "what the journal is to have");
    let pid = Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
    studio.exit_status();
}

/// What waits in a draft, as the journal has it: the part, and what it may become.
#[cfg(unix)]
fn waiting(journal: &Journal) -> Option<(String, Option<String>)> {
    let last = journal.runs(1, None).unwrap().pop()?;
    let part = journal.part(last.id).unwrap()?;
    Some((part.place.text, part.target))
}

/// The first draft of the practice engine's reviews, with its paragraph simplified.
#[cfg(unix)]
fn simplified(home: &Arc<tempfile::TempDir>, between: &[(&str, &str)]) -> support::pty::Pty {
    let studio = practising(home);
    studio.wait_for_text("A first draft of a post");
    studio.keys("<alt+2>").wait_for_text("^T Draft or Prompt");
    studio.keys("A very big house. Numerous people really like it.");
    studio.wait_for_text("like it.");
    for (keys, shown) in between {
        studio.keys(keys).wait_for_text(shown);
    }
    studio
        .keys("<ctrl+k>")
        .wait_for_text("Refine the paragraph");
    studio.keys("simplify").wait_for(
        |screen| screen.contains("Simplify") && !screen.contains("Shorten"),
        "the verb",
    );
    studio.keys("<enter>").wait_for_text("Simplify · 1 of 4");
    studio.keys("<esc>").wait_for_text("1 to review ^K");
    studio
}

/// W3: a review is there again after a kill, in its place, with what was not decided.
#[cfg(unix)]
#[test]
fn a_review_comes_back_with_its_draft_after_a_kill() {
    let home = Arc::new(tempfile::tempdir().unwrap());
    let studio = simplified(&home, &[]);
    studio.keys("<ctrl+k>").wait_for_text("1 of 4");
    studio.keys("a").wait_for_text("1 of 3");
    studio.keys("r").wait_for_text("1 of 2");
    // The part is followed, whatever is typed before it.
    studio.keys("<esc>").wait_for_text("1 to review ^K");
    studio.keys("<ctrl+home>Title<enter><enter>");
    studio.wait_for_text("Title");
    let settled = |journal: &Journal| {
        let buffers = journal.buffers().unwrap();
        let typed = buffers
            .iter()
            .any(|kept| kept.buffer.text.starts_with("Title\n\nA "));
        let left = waiting(journal).is_some_and(|(part, target)| {
            target.is_some_and(|target| {
                part != target
                    && journal.parts(&[buffers[0].buffer.id.to_string()]).unwrap()[0].used
            })
        });
        typed && left
    };
    kill_once(studio, home.path(), settled);
    let studio = practising(&home);
    studio.wait_for_text("Unsaved text was found");
    let screen = studio.screen();
    // It comes with its draft, and is no text of its own beside it.
    assert!(!screen.contains("an answer that was not used"), "{screen}");
    studio
        .keys("<enter>")
        .wait_for_text("a rewritten part waits here");
    studio.keys("<ctrl+k>").wait_for_text("Simplify · 1 of 2");
    studio
        .keys("A")
        .wait_for_text("in the draft; ctrl+z takes it back");
    let done = |journal: &Journal| waiting(journal).is_none();
    kill_once(studio, home.path(), done);
    let studio = practising(&home);
    studio.wait_for_text("Unsaved text was found");
    studio.keys("<enter>").wait_for_text("brought back");
    studio
        .keys("<ctrl+k>")
        .wait_for_text("Refine the paragraph");
}

/// W3: so it is when the draft was saved, after a clean end as after a kill.
#[cfg(unix)]
#[test]
fn a_review_comes_back_when_its_draft_is_opened_again() {
    let home = Arc::new(tempfile::tempdir().unwrap());
    let saved = [("<ctrl+s>", "very-big-house")];
    let mut studio = simplified(&home, &saved);
    studio.keys("<ctrl+q>").wait_for_text("was not used");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    let drafts = home.path().join("data/drafts");
    let file = std::fs::read_dir(drafts).unwrap().next().unwrap();
    let file = file.unwrap().path().to_str().unwrap().to_owned();
    let program = env!("CARGO_BIN_EXE_copydesk");
    let envs = [("COPYDESK_PROVIDER", "practice")];
    let edit = || {
        let args = ["edit", &file];
        let home = Arc::clone(&home);
        support::pty::Pty::start_at_home(home, (program, &args), (120, 40), &envs).unwrap()
    };
    let studio = edit();
    studio.wait_for_text("a rewritten part waits here");
    studio.keys("<ctrl+k>").wait_for_text("Simplify · 1 of 4");
    let own = |journal: &Journal| waiting(journal).is_some();
    kill_once(studio, home.path(), own);
    // The box offers the answer; brought back, it is the review in its draft.
    let studio = practising(&home);
    studio.wait_for_text("an answer that was not used");
    studio
        .keys("<enter>")
        .wait_for_text("a rewritten part waits here");
    studio.keys("<ctrl+k>").wait_for_text("Simplify · 1 of 4");
    // Another wording can be asked for, as before.
    studio.keys("t");
    let place = support::studio::paths(home.path()).journal;
    let anew = || {
        let journal = Journal::open(&place).unwrap().journal;
        let runs = journal.runs(9, None).unwrap();
        runs.len() == 2 && waiting(&journal).is_some_and(|(_, target)| target.is_some())
    };
    studio.wait_beside(anew, "the other wording in the journal");
    studio.wait_for_text("Simplify · 1 of");
    // A review that was asked for takes letters at once.
    studio.keys("<esc>").wait_for_text("1 to review ^K");
    studio.keys("<ctrl+k>").wait_for_text("Simplify · 1 of");
    studio.keys("X").wait_for_text("the draft stays as it was");
}

/// W3: an answer for a part whose draft is gone is offered after a kill, like any other.
#[cfg(unix)]
#[test]
fn an_answer_for_a_part_is_offered_after_a_kill() {
    let home = Arc::new(tempfile::tempdir().unwrap());
    let saved = [("<ctrl+s>", "very-big-house")];
    let studio = simplified(&home, &saved);
    kill_once(studio, home.path(), |journal| waiting(journal).is_some());
    std::fs::remove_dir_all(home.path().join("data/drafts")).unwrap();
    let studio = practising(&home);
    studio.wait_for_text("Unsaved text was found");
    studio.wait_for_text("an answer that was not used");
    studio
        .keys("<enter>")
        .wait_for_text("brought back; enter uses it");
}

#[test]
fn letters_that_come_after_the_last_change_do_not_go_into_the_draft() {
    let mut studio = reviewed(LARGE);
    studio.keys("A");
    let decided = text(&studio);
    studio.keys("anr");
    assert_eq!(text(&studio), decided);
    studio.wait(400).keys("anr");
    assert!(text(&studio).contains("anr"));
}

#[test]
fn the_list_of_documents_says_where_something_waits_or_goes_on() {
    let mut studio = sent(LARGE);
    studio.keys("<ctrl+o>");
    assert!(studio.text().contains("1 running"), "{}", studio.text());
    studio.keys("<esc>").delta(SHORT).finish(FinishReason::Stop);
    studio.wait(400).keys("<ctrl+o>");
    assert!(studio.text().contains("1 to review"), "{}", studio.text());
}
