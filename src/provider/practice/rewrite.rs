//! What the practice engine answers when it is asked to rewrite a part.
//!
//! Changes the part by a few plain rules and says in it that it is a sample, so that a review can
//! be tried without a model. Pure, and the same for the same prompt.

/// Words that can go, and words for which there are plainer ones.
const PLAINER: [(&str, &str); 16] = [
    ("very", ""),
    ("really", ""),
    ("quite", ""),
    ("just", ""),
    ("basically", ""),
    ("actually", ""),
    ("utilize", "use"),
    ("utilise", "use"),
    ("commence", "begin"),
    ("approximately", "about"),
    ("numerous", "many"),
    ("however", "but"),
    ("purchase", "buy"),
    ("demonstrate", "show"),
    ("additional", "more"),
    ("big", "large"),
];

/// What stands behind the last sentence.
const SIGN: &str = "*(Sample from the practice engine: no model was asked.)*";

/// The answer to a prompt that marks a part; `None` for any other prompt.
pub(super) fn write(prompt: &str) -> Option<String> {
    let start = prompt.rfind("<part>\n")? + "<part>\n".len();
    let length = prompt[start..].find("\n</part>")?;
    let part = &prompt[start..start + length];
    if part.trim().is_empty() {
        return None;
    }
    if prompt.contains("Go on writing behind the part") {
        return Some(format!(
            "Here the text would go on from where it stands. {SIGN}"
        ));
    }
    let mut lines: Vec<String> = part.lines().map(plainer).collect();
    if lines == part.lines().collect::<Vec<_>>() {
        lines = part.lines().map(turned).collect();
    }
    let mut text = lines.join("\n");
    if text == part {
        text = joined(part);
    }
    let in_code = part.trim_start().starts_with("```");
    let gap = if text.trim_start().starts_with('#') || in_code {
        "\n\n"
    } else {
        " "
    };
    Some(format!("{text}{gap}{SIGN}"))
}

/// A line without the words that can go, and with the plainer ones.
fn plainer(line: &str) -> String {
    let words = line.split(' ').filter_map(|word| {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let known = PLAINER
            .iter()
            .find(|(old, _)| core.eq_ignore_ascii_case(old));
        match known {
            Some((_, "")) if core == word => None,
            Some((_, new)) if !new.is_empty() => {
                Some(word.replacen(core, &as_written(core, new), 1))
            }
            _ => Some(word.to_owned()),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `new` with a capital where `old` has one.
fn as_written(old: &str, new: &str) -> String {
    let mut chars = new.chars();
    match chars.next() {
        Some(first) if old.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => new.to_owned(),
    }
}

/// A line whose ends of sentences are set otherwise, for parts that offer nothing else.
fn turned(line: &str) -> String {
    line.replace(", and ", " and ").replace("; ", ", ")
}

/// The first two sentences as one, for parts that offer nothing but that, so that there is more
/// than the signature to decide about.
fn joined(part: &str) -> String {
    let end = part.match_indices(". ").map(|(at, _)| at).find(|at| {
        let before = part[..*at].chars().next_back();
        let behind = part[*at + 2..].chars().next();
        before.is_some_and(char::is_alphabetic) && behind.is_some_and(char::is_uppercase)
    });
    end.map_or_else(
        || part.to_owned(),
        |at| format!("{} – {}", &part[..at], &part[at + 2..]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(part: &str) -> String {
        let prompt = format!("Do it.\n\nThe part:\n\n<part>\n{part}\n</part>\n\n- Rules.");
        write(&prompt).unwrap()
    }

    #[test]
    fn a_part_comes_back_changed_and_says_that_it_is_a_sample() {
        let text = asked("It is a very big house.\n\nHowever, numerous people really like it.");
        assert!(
            text.starts_with("It is a large house.\n\nBut, many people like it. *(Sample"),
            "{text}"
        );
        assert!(asked("# Title").starts_with("# Title\n\n*(Sample"));
    }

    #[test]
    fn a_part_of_two_sentences_is_changed_in_two_places() {
        let text = asked("Tea is hot. Ice is cold. Both are fine.");
        assert!(
            text.starts_with("Tea is hot – Ice is cold. Both are fine. *("),
            "{text}"
        );
        assert!(asked("Tea is hot.").starts_with("Tea is hot. *("));
    }

    #[test]
    fn any_other_prompt_is_not_its_business() {
        assert_eq!(write("Write a post about <part> and </part>."), None);
        assert_eq!(write("<part>\n \n</part>"), None);
    }
}
