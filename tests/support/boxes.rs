//! Every kind of box, and how a person gets to one.
//!
//! A new kind of box does not compile here before it is named, and what is named is opened.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use super::studio::Studio;
use copydesk::app::dialog::Dialog;
use copydesk::app::effect::Effect;
use copydesk::app::msg::{Left, LeftState, Msg, Now};
use copydesk::domain::endpoint::Key;
use copydesk::domain::ledger::Month;
use copydesk::domain::run::FinishReason;
use copydesk::provider::payload::Payload;
use copydesk::store::journal::{Cause, VersionHeadline, VersionId};
use uuid::Uuid;

const TEMPLATE: &str = "---\ntitle: Aa\ninputs:\n  topic: {label: Topic}\n  \
                        notes: {type: file, label: Notes}\n---\n{{ topic }}: {{ notes }}\n";
const POST: &str = "# Tea\n\nHot and *black*.\n\n- leaves\n- water\n";

macro_rules! kinds {
    ($($kind:ident $keys:literal;)+) => {
        /// Every kind, and the keys that lead to one from the draft; none for what is told.
        const KINDS: &[(&str, &str)] = &[$((stringify!($kind), $keys)),+];

        /// What kind of box it is.
        pub const fn kind(dialog: &Dialog) -> &'static str {
            match dialog {
                $(Dialog::$kind(..) => stringify!($kind)),+
            }
        }
    };
}

kinds! {
    Help "<F1>";
    Palette "<ctrl+p>";
    Confirm "More.<ctrl+q>";
    Comparison "<alt+3>=";
    Recovery "";
    Timeline "";
    Line "<alt+o>";
    Making "<alt+w><alt+T>";
    Rivals "<alt+a>";
    Lacking "<alt+a>translate<enter>";
    Hidden "<F7>";
    Models "<F3>";
    Usage "";
    Payload "<F8>";
    Connect "<F2>";
    Refine "<ctrl+k>";
    Switcher "<ctrl+o>";
    Runs "<alt+e>";
    GoToLine "<alt+g>";
    Statistics "<alt+s>";
    Work "<ctrl+g><alt+j>";
    Settings "<F10>";
    Themes "<alt+Y>";
    Earlier "<alt+1><alt+h>";
    Export "<alt+E>";
    Paths "<alt+1><tab><alt+p>";
    Named "<alt+1><alt+n>";
}

/// A box of each kind, in a studio of its own that `fresh` makes: a form that is filled in, a text
/// of it that became the draft.
pub fn each(fresh: impl Fn() -> Studio) -> Vec<(&'static str, Studio)> {
    let mut all = Vec::new();
    for (name, keys) in KINDS {
        let mut studio = fresh();
        studio.put("data/templates/aa.md", TEMPLATE);
        studio.read_again().keys("<alt+1>/aa<enter>Coffee<ctrl+g>");
        studio.wait(1_000).delta(POST).finish(FinishReason::Stop);
        studio
            .keys("<enter><alt+1><ctrl+a>Tea<alt+2><ctrl+end>\u{200b}<ctrl+home>")
            .keys(keys);
        told(&mut studio, name);
        studio.keys("");
        let front = studio.app.dialogs.last().map(kind);
        assert_eq!(front, Some(*name), "{}", studio.text());
        all.push((*name, studio));
    }
    all
}

/// Tells what a box waits for that is not opened by a key alone.
fn told(studio: &mut Studio, name: &str) {
    match name {
        "Recovery" => {
            let left = Left {
                id: Uuid::from_u128(1),
                title: "Kettles".to_owned(),
                path: None,
                template: None,
                at: Now(1_795_000_000_000),
                words: 2,
                variants: 0,
                text: "Kettles whistle.".to_owned(),
                saved: None,
                state: LeftState::Lost,
            };
            studio.tell(Msg::Left(vec![left]));
        }
        "Timeline" => {
            let version = VersionHeadline {
                id: VersionId(1),
                at: "2026-11-18T09:00:00Z".parse().unwrap(),
                cause: Cause::Save,
                path: None,
                words: 2,
                bytes: 20,
            };
            let draft = studio.app.editor.draft_key();
            let versions = vec![version];
            studio.tell(Msg::Versions { draft, versions });
        }
        "Usage" => {
            let now = "2026-11-24T12:00:00+00:00[UTC]".parse().unwrap();
            studio.tell(Msg::Usage(Box::new(Month::of(&[], &now))));
        }
        "Payload" => {
            let asked = studio.asked.iter().rev().find_map(|effect| match effect {
                Effect::Inspect { request, asked, .. } => Some((request.clone(), asked.clone())),
                _ => None,
            });
            let (request, asked) = asked.unwrap();
            let provider = studio.settings.provider(None).unwrap();
            let endpoint = provider.endpoint(&request.model, Key::new("sk-test").ok(), None);
            let result = Payload::of(&endpoint, &request, &[]).map(Box::new);
            studio.tell(Msg::Payload { result, asked });
        }
        _ => {}
    }
}
