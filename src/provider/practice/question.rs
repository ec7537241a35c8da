//! What the practice engine answers when it is asked about a draft.
//!
//! Tells what can be counted in what came along and says that it is a sample, so that an answer can
//! be used and quoted without a model. Pure, and the same for the same prompt.

use std::fmt::Write;

/// Longest stretch of the question and of a sentence that is repeated, in characters.
const LONGEST: usize = 120;

/// The answer to a prompt that asks something; `None` for any other prompt.
pub(super) fn write(prompt: &str) -> Option<String> {
    let question = within(prompt, "question")?;
    let mut text = format!(
        "*(Sample from the practice engine: no model was asked.)*\n\n\
         You asked: “{}”. A model would answer that from the text it was sent.\n\n",
        clip(question.trim())
    );
    // Writing into a string cannot fail.
    let _ = match within(prompt, "selection").map(|text| ("selection", text)) {
        Some(selection) => tell(&mut text, selection),
        None => match within(prompt, "draft") {
            Some(draft) => tell(&mut text, ("draft", draft)),
            None => writeln!(text, "No draft came along with the question."),
        },
    };
    Some(text)
}

/// What can be said of a text without understanding it.
fn tell(out: &mut String, (what, text): (&str, &str)) -> std::fmt::Result {
    let words = text.split_whitespace().count();
    let paragraphs = text.split("\n\n").filter(|it| !it.trim().is_empty());
    let mut sentences: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split_inclusive(['.', '!', '?']))
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect();
    sentences.sort_by_key(|sentence| std::cmp::Reverse(sentence.split_whitespace().count()));
    writeln!(
        out,
        "What can be counted without one: the {what} has **{words} words** in {}.\n",
        match paragraphs.count() {
            1 => "1 paragraph".to_owned(),
            count => format!("{count} paragraphs"),
        }
    )?;
    if let Some(longest) = sentences.first() {
        let count = longest.split_whitespace().count();
        writeln!(
            out,
            "Its longest sentence has {count} words; read it aloud and see whether it needs a \
             second breath:\n\n> {}",
            clip(longest)
        )?;
    }
    Ok(())
}

/// What stands between the last pair of tags of this name.
fn within<'a>(prompt: &'a str, tag: &str) -> Option<&'a str> {
    let (open, close) = (format!("<{tag}>\n"), format!("\n</{tag}>"));
    let start = prompt.rfind(&open)? + open.len();
    let length = prompt[start..].find(&close)?;
    Some(&prompt[start..start + length])
}

/// A text in one line, cut behind a word where it is long.
fn clip(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(LONGEST) else {
        return line;
    };
    let cut = line[..end].rfind(' ').unwrap_or(end);
    format!("{}…", &line[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_answered_from_what_came_along_and_labelled() {
        let prompt = "The draft:\n\n<draft>\n# Tea\n\nTea is hot. Tea is what people drink in \
                      the afternoon.\n</draft>\n\n<question>\nIs it too long?\n</question>\n";
        let text = write(prompt).unwrap();
        assert!(
            text.starts_with("*(Sample from the practice engine"),
            "{text}"
        );
        for told in [
            "“Is it too long?”",
            "the draft has **13 words** in 2 paragraphs",
            "> Tea is what",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        let selection = prompt.replace("draft>", "selection>");
        assert!(write(&selection).unwrap().contains("the selection has"));
        let alone = "<question>\nWhat now?\n</question>";
        assert!(write(alone).unwrap().contains("No draft came along"));
    }

    #[test]
    fn any_other_prompt_is_not_its_business() {
        assert_eq!(write("Write about <question> and answers."), None);
    }
}
