//! The prose of help about boxes: what each is for, and its keys, which are no commands.
//!
//! Only words; `{name}` in a sentence is the key of the command with that name, as it is in force.
//! Every kind of box stands in [`of_dialog`]: one that is new does not compile before it has words.

mod keys;

use super::told::Told;
use crate::app::dialog::Dialog;
use crate::app::line::{Asked, Line};
use keys::{
    BRIEFS, CHOOSING, COMPARING, CONFIRM, EARLIER, EXPORTING, FILLING, FINDING, HIDDEN, LINE, MADE,
    MODELS, PALETTE, PAYLOAD, READING, RECOVERY, REFINE, RUNS, SETTINGS, STEPS, SWITCHER, TIMELINE,
    WORK,
};

/// What is said about a box.
pub(super) const fn of_dialog(dialog: &Dialog) -> Told {
    match dialog {
        Dialog::Help(_) => HELPING,
        Dialog::Palette(_) => COMMANDS,
        Dialog::Confirm(_) => QUESTION,
        Dialog::Comparison(_) => COMPARISON,
        Dialog::Recovery(_) => RECOVER,
        Dialog::Timeline(_) => VERSIONS,
        Dialog::Line(line) => of_line(line),
        Dialog::Making(_) => MAKING,
        Dialog::Rivals(_) => RIVALS,
        Dialog::Lacking(_) => LACKING,
        Dialog::Hidden(_) => HIDDEN_CHARACTERS,
        Dialog::Models(_) => MODEL,
        Dialog::Usage(_) => USAGE,
        Dialog::Payload(_) => REQUEST,
        Dialog::Connect(_) => CONNECT,
        Dialog::Refine(_) => REFINING,
        Dialog::Switcher(_) => DOCUMENTS,
        Dialog::Runs(_) => ALL_RUNS,
        Dialog::GoToLine(_) => GO_TO_LINE,
        Dialog::Statistics(_) => STATISTICS,
        Dialog::Work(_) => UNDER_WAY,
        Dialog::Settings(_) => SETTING,
        Dialog::Themes(_) => THEMES,
        Dialog::Earlier(_) => EARLIER_VALUES,
        Dialog::Export(_) => EXPORT,
        Dialog::Paths(_) => PATHS,
        Dialog::Named(_) => NAMED_BRIEFS,
    }
}

/// What is said about a line that is asked for.
const fn of_line(line: &Line) -> Told {
    let (title, prose) = match line.asked {
        Asked::Title => (
            "Another title",
            "The file is named after it. Templates include a snippet by its new name from then on; {take-back} in the list \
             takes the change back.",
        ),
        Asked::Tags => (
            "Tags",
            "Words that this goes by, separated by commas; an empty line takes all of them away. {list-tags} narrows the \
             list by a tag.",
        ),
        Asked::MoreTags => (
            "Tags for all",
            "Each of these is added to all that is marked; one with a dash in front, such as -old, is taken away. \
             {take-back} in the list takes all of it back.",
        ),
        Asked::Status => (
            "Status",
            "How far this is: draft, ready, published, or a word of your own. It stands in the file, and status: in ctrl+o \
             finds by it.",
        ),
        Asked::NewTemplate => (
            "A new template",
            "Its title; the file is named after it. Its source opens in the Editor with a beginning to change, and what is \
             wrong with it is told while you write.",
        ),
        Asked::NewSnippet => (
            "A new snippet",
            "A piece of prompt that several templates share, such as how your brand sounds. Its name is what templates \
             include it by.",
        ),
        Asked::File => (
            "Open a file",
            "The path of any text file; ~/ is your home, and one that is not there yet is begun. It is saved in its place \
             and goes into no library.",
        ),
    };
    Told {
        title,
        prose,
        keys: LINE,
    }
}

const COMPARISON: Told = Told {
    title: "Comparing two texts",
    prose: "What goes is marked as removed, what comes as added; without colour as [-removed-] and {+added+}. A \
             paragraph that was written anew goes out whole and comes in whole. Long stretches that are equal are \
             folded to one line. Comparing changes nothing.",
    keys: COMPARING,
};

const COMMANDS: Told = Told {
    title: "Commands",
    prose: "Type a few letters of what you want to do: they are marked in what matches, and what you choose often comes \
             first. Behind a command that can do nothing now stands why. Themes are listed, too; the screen shows the \
             highlighted one. A new key goes into config.toml, where comments stay.",
    keys: PALETTE,
};

const DOCUMENTS: Told = Told {
    title: "Go to document",
    prose: "What is open stands first, then every draft and template. Words are looked for in titles and in the text; \
             template: model: tag: since: narrow it.",
    keys: SWITCHER,
};

const ALL_RUNS: Told = Told {
    title: "Runs",
    prose: "Everything that was ever generated, the newest first. A few words find it by its prompt and by its text.",
    keys: RUNS,
};

