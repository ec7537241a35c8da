//! The command table: every verb of the studio with its title, help line and keys.
//!
//! Keys, footer, help and palette are all made from this table and from nothing else.

mod entry;

use entry::table;
pub use entry::{Entry, Scope};

/// Every verb a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Help for what is focused.
    Help,
    /// The command palette.
    Palette,
    /// Send the prompt.
    Generate,
    /// Stop, close, leave, or go up: the escape ladder.
    Back,
    /// Copy the selection, else stop, else ask for another press to quit.
    CopyOrQuit,
    /// Quit.
    Quit,
    /// Save the draft.
    Save,
    /// Start an empty draft.
    NewDraft,
    /// Go to what is open, or open something by name.
    Open,
    /// Find anything that was ever generated.
    Runs,
    /// Close the document.
    Close,
    /// Open any text file by its path.
    OpenFile,
    /// Edit the draft in `$EDITOR`.
    ExternalEditor,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Focus the next pane.
    NextPane,
    /// Focus the previous pane.
    PreviousPane,
    /// Focus the Template pane.
    TemplatePane,
    /// Focus the Editor pane.
    EditorPane,
    /// Focus the Output pane.
    OutputPane,
    /// Give the focused pane the whole screen.
    Zoom,
    /// Hide or show the Template pane.
    HideTemplate,
    /// List hidden characters.
    HiddenCharacters,
    /// Show the request as it would be sent.
    Payload,
    /// Connect a provider.
    Connect,
    /// List what goes on.
    Work,
    /// Look for words in the text.
    Find,
    /// To the start of this or the previous word.
    WordLeft,
    /// To the end of this or the next word.
    WordRight,
    /// To the start of this or the previous paragraph.
    ParagraphUp,
    /// To the start of the next paragraph.
    ParagraphDown,
    /// To the start of the row.
    RowStart,
    /// To the end of the row.
    RowEnd,
    /// To the start of the text.
    TextStart,
    /// To the end of the text.
    TextEnd,
    /// To a line by its number.
    GoToLine,
    /// Let motions select from here on, or no longer.
    Mark,
    /// Select the word.
    SelectWord,
    /// Select the paragraph.
    SelectParagraph,
    /// Select all of the text.
    SelectAll,
    /// Cut what is selected.
    Cut,
    /// Put in what was cut or copied.
    PasteCopied,
    /// Delete back to the start of the word.
    DeleteWordLeft,
    /// Delete up to the end of the word.
    DeleteWordRight,
    /// Delete back to the start of the row.
    DeleteToRowStart,
    /// Dim all but the paragraph, or no longer.
    FocusMode,
    /// Keep the cursor's row in the middle, or no longer.
    Typewriter,
    /// Words, sentences and more of the text.
    Statistics,
    /// To the next place found.
    NextPlace,
    /// To the previous place found.
    PreviousPlace,
    /// Between what is looked for and what comes in its place.
    ReplaceLine,
    /// Replace every place found.
    ReplaceAll,
    /// Look for a pattern, or for words again.
    FindPattern,
    /// Let capitals count, or only if some are asked for.
    FindCase,
    /// Rewrite a part of the draft, or show what waits for a decision.
    Refine,
    /// To the next change of a rewritten part.
    NextChange,
    /// To the change before.
    PreviousChange,
    /// Ask about the draft, or go back to the conversation about it.
    Ask,
    /// Send the question.
    SendQuestion,
    /// From the question to the answers, and back.
    SwitchHand,
    /// Choose paragraphs of an answer, or quote those that are chosen.
    Quote,
    /// To the next paragraph of an answer.
    NextParagraph,
    /// To the paragraph before.
    PreviousParagraph,
    /// Choose more than one paragraph from here on.
    TakeMore,
    /// Begin a conversation anew.
    NewConversation,
    /// To the conversation before.
    EarlierConversation,
    /// To the conversation after.
    LaterConversation,
    /// Make a change.
    AcceptChange,
    /// Turn a change down.
    RejectChange,
    /// Make all changes.
    AcceptAll,
    /// Turn all changes down.
    RejectAll,
    /// Ask for another wording.
    RefineAgain,
    /// Say what is to be otherwise.
    AdjustRefine,
    /// Switch the Editor pane between Draft and Prompt.
    SwitchEditorTab,
    /// One down.
    Down,
    /// One up.
    Up,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Filter the list.
    Filter,
    /// Open what is highlighted.
    Activate,
    /// Next tab of the list.
    NextTab,
    /// Previous tab of the list.
    PreviousTab,
    /// Move the highlighted item to the trash.
    DeleteItem,
    /// Give it another name.
    RenameItem,
    /// Begin something new of what the list has.
    NewItem,
    /// Copy it.
    DuplicateItem,
    /// Edit its source.
    EditSource,
    /// Write its tags.
    TagItem,
    /// Give it a star, or take it.
    StarItem,
    /// Take the last change of a file back.
    TakeBack,
    /// Next field.
    NextField,
    /// Previous field.
    PreviousField,
    /// Next option of a choice.
    NextOption,
    /// Previous option of a choice.
    PreviousOption,
    /// Earlier value of this field.
    EarlierValue,
    /// Field back to its default.
    ResetField,
    /// The versions of the draft.
    Versions,
    /// Bring back unsaved text.
    Recover,
    /// Choose the model.
    Model,
    /// What this month used and cost.
    Usage,
    /// The variant becomes the draft.
    UseVariant,
    /// The variant goes to the end of the draft.
    AppendVariant,
    /// The variant goes to the cursor.
    InsertVariant,
    /// The same prompt again.
    Regenerate,
    /// Another variant beside this one.
    MoreVariants,
    /// Show variants side by side, or one at a time.
    Columns,
    /// Give the variant a star, or take it.
    StarVariant,
    /// Go on where the variant was cut.
    Continue,
    /// Compare with the draft.
    Compare,
    /// Take over what changes the draft, one by one.
    Merge,
    /// Show or fold what the model thought.
    Reasoning,
    /// Copy what is focused.
    Copy,
    /// Next variant.
    NextVariant,
    /// Previous variant.
    PreviousVariant,
}

