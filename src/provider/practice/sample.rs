//! The sample text of the practice engine.
//!
//! Owns what it says: in its first lines that it is a sample and that no model was asked, then
//! what it understood of the brief, then how to go on. Pure: the same prompt in the same turn gives
//! the same text, and another turn words it otherwise, so that variants can be compared.

use std::fmt::Write;

/// The most facts of a brief that are listed.
const FACTS: usize = 6;

/// How many texts there are for one prompt.
pub(super) const TURNS: usize = OPENINGS.len() * LAST_CHECKS.len();

/// How a draft would begin. Their number and that of the last checks have no common divisor, so
/// each turn up to [`TURNS`] is another pair.
const OPENINGS: [&str; 2] = [
    "A model would now open with the one thing the reader came for, and leave out the warm-up. \
     The middle would take the points above one at a time, each with an *example or a number*, \
     and the end would say what to do next.",
    "A model would now open with a scene that the reader knows, and name the question behind it. \
     The middle would take the points above one at a time, from *the simplest to the hardest*, \
     and the end would answer the question.",
];

/// The last of the three things to check.
const LAST_CHECKS: [&str; 3] = [
    "Does the last line ask for something the reader can do?",
    "Would a friend read on after the first two sentences?",
    "Is there a shorter word for any of the long ones?",
];

/// Writes a sample in Markdown from the message a person would have sent to a model, asked for
/// the same before so many times as `turn` says.
pub(super) fn write(prompt: &str, turn: usize) -> String {
    let opening = OPENINGS[turn % OPENINGS.len()];
    let last_check = LAST_CHECKS[turn % LAST_CHECKS.len()];
    let subject = subject(prompt);
    let mut text = format!(
        "# Sample: {subject}\n\n\
         > **This is a sample from the practice engine. No model was asked.** It streams and \
         saves like a real answer, so you can try every step before you connect a provider.\n\n\
         ## What the brief says\n\n\
         These are the parts of the prompt that a model would work from. If something is missing \
         here, it will be missing in the draft as well:\n\n"
    );
    for fact in facts(prompt) {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "- {fact}");
    }
    let words = prompt.split_whitespace().count();
    let _ = write!(
        text,
        "\n## How a draft would go on\n\n{opening} The prompt you sent has {words} words; the \
         **Prompt** tab shows it in full.\n\n\
         When you read a first draft, check three things:\n\n\
         1. Does every claim come from the brief, or from something you can check?\n\
         2. Would the reader miss a paragraph if it were gone?\n\
         3. {last_check}\n\n\
         ## From here\n\n\
         Take this text into the editor, change it, and save it as a draft: it is a plain file. \
         To hear from a real model, press `F2` in the studio, or set `OPENAI_API_KEY`, and \
         generate again with the same brief.\n"
    );
    text
}

/// What the prompt is about: the value of its first `name: value` line, else its first sentence.
fn subject(prompt: &str) -> String {
    let named = lines(prompt).find_map(|line| {
        let line = line.trim_start_matches(['#', ' ']);
        let (name, value) = line.split_once(": ")?;
        let short =
            name.chars().count() <= 20 && name.chars().all(|c| c.is_alphanumeric() || c == ' ');
        short.then_some(value)
    });
    let line = named
        .or_else(|| lines(prompt).next())
        .unwrap_or("a text without a brief");
    let line = line.trim_start_matches(['#', ' ']);
    let sentence = line.split_inclusive(['.', '!', '?']).next().unwrap_or(line);
    clip(sentence.trim_end_matches(['.', '!', '?', ':']), 60)
}

/// What looks like facts: `name: value` lines and list items; without any, the first lines.
fn facts(prompt: &str) -> Vec<String> {
    let items = lines(prompt).filter(|line| !line.starts_with('#'));
    let items = items.filter_map(|line| {
        // A prompt made of a draft has its Markdown still.
        let line = &line.replace("**", "");
        let item = line.trim_start_matches(['-', '*', ' ']);
        match item.split_once(": ") {
            Some((name, value)) if name.chars().count() <= 30 && !value.trim().is_empty() => Some(
                format!("**{}:** {}", name.trim_matches('*'), clip(value, 120)),
            ),
            _ if item.len() < line.len() => Some(clip(item, 120)),
            _ => None,
        }
    });
    let found: Vec<_> = items.take(FACTS).collect();
    if found.is_empty() {
        lines(prompt).take(3).map(|line| clip(line, 160)).collect()
    } else {
        found
    }
}

fn lines(prompt: &str) -> impl Iterator<Item = &str> {
    prompt
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
}

/// At most `longest` characters, cut behind a word.
fn clip(text: &str, longest: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(longest) else {
        return text.to_owned();
    };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", &text[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "Write a blog post about blue kettles. Keep it short.\n\n\
                          Audience: people who drink tea\n- Tone: dry\n- with one joke\n";

    #[test]
    fn the_first_lines_say_that_no_model_was_asked() {
        let text = write(PROMPT, 0);
        let start: String = text.lines().take(3).collect();
        assert!(start.contains("No model was asked"), "{start}");
        assert!(
            text.starts_with("# Sample: people who drink tea\n"),
            "{text}"
        );
    }

    #[test]
    fn a_prompt_made_of_a_sample_reads_as_well() {
        let text = write(&write(PROMPT, 0), 0);
        assert!(
            text.starts_with("# Sample: people who drink tea\n"),
            "{text}"
        );
        assert!(text.contains("\n- **Tone:** dry\n"), "{text}");
    }

    #[test]
    fn the_facts_of_the_brief_are_quoted() {
        let text = write(PROMPT, 0);
        for fact in [
            "**Audience:** people who drink tea",
            "**Tone:** dry",
            "- with one joke",
        ] {
            assert!(text.contains(fact), "{fact}");
        }
    }

    #[test]
    fn each_turn_has_a_text_of_its_own() {
        let texts: std::collections::BTreeSet<_> =
            (0..TURNS).map(|turn| write(PROMPT, turn)).collect();
        assert_eq!(texts.len(), TURNS);
        assert_eq!(write(PROMPT, TURNS), write(PROMPT, 0));
    }

    #[test]
    fn the_length_stays_in_bounds() {
        let long = "Point: a value that goes on and on and on\n".repeat(500);
        for prompt in ["", PROMPT, &long, &"ü".repeat(9999)] {
            let words = write(prompt, 1).split_whitespace().count();
            assert!((150..=320).contains(&words), "{words}");
        }
    }
}
