//! The keys of boxes, in words. They are no commands: each box has its own.
//!
//! Only words.

pub(super) type Keys = &'static [(&'static str, &'static str)];

pub(super) const CHOOSING: Keys = &[
    ("letters", "Narrow the list"),
    ("down  up  pagedown  pageup", "Move the highlight"),
    ("enter", "Take the highlighted one"),
    ("esc", "Go back"),
];

pub(super) const CONFIRM: Keys = &[
    ("the letter shown", "That answer"),
    ("enter", "The first answer"),
    ("esc", "Neither"),
];

pub(super) const STEPS: Keys = &[("enter", "Go on"), ("esc", "Go back")];

pub(super) const PALETTE: Keys = &[
    ("letters", "Narrow the list"),
    ("enter", "Do it"),
    ("alt+k", "Give the command another key"),
    ("alt+x  delete", "Give the command its own keys back"),
    ("esc", "Close"),
];

pub(super) const SWITCHER: Keys = &[
    ("enter", "Show it"),
    ("tab", "Look among runs instead"),
    ("alt+q", "Close the highlighted document"),
    ("esc", "Close"),
];

pub(super) const RUNS: Keys = &[
    ("enter", "Show it in the Output pane"),
    ("F8", "Its request"),
    (
        "ctrl+t",
        "All runs, those of this template, those of this draft",
    ),
    ("tab", "Look among documents instead"),
    ("esc", "Close"),
];

pub(super) const MODELS: Keys = &[
    ("enter", "Ask this model from now on"),
    (
        "space",
        "Mark several, to ask all of them in the coming run",
    ),
    ("ctrl+s", "Ask this model always"),
    ("ctrl+r", "Ask the server for its list again"),
    ("esc", "Close"),
];

pub(super) const REFINE: Keys = &[
    ("letters", "Find a verb, or write an instruction"),
    ("enter", "Ask for it"),
    ("tab", "Take more of the text"),
    ("ctrl+e", "Edit the prompt of the verb"),
    ("esc", "Go back"),
];

pub(super) const RECOVERY: Keys = &[
    ("enter", "Bring it back"),
    ("=", "Compare it with what is saved"),
    ("esc  q  l", "Later"),
];

pub(super) const TIMELINE: Keys = &[
    ("enter", "Compare it with the text"),
    ("r", "Restore it"),
    ("esc  q", "Close"),
];

pub(super) const PAYLOAD: Keys = &[
    ("b", "Copy the body"),
    ("c", "Copy it as curl"),
    ("r", "Copy it as a copydesk run line"),
    ("down  up  pagedown  pageup", "Scroll"),
    ("esc  q", "Close"),
];

pub(super) const READING: Keys = &[
    ("down  up  pagedown  pageup", "Scroll"),
    ("esc  q", "Close"),
];

pub(super) const HIDDEN: Keys = &[
    ("enter", "Go to the first of its kind"),
    ("r", "Take those of its kind out"),
    ("a", "Take all of them out"),
    ("esc  q", "Close"),
];

pub(super) const WORK: Keys = &[
    ("enter", "Go there"),
    ("x", "Stop it"),
    ("X", "Stop all"),
    ("esc  q", "Close"),
];

pub(super) const SETTINGS: Keys = &[
    ("space  right  left", "The next or previous value"),
    ("enter", "Write a value; empty is what is built in"),
    (
        "delete  x x",
        "Take it out of the file: what is built in counts",
    ),
    ("u", "Take the last change back"),
    ("/  any other letter", "Narrow the list"),
    ("esc  q", "Close"),
];

pub(super) const EARLIER: Keys = &[
    ("enter", "Take it"),
    ("ctrl+x  delete", "Let go of it for good"),
    ("esc", "Close"),
];

/// Keys of a comparison; they are no commands, because nothing else is asked there.
pub(super) const COMPARING: Keys = &[
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

pub(super) const LINE: Keys = &[("enter", "Do it"), ("esc", "Leave it as it is")];

pub(super) const MADE: Keys = &[
    ("tab  down  up", "The next or previous line"),
    (
        "enter",
        "Add the words that are typed; with none, make the template",
    ),
    (
        "backspace",
        "In an empty name: ask for these words no longer",
    ),
    (
        "esc",
        "Back to the text to select words; the same key goes on with it",
    ),
];

pub(super) const FILLING: Keys = &[
    ("tab  down  up", "The next or previous field"),
    (
        "left  right",
        "Another option; space marks or turns one over",
    ),
    (
        "enter",
        "Send to both; in a field of several lines: a new line",
    ),
    ("ctrl+g", "Send to both from any field"),
    ("esc", "Send nothing"),
];

pub(super) const EXPORTING: Keys = &[
    ("tab  down  up", "The next or previous line"),
    ("right  left  space", "Another format, another place"),
    ("enter", "Export"),
    ("esc", "Close"),
];

pub(super) const FINDING: Keys = &[
    ("letters", "Narrow the list"),
    ("enter", "Take the file, or go into the folder"),
    ("tab", "Go on with it in the line"),
    ("esc", "Close, with the field as it was"),
];

pub(super) const BRIEFS: Keys = &[
    ("enter", "Fill the form from it"),
    (
        "ctrl+s",
        "Keep what is filled in under the name that is typed or highlighted",
    ),
    ("ctrl+r", "Give it another name"),
    ("ctrl+x  delete", "Delete it"),
    ("esc", "Close"),
];
