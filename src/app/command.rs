//! The command table: every verb of the studio with its title, help line and keys.
//!
//! Keys, footer, help and palette are all made from this table and from nothing else.

mod entry;
mod rows;

pub use entry::{Entry, Scope};
pub use rows::TABLE;

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
    /// Make another file of the text.
    Export,
    /// Hear the text, or stop that.
    ReadAloud,
    /// Say what is to be written.
    Dictate,
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
    /// Make the focused pane wider.
    WidenPane,
    /// Make the focused pane narrower.
    NarrowPane,
    /// Panes as in a fresh studio.
    ResetLayout,
    /// Choose a theme.
    Theme,
    /// Hide or show the Template pane.
    HideTemplate,
    /// List hidden characters.
    HiddenCharacters,
    /// Show the request as it would be sent.
    Payload,
    /// Connect a provider.
    Connect,
    /// Show and change settings.
    Settings,
    /// List what goes on.
    Work,
    /// Stop everything that goes on.
    StopAll,
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
    /// To the next problem of a source.
    NextProblem,
    /// To the problem before.
    PreviousProblem,
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
    /// Try a brief on two templates.
    CompareTemplates,
    /// Make a template of the draft.
    TemplateFromDraft,
    /// Make a template of the prompt.
    TemplateFromPrompt,
    /// Make a snippet of what is selected.
    SnippetFromSelection,
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
    /// Write how far a draft is.
    StatusItem,
    /// Mark it, so that verbs are for all that is marked.
    MarkItem,
    /// List in another order.
    OrderList,
    /// Narrow the list by a tag.
    FilterTags,
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
    /// All that this field held before.
    EarlierValues,
    /// What lies where a path leads.
    CompletePath,
    /// Field back to its default.
    ResetField,
    /// Nothing in this field.
    ClearField,
    /// Every field back to its default.
    ResetForm,
    /// Nothing in any field.
    ClearForm,
    /// The field in the whole pane, or back.
    FieldInFull,
    /// Briefs under a name.
    NamedBriefs,
    /// Copy what is filled in as a command line.
    CopyBrief,
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