/// Every command, in the order that help shows them.
pub const TABLE: &[Entry] = table! {
    Anywhere {
        Generate "generate" ["ctrl+g", "F5", "alt+enter"] "Generate", "Send the prompt and watch the text arrive";
        Save "save" ["ctrl+s"] "Save", "Write the draft to its file";
        Palette "palette" ["ctrl+p"] "Commands", "Find any command by name";
        Help "help" ["F1"] "Help", "Keys and words for what is focused";
        Back "back" ["esc"] "Back", "Stop the stream, else close, else leave, else go up";
        NextPane "next-pane" ["F6"] "Next pane", "Move to the next pane";
        PreviousPane "previous-pane" ["shift+F6"] "Previous pane", "Move to the previous pane";
        TemplatePane "template-pane" ["alt+1"] "Template pane", "Move to the Template pane";
        EditorPane "editor-pane" ["alt+2"] "Editor pane", "Move to the Editor pane";
        OutputPane "output-pane" ["alt+3"] "Output pane", "Move to the Output pane";
        SwitchEditorTab "switch-editor-tab" ["ctrl+t"] "Draft or Prompt", "Show the draft, or the prompt as it will be sent";
        OpenFile "open-file" ["alt+o"] "Open a file", "Open any text file by its path, and save it in its place";
        NewDraft "new-draft" ["ctrl+n"] "New draft", "Start an empty draft";
        Open "open" ["ctrl+o"] "Go to document", "Go to what is open, or open a draft or template by name";
        Runs "runs" ["alt+e"] "Runs", "Everything that was ever generated: look at it, use it, go on with it";
        Close "close" ["alt+q"] "Close document", "Close the document; asks when something would be lost";
        ExternalEditor "external-editor" ["ctrl+e", "F4"] "External editor", "Edit the draft in $VISUAL or $EDITOR";
        Find "find" ["ctrl+f"] "Find", "Look for words in the text, and replace them";
        Refine "refine" ["ctrl+k"] "Refine", "Rewrite the selection or the paragraph with the model, and review the changes";
        Ask "ask" ["alt+k"] "Ask", "Ask the model about the draft or the selection, and use or quote what it answers";
        Undo "undo" ["ctrl+z"] "Undo", "Take the last change back";
        Redo "redo" ["ctrl+y"] "Redo", "Make the undone change again";
        Versions "versions" ["alt+v"] "Versions", "What this draft was before: compare, restore";
        Recover "recover" ["alt+r"] "Recover", "Bring back text that was never saved";
        Model "model" ["F3"] "Model", "Choose the model for this session: price, window, abilities";
        Usage "usage" ["F9"] "Usage", "What this month used and cost, by day, model and template";
        Zoom "zoom" ["F11"] "Zoom", "Give the focused pane the whole screen, or take it back";
        HideTemplate "hide-template" ["ctrl+b"] "Hide templates", "Hide or show the Template pane";
        HiddenCharacters "hidden-characters" ["F7"] "Hidden characters", "List what cannot be seen in the text, go to it, take it out";
        Payload "payload" ["F8"] "Payload", "The request as it would be sent: JSON, curl, the same as a command";
        Connect "connect" ["F2"] "Connect", "Choose who answers: OpenAI, a server on this machine, any other";
        Work "work" ["alt+j"] "Work under way", "What is being written: go there, or stop it";
        CopyOrQuit "copy-or-quit" ["ctrl+c"] "Copy, stop or quit", "Copy the selection, else stop, else press again to quit";
        Quit "quit" ["ctrl+q"] "Quit", "Leave; asks only when something would be lost";
    }
    Lists {
        Activate "activate" ["enter"] "Open", "Open what is highlighted";
        Filter "filter" ["/"] "Filter", "Narrow the list as you type";
        NewItem "list-new" ["n"] "New", "Begin a template, a draft or a snippet, as the list has them";
        EditSource "edit-source" ["e"] "Edit", "Edit the source: of a template or snippet in the Editor, of a draft in $VISUAL or $EDITOR";
        DuplicateItem "duplicate" ["d"] "Duplicate", "Make a copy of your own";
        RenameItem "rename" ["r"] "Rename", "Give it another title; the file follows";
        DeleteItem "delete" ["x"] "Delete", "Move it to the trash; u takes it back";
        TakeBack "take-back" ["u"] "Undo the last file change", "Take the last delete, rename or edit back";
        TagItem "tags" ["t"] "Tags", "Write its tags";
        StarItem "star" ["*"] "Star", "Keep it on top of the list, or no longer";
        Copy "list-copy" ["y"] "Copy", "Copy its text";
        Down "down" ["down", "j"] "Down", "One down";
        Up "up" ["up", "k"] "Up", "One up";
        NextTab "next-tab" ["tab", "right", "]"] "Next tab", "Templates, drafts, snippets";
        PreviousTab "previous-tab" ["shift+tab", "left", "["] "Previous tab", "Templates, drafts, snippets";
        PageDown "page-down" ["pagedown"] "Page down", "A page down";
        PageUp "page-up" ["pageup"] "Page up", "A page up";
        First "first" ["g", "home"] "First", "To the first one";
        Last "last" ["G", "end"] "Last", "To the last one";
        Help "list-help" ["?"] "Help", "Keys and words for the list";
        Back "list-back" ["q"] "Back", "Clear the filter, else leave";
    }
    Form {
        NextField "next-field" ["tab"] "Next field", "To the next field";
        PreviousField "previous-field" ["shift+tab"] "Previous field", "To the previous field";
        NextOption "next-option" ["right", "space"] "Next option", "Next option of a choice";
        PreviousOption "previous-option" ["left"] "Previous option", "Previous option of a choice";
        EarlierValue "earlier-value" ["up"] "Earlier values", "What this field held before";
        ResetField "reset-field" ["ctrl+r"] "Reset field", "Field back to its default";
    }
    Draft {
        WordLeft "word-left" ["ctrl+left", "alt+left", "alt+b"] "Word left", "To the start of this or the previous word";
        WordRight "word-right" ["ctrl+right", "alt+right", "alt+f"] "Word right", "To the end of this or the next word";
        ParagraphUp "paragraph-up" ["ctrl+up", "alt+up", "alt+{"] "Paragraph up", "To the start of this or the previous paragraph";
        ParagraphDown "paragraph-down" ["ctrl+down", "alt+down", "alt+}"] "Paragraph down", "To the start of the next paragraph";
        RowStart "row-start" ["home"] "Start of row", "To the start of the row, as it is seen";
        RowEnd "row-end" ["end"] "End of row", "To the end of the row, as it is seen";
        TextStart "text-start" ["ctrl+home", "alt+<"] "Start of text", "To the start of the text";
        TextEnd "text-end" ["ctrl+end", "alt+>"] "End of text", "To the end of the text";
        GoToLine "go-to-line" ["alt+g"] "Go to line", "To the line with a number, or as far as a percentage";
        Mark "mark" ["ctrl+space"] "Start selecting", "Let motions select from here on; again or esc ends it";
        SelectWord "select-word" ["alt+w"] "Select word", "Select the word at the cursor";
        SelectParagraph "select-paragraph" ["alt+h"] "Select paragraph", "Select the paragraph at the cursor";
        SelectAll "select-all" ["ctrl+a"] "Select all", "Select the whole text";
        Cut "cut" ["ctrl+x"] "Cut", "Take out what is selected and keep it to be pasted";
        PasteCopied "paste" ["ctrl+v"] "Paste", "Put in what is on the clipboard, or what was cut or copied here last";
        DeleteWordLeft "delete-word-left" ["ctrl+w", "ctrl+backspace", "alt+backspace"] "Delete word left", "Delete back to the start of the word";
        DeleteWordRight "delete-word-right" ["alt+d", "ctrl+delete", "alt+delete"] "Delete word right", "Delete up to the end of the word";
        DeleteToRowStart "delete-to-row-start" ["ctrl+u"] "Delete to start of row", "Delete back to the start of the row";
        FocusMode "focus-mode" ["alt+z"] "Focus mode", "Dim all but the paragraph you are in, or no longer";
        Typewriter "typewriter" ["alt+t"] "Typewriter scrolling", "Keep the row of the cursor in the middle, or no longer";
        Statistics "statistics" ["alt+s"] "Statistics", "Words, sentences, reading time and how easy the text is to read";
    }
    Find {
        NextPlace "next-place" ["enter", "down"] "Next place", "To the next place; in the line below, replace this one first";
        PreviousPlace "previous-place" ["up"] "Previous place", "To the place before";
        ReplaceLine "replace" ["tab"] "Replace", "Write what is to stand there instead, and back";
        ReplaceAll "replace-all" ["alt+a"] "Replace all", "Replace every place, in one step that ctrl+z takes back";
        FindPattern "find-pattern" ["alt+x"] "Pattern", "Read it as a regular expression, or as words again";
        FindCase "find-case" ["alt+c"] "Exact case", "Let capitals always count, or only if some are asked for";
    }
    Review {
        AcceptChange "accept-change" ["a"] "Accept change", "Make this change; all that is accepted is one step of undo";
        RejectChange "reject-change" ["r"] "Reject change", "Leave the text as it is here";
        NextChange "next-change" ["n", "tab", "right"] "Next change", "To the next change";
        PreviousChange "previous-change" ["p", "N", "shift+tab", "left"] "Previous change", "To the change before";
        AcceptAll "accept-all" ["A"] "Accept all changes", "Make every change that is left";
        RejectAll "reject-all" ["X"] "Reject all changes", "Leave the text as it is, and let go of the answer";
        RefineAgain "refine-again" ["t"] "Try again", "Ask the model for another wording of the part as it is now";
        AdjustRefine "adjust-refine" ["i"] "Adjust the instruction", "Say what is to be otherwise, and ask again";
        Down "review-down" ["down", "j"] "Scroll down", "One line down";
        Up "review-up" ["up", "k"] "Scroll up", "One line up";
        PageDown "review-page-down" ["pagedown", "space"] "Page down", "A page down";
        PageUp "review-page-up" ["pageup"] "Page up", "A page up";
        Help "review-help" ["?"] "Help", "Keys and words for the review";
        Back "review-back" ["q"] "Back", "Keep what is not decided for later";
    }
    Output {
        UseVariant "use-variant" ["enter"] "use as draft", "The variant becomes the draft; undo brings the old text back";
        AppendVariant "append-variant" ["a"] "append", "Add the variant to the end of the draft";
        InsertVariant "insert-variant" ["i"] "insert", "Put the variant at the cursor of the draft";
        Regenerate "regenerate" ["R"] "regenerate", "Send the same prompt again and show the new variant at once";
        MoreVariants "more-variants" ["V"] "variant beside", "Write as many more as were asked for together, beside this one, which stays on screen";
        Continue "continue" ["c"] "continue", "Go on where the text was cut or stopped";
        Compare "compare" ["="] "diff", "Compare the variant with the draft or with another variant, word by word";
        Quote "quote" [">"] "quote", "Choose paragraphs of an answer, to put them into the draft";
        NewConversation "new-conversation" ["N"] "new conversation", "Begin to ask anew; the conversations so far are kept";
        Merge "merge" ["m"] "merge", "Go through what the variant would change in the draft, and take over what is better";
        Reasoning "reasoning" ["T"] "reasoning", "Show or fold what the model thought before it wrote";
        Copy "copy" ["y"] "copy", "Copy the variant's text";
        Columns "columns" ["|"] "side by side", "Show the variants side by side where there is room, or one at a time";
        StarVariant "star-variant" ["*"] "star variant", "Mark the variant so that it can be found later, or no longer";
        NextVariant "next-variant" ["]"] "Next variant", "Show the next variant (or its number)";
        PreviousVariant "previous-variant" ["["] "Previous variant", "Show the previous variant";
        Down "scroll-down" ["down", "j"] "Scroll down", "One line down";
        Up "scroll-up" ["up", "k"] "Scroll up", "One line up";
        PageDown "output-page-down" ["pagedown", "space"] "Page down", "A page down";
        PageUp "output-page-up" ["pageup"] "Page up", "A page up";
        First "top" ["g", "home"] "Top", "To the start";
        Last "bottom" ["G", "end"] "Bottom", "To the end, and follow it";
        SwitchHand "switch-hand" ["tab"] "Question", "To the question about the draft; from there, tab leads to the answers";
        EarlierConversation "earlier-conversation" ["{"] "Earlier conversation", "Show the conversation before this one";
        LaterConversation "later-conversation" ["}"] "Later conversation", "Show the conversation after this one";
        Help "output-help" ["?"] "Help", "Keys and words for the output";
        Back "output-back" ["q"] "Back", "To the Template pane";
    }
    Question {
        SendQuestion "send-question" ["enter"] "Send the question", "Ask; what goes along stands above the question";
        SwitchHand "to-answers" ["tab"] "Answers", "To the answers: use, quote, copy them, ask again";
        EarlierValue "earlier-question" ["up"] "Earlier values", "In an empty line: bring an earlier question back";
        PageDown "question-page-down" ["pagedown"] "Page down", "Scroll the conversation by a page";
        PageUp "question-page-up" ["pageup"] "Page up", "Scroll the conversation by a page";
    }
    Quote {
        NextParagraph "next-paragraph" ["down", "j", "]"] "Next paragraph", "To the next paragraph of the answer";
        PreviousParagraph "previous-paragraph" ["up", "k", "["] "Previous paragraph", "To the paragraph before";
        TakeMore "take-more" ["space"] "More paragraphs", "Take all paragraphs from here to where you go; again takes only one";
        Quote "quote-chosen" [">"] "quote", "Put them into the draft at its cursor as a quotation";
        InsertVariant "insert-chosen" ["i"] "insert", "Put them into the draft at its cursor as they are";
        Copy "copy-chosen" ["y"] "copy", "Copy them";
        Help "quote-help" ["?"] "Help", "Keys and words for quoting";
        Back "quote-back" ["q"] "Back", "To the answer";
    }
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::{Code, Key};
    use std::collections::HashSet;

    #[test]
    fn every_command_has_a_title_a_help_line_and_a_key() {
        for entry in TABLE {
            assert!(
                !entry.title.is_empty() && !entry.help.is_empty() && !entry.keys.is_empty(),
                "{}",
                entry.name
            );
            for key in entry.keys {
                key.parse::<Key>().unwrap();
            }
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        let mut seen = HashSet::new();
        for entry in TABLE {
            for key in entry.keys {
                assert!(
                    seen.insert((entry.scope, *key)),
                    "{key} twice in {:?}",
                    entry.scope
                );
            }
        }
    }

    /// Two commands that are called alike cannot be told apart in the palette.
    #[test]
    fn different_commands_have_different_titles() {
        for (index, one) in TABLE.iter().enumerate() {
            for other in &TABLE[index + 1..] {
                let alike = one.title.eq_ignore_ascii_case(other.title);
                assert!(
                    !alike || one.command == other.command,
                    "{} and {} are both called {}",
                    one.name,
                    other.name,
                    one.title
                );
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let names: HashSet<_> = TABLE.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn no_command_needs_a_key_that_a_plain_terminal_cannot_send() {
        let taken = [
            "ctrl+i",
            "ctrl+m",
            "ctrl+h",
            "ctrl+[",
            "ctrl+j",
            "ctrl+enter",
            "shift+enter",
        ];
        for entry in TABLE {
            let sendable = entry.keys.iter().any(|key| !taken.contains(key));
            assert!(sendable, "{}", entry.name);
            assert!(
                entry
                    .keys
                    .iter()
                    .all(|key| key.parse::<Key>().unwrap().code != Code::Char('\0'))
            );
        }
    }
}
