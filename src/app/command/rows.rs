//! The table of all commands: name, keys, title and help of each, where they count.
//!
//! Owns the words; what a command does stands with what it is about.

use super::Command;
use super::entry::{Entry, Scope, table};

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
        Export "export" ["alt+E"] "Export", "Make Markdown, a page, plain text, a document or an email of the text";
        ReadAloud "read-aloud" ["alt+l"] "Read aloud", "Hear the selection, the text from the paragraph on, or the answer shown, through your own program; again stops it";
        Dictate "dictate" ["alt+m"] "Dictate", "Say what is to stand at the cursor of the draft or a field, through your own program; again ends it";
        Find "find" ["ctrl+f"] "Find", "Look for words in the text, and replace them";
        Refine "refine" ["ctrl+k"] "Refine", "Rewrite the selection or the paragraph with the model, and review the changes";
        Ask "ask" ["alt+k"] "Ask", "Ask the model about the draft or the selection, and use or quote what it answers";
        TemplateFromDraft "template-from-draft" ["alt+T"] "Template from the draft", "Make a template of the draft; what is selected is asked for each time";
        TemplateFromPrompt "template-from-prompt" ["alt+P"] "Template from the prompt", "Make a template of the prompt as it would be sent, your edits included";
        SnippetFromSelection "snippet-from-selection" ["alt+S"] "Snippet from the selection", "Keep what is selected as a snippet that templates include";
        Undo "undo" ["ctrl+z"] "Undo", "Take the last change back";
        Redo "redo" ["ctrl+y"] "Redo", "Make the undone change again";
        Versions "versions" ["alt+v"] "Versions", "What this draft was before: compare, restore";
        Recover "recover" ["alt+r"] "Recover", "Bring back text that was never saved";
        Model "model" ["F3"] "Model", "Choose the model for this session: price, window, abilities";
        Usage "usage" ["F9"] "Usage", "What this month used and cost, by day, model and template";
        Zoom "zoom" ["F11"] "Zoom", "Give the focused pane the whole screen, or take it back";
        HideTemplate "hide-template" ["ctrl+b"] "Hide templates", "Hide or show the Template pane";
        WidenPane "widen-pane" ["alt+."] "Wider pane", "Move the border so that the focused pane has more room";
        NarrowPane "narrow-pane" ["alt+,"] "Narrower pane", "Move the border so that the focused pane has less room";
        ResetLayout "reset-layout" ["alt+0"] "Reset the layout", "Panes as they were at first: sizes, zoom, nothing hidden";
        Theme "theme" ["alt+Y"] "Theme", "Choose how the studio looks; the whole screen shows it as you go";
        HiddenCharacters "hidden-characters" ["F7"] "Hidden characters", "List what cannot be seen in the text, go to it, take it out";
        Payload "payload" ["F8"] "Payload", "The request as it would be sent: JSON, curl, the same as a command";
        Connect "connect" ["F2"] "Connect", "Choose who answers: OpenAI, a server on this machine, any other";
        Settings "settings" ["F10"] "Settings", "What config.toml can say: what each setting is, where that comes from, and another value";
        Work "work" ["alt+j"] "Work under way", "What is being written: go there, or stop it";
        StopAll "stop-all" ["alt+u"] "Stop all", "Stop everything that is being written at once; esc stops one, the one shown first";
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
        StatusItem "list-status" ["s"] "Status", "Write how far the draft is: draft, ready, published";
        MarkItem "list-mark" ["space"] "Mark", "Mark it, or no longer; verbs are for all that is marked";
        OrderList "list-order" ["o"] "Order", "Another order: edited, created, title, template, words";
        FilterTags "list-tags" ["#"] "Tags filter", "Narrow the list by a tag";
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
        WidenPane "list-wider" [">"] "Wider pane", "Give the lists more room";
        NarrowPane "list-narrower" ["<"] "Narrower pane", "Give the lists less room";
        Help "list-help" ["?"] "Help", "Keys and words for the list";
        Back "list-back" ["q"] "Back", "Clear the filter, else leave";
    }
    Form {
        NextField "next-field" ["tab"] "Next field", "To the next field";
        PreviousField "previous-field" ["shift+tab"] "Previous field", "To the previous field";
        NextOption "next-option" ["right", "space"] "Next option", "Next option of a choice";
        PreviousOption "previous-option" ["left"] "Previous option", "Previous option of a choice";
        EarlierValue "earlier-value" ["up"] "Earlier values", "What this field held before";
        EarlierValues "earlier-values" ["alt+h", "alt+up"] "List of earlier values", "All that this field held before: find one, take it, or let go of it";
        CompletePath "complete-path" ["alt+p"] "Find a file", "In a field that takes a file: list what lies in the folder that is typed";
        NamedBriefs "named-briefs" ["alt+n"] "Named briefs", "Keep what is filled in under a name, such as a client's, and fill the form from one";
        FieldInFull "field-in-full" ["alt+z"] "Field in full", "Give the field the whole screen to write in, or take it back";
        ResetField "reset-field" ["ctrl+r"] "Reset field", "Field back to its default";
        ClearField "clear-field" ["alt+x"] "Clear field", "Empty the field";
        ResetForm "reset-form" ["alt+i"] "Reset form", "Every field back to its default";
        ClearForm "clear-form" ["alt+c"] "Clear form", "Empty every field";
        CompareTemplates "a-b" ["alt+a"] "A/B", "Try what is filled in on another template or version, too, side by side";
        CopyBrief "copy-brief" ["alt+y"] "Copy as command", "Copy what is filled in as a copydesk run line";
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
        CompareTemplates "text-a-b" ["alt+a"] "A/B", "Try what is filled in on another template or version, too, side by side";
        NextProblem "next-problem" ["alt+n"] "Next problem", "To the next thing that is wrong with the source of a template or snippet";
        PreviousProblem "previous-problem" ["alt+p"] "Previous problem", "To the problem before";
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
        Quote "quote" [">"] "quote", "Choose paragraphs of an answer, to put them into the draft; at a variant, make the pane wider";
        NewConversation "new-conversation" ["N"] "new conversation", "Begin to ask anew; the conversations so far are kept";
        Merge "merge" ["m"] "merge", "Go through what the variant would change in the draft, and take over what is better";
        Reasoning "reasoning" ["T"] "reasoning", "Show or fold what the model thought before it wrote";
        Copy "copy" ["y"] "copy", "Copy the variant's text";
        Columns "columns" ["|"] "side by side", "Show the variants side by side where there is room, or one at a time";
        StarVariant "star-variant" ["*"] "star variant", "Mark the variant so that it can be found later, or no longer";
        CompareTemplates "output-a-b" ["alt+a"] "A/B", "Try what is filled in on another template or version, too, side by side";
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
        NarrowPane "output-narrower" ["<"] "Narrower pane", "Give the output less room";
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
