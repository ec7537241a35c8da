//! The prose of help about boxes: what each is for, and its keys, which are no commands.
//!
//! Only words; `{name}` in a sentence is the key of the command with that name, as it is in force.

use super::told::Told;
use crate::app::dialog::Dialog;

/// What is said about a box.
pub(super) const fn of_dialog(dialog: &Dialog) -> Told {
    let (title, prose, keys) = match dialog {
        Dialog::Comparison(_) => (
            "Comparing two texts",
            "What goes is marked as removed, what comes as added; without colour as [-removed-] and {+added+}. A \
             paragraph that was written anew goes out whole and comes in whole. Long stretches that are equal are \
             folded to one line. Comparing changes nothing.",
            COMPARING,
        ),
        Dialog::Palette(_) => (
            "Commands",
            "Type a few letters of what you want to do: they are marked in what matches, and what you choose often comes \
             first. Behind a command that can do nothing now stands why. Themes are listed, too; the screen shows the \
             highlighted one. A new key goes into config.toml, where comments stay.",
            PALETTE,
        ),
        Dialog::Switcher(_) => (
            "Go to document",
            "What is open stands first, then every draft and template. Words are looked for in titles and in the text; \
             template: model: tag: since: narrow it.",
            SWITCHER,
        ),
        Dialog::Runs(_) => (
            "Runs",
            "Everything that was ever generated, the newest first. A few words find it by its prompt and by its text.",
            RUNS,
        ),
        Dialog::Models(_) => (
            "Models",
            "The models of the provider in use, with price, window and abilities. What you choose counts for this session; \
             ctrl+s writes it into config.toml. An id that is not listed can be typed.",
            MODELS,
        ),
        Dialog::Connect(_) => (
            "Connect",
            "Choose who answers. A key is asked for where one is needed, shown as dots, and kept in a file that only you \
             can read. Nothing is sent before you say so, and the key goes to no other server.",
            STEPS,
        ),
        Dialog::Refine(_) => (
            "Refine",
            "What is to be done with the selection, or with the paragraph at the cursor. Choose a verb or type an \
             instruction of your own; the answer is shown as changes, and none is made before you accept it.",
            REFINE,
        ),
        Dialog::Recovery(_) => (
            "Recover",
            "Text that was never saved, and answers that were never used. What you leave here is kept for thirty days.",
            RECOVERY,
        ),
        Dialog::Timeline(_) => (
            "Versions",
            "What this draft was before, and what each version was taken for. Restoring one is an edit that can be undone.",
            TIMELINE,
        ),
        Dialog::Settings(_) => (
            "Settings",
            "Everything that config.toml can say of the studio, with what it is now and where that comes from. A change is \
             written at once, the rest of the file stays as it is, comments included. Keys of commands are changed in the \
             palette, providers by “Connect”.",
            SETTINGS,
        ),
        Dialog::Themes(_) => (
            "Themes",
            "The whole screen shows the highlighted theme. Your own stand in the folder themes beside config.toml.",
            CHOOSING,
        ),
        Dialog::Earlier(_) => (
            "Earlier values",
            "What this field held before, the latest first.",
            EARLIER,
        ),
        Dialog::Confirm(_) => (
            "A question",
            "Something would be lost, or sent elsewhere than before. Nothing happens until you answer; esc does nothing.",
            CONFIRM,
        ),
        _ => return of_report(dialog),
    };
    Told { title, prose, keys }
}

/// What is said about a box that tells something.
const fn of_report(dialog: &Dialog) -> Told {
    let (title, prose, keys) = match dialog {
        Dialog::Payload(_) => (
            "Payload",
            "The request as it would be sent, to the byte. No key stands in it; the copies name the variable that holds it.",
            PAYLOAD,
        ),
        Dialog::Usage(_) => (
            "Usage",
            "What this month used and cost, by day, model and template. Prices that nobody knows count as nothing and are said.",
            READING,
        ),
        Dialog::Hidden(_) => (
            "Hidden characters",
            "Characters that cannot be seen and may change what a text says to a reader or a program.",
            HIDDEN,
        ),
        Dialog::Work(_) => (
            "Work under way",
            "What is being written now, wherever it will appear. Stopping keeps what came.",
            WORK,
        ),
        _ => (
            "This box",
            "Its keys stand at its foot; esc leaves everything as it is.",
            STEPS,
        ),
    };
    Told { title, prose, keys }
}