const MODEL: Told = Told {
    title: "Models",
    prose: "The models of the provider in use, with price, window and abilities. What you choose counts for this session; \
             ctrl+s writes it into config.toml. An id that is not listed can be typed.",
    keys: MODELS,
};

const CONNECT: Told = Told {
    title: "Connect",
    prose: "Choose who answers. A key is asked for where one is needed, shown as dots, and kept in a file that only you \
             can read. Nothing is sent before you say so, and the key goes to no other server.",
    keys: STEPS,
};

const REFINING: Told = Told {
    title: "Refine",
    prose: "What is to be done with the selection, or with the paragraph at the cursor. Choose a verb or type an \
             instruction of your own; the answer is shown as changes, and none is made before you accept it.",
    keys: REFINE,
};

const RECOVER: Told = Told {
    title: "Recover",
    prose: "Text that was never saved, and answers that were never used. What you leave here is kept for thirty days.",
    keys: RECOVERY,
};

const VERSIONS: Told = Told {
    title: "Versions",
    prose: "What this draft was before, and what each version was taken for. Restoring one is an edit that can be undone.",
    keys: TIMELINE,
};

const SETTING: Told = Told {
    title: "Settings",
    prose: "Everything that config.toml can say of the studio, with what it is now and where that comes from. A change is \
             written at once, the rest of the file stays as it is, comments included. What is changed elsewhere has a row at the end that leads there: keys of commands in the \
             palette, providers by “Connect”.",
    keys: SETTINGS,
};

const THEMES: Told = Told {
    title: "Themes",
    prose: "The whole screen shows the highlighted theme. Your own stand in the folder themes beside config.toml.",
    keys: CHOOSING,
};

const EARLIER_VALUES: Told = Told {
    title: "Earlier values",
    prose: "What this field held before, the latest first.",
    keys: EARLIER,
};

const QUESTION: Told = Told {
    title: "A question",
    prose: "Something would be lost, or sent elsewhere than before. Nothing happens until you answer; esc does nothing.",
    keys: CONFIRM,
};

const REQUEST: Told = Told {
    title: "Payload",
    prose: "The request as it would be sent, to the byte. No key stands in it; the copies name the variable that holds it.",
    keys: PAYLOAD,
};

const USAGE: Told = Told {
    title: "Usage",
    prose: "What this month used and cost, by day, model and template. Prices that nobody knows count as nothing and are said.",
    keys: READING,
};

const HIDDEN_CHARACTERS: Told = Told {
    title: "Hidden characters",
    prose: "Characters that cannot be seen and may change what a text says to a reader or a program.",
    keys: HIDDEN,
};

const UNDER_WAY: Told = Told {
    title: "Work under way",
    prose: "What is being written now, wherever it will appear. Stopping keeps what came.",
    keys: WORK,
};

const HELPING: Told = Told {
    title: "Help",
    prose: "What this place is for, its keys, and the keys that count everywhere. A few words behind / show only what has them.",
    keys: READING,
};

const MAKING: Told = Told {
    title: "A template of your text",
    prose: "Give it a title, and write the words that are to be asked for each time: every place that has them becomes an input, \
             with the name you give it. Your text stays as it is; the source of the template opens beside it.",
    keys: MADE,
};

const RIVALS: Told = Told {
    title: "A/B",
    prose: "What is filled in goes to the template of the form and to the one you choose, another template or an earlier version of \
             this one; both answers stand side by side. What the other template has no input for is left out, and what it needs \
             beside is asked for.",
    keys: CHOOSING,
};

const LACKING: Told = Told {
    title: "A/B: what is lacking",
    prose: "The other template asks for more than the form has. What you fill in here goes to that one only; the form stays as \
             it is, and the next A/B with the same template knows it.",
    keys: FILLING,
};

const GO_TO_LINE: Told = Told {
    title: "Go to line",
    prose: "A number leads to that line, +5 and -5 so many lines on or back, 50% to the middle of the text.",
    keys: STEPS,
};

const STATISTICS: Told = Told {
    title: "Statistics",
    prose: "What is counted of the text, or of what is selected. Flesch's reading ease goes from 0, hard, to 100, easy; it is made \
             for English and says little of any other language.",
    keys: READING,
};

const EXPORT: Told = Told {
    title: "Export",
    prose: "Makes another file of the text, or copies it: Markdown without front matter, a page, plain text, a document, an email. \
             The draft stays as it is; a file that lies there already is asked about, and goes to the trash.",
    keys: EXPORTING,
};

const PATHS: Told = Told {
    title: "Files for a field",
    prose: "What lies in the folder that is typed so far, with sizes. More letters narrow it, a dot shows hidden files, ~/ is \
             your home; a folder that is chosen is gone into.",
    keys: FINDING,
};

const NAMED_BRIEFS: Told = Told {
    title: "Named briefs",
    prose: "What is filled in, kept under a name such as a client's, for this template. Choose one to fill the form; keep \
             under the same name to bring it up to date.",
    keys: BRIEFS,
};