type Keys = &'static [(&'static str, &'static str)];

const CHOOSING: Keys = &[
    ("letters", "Narrow the list"),
    ("down  up  pagedown  pageup", "Move the highlight"),
    ("enter", "Take the highlighted one"),
    ("esc", "Go back"),
];

const CONFIRM: Keys = &[
    ("the letter shown", "That answer"),
    ("enter", "The first answer"),
    ("esc", "Neither"),
];

const STEPS: Keys = &[("enter", "Go on"), ("esc", "Go back")];

const PALETTE: Keys = &[
    ("letters", "Narrow the list"),
    ("enter", "Do it"),
    ("alt+k", "Give the command another key"),
    ("alt+x  delete", "Give the command its own keys back"),
    ("esc", "Close"),
];

const SWITCHER: Keys = &[
    ("enter", "Show it"),
    ("tab", "Look among runs instead"),
    ("alt+q", "Close the highlighted document"),
    ("esc", "Close"),
];

const RUNS: Keys = &[
    ("enter", "Show it in the Output pane"),
    ("F8", "Its request"),
    (
        "ctrl+t",
        "All runs, those of this template, those of this draft",
    ),
    ("tab", "Look among documents instead"),
    ("esc", "Close"),
];

const MODELS: Keys = &[
    ("enter", "Ask this model from now on"),
    (
        "space",
        "Mark several, to ask all of them in the coming run",
    ),
    ("ctrl+s", "Ask this model always"),
    ("ctrl+r", "Ask the server for its list again"),
    ("esc", "Close"),
];

const REFINE: Keys = &[
    ("letters", "Find a verb, or write an instruction"),
    ("enter", "Ask for it"),
    ("tab", "Take more of the text"),
    ("ctrl+e", "Edit the prompt of the verb"),
    ("esc", "Go back"),
];

const RECOVERY: Keys = &[
    ("enter", "Bring it back"),
    ("=", "Compare it with what is saved"),
    ("esc  q  l", "Later"),
];

const TIMELINE: Keys = &[
    ("enter", "Compare it with the text"),
    ("r", "Restore it"),
    ("esc  q", "Close"),
];

const PAYLOAD: Keys = &[
    ("b", "Copy the body"),
    ("c", "Copy it as curl"),
    ("r", "Copy it as a copydesk run line"),
    ("down  up  pagedown  pageup", "Scroll"),
    ("esc  q", "Close"),
];

const READING: Keys = &[
    ("down  up  pagedown  pageup", "Scroll"),
    ("esc  q", "Close"),
];

const HIDDEN: Keys = &[
    ("enter", "Go to the first of its kind"),
    ("r", "Take those of its kind out"),
    ("a", "Take all of them out"),
    ("esc  q", "Close"),
];

const WORK: Keys = &[
    ("enter", "Go there"),
    ("x", "Stop it"),
    ("X", "Stop all"),
    ("esc  q", "Close"),
];

const SETTINGS: Keys = &[
    ("space  right  left", "The next or previous value"),
    ("enter", "Write a value; empty is what is built in"),
    ("x  delete", "What is built in"),
    ("u", "Take the last change back"),
    ("/", "Narrow the list"),
    ("esc  q", "Close"),
];

const EARLIER: Keys = &[
    ("enter", "Take it"),
    ("ctrl+x  delete", "Let go of it for good"),
    ("esc", "Close"),
];

/// Keys of a comparison; they are no commands, because nothing else is asked there.
const COMPARING: Keys = &[
    ("n  N  p", "To the next change, to the change before"),
    (
        "0  1-9  [  ]",
        "Compare a variant with the draft, with the variant of this number, with the text before or after",
    ),
    (
        "m",
        "Go through what the variant changes in the draft, and take over what is better",
    ),
    ("f", "Show all of the text, or fold what is equal again"),
    ("j  k  down  up", "One line down or up"),
    ("pagedown  pageup", "Ten lines down or up"),
    ("esc  enter  q", "Close"),
];
