//! Which tool a file is from, by its name, its folder and what stands in it.
//!
//! Never guesses where two tools would read the same words differently: then a person says it.

use super::tree::{self, Keys};
use super::{Format, fabric};
use serde_json::Value;

/// What a file seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// Prompts of this tool.
    Is(Format),
    /// No prompt, and why it lies there.
    Beside(&'static str),
    /// It cannot be read by anybody, and why.
    Broken(String),
    /// Nothing tells.
    Unknown,
}

/// Guesses from the path below the source and the text.
pub fn guess(path: &str, text: &str) -> Guess {
    let lower = path.to_lowercase();
    let file = lower.rsplit('/').next().unwrap_or(&lower);
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        _ if file.ends_with(".prompt.md") => Guess::Is(Format::VsCode),
        "prompt" if file.starts_with('_') => {
            Guess::Beside("a partial; write its text as a snippet")
        }
        "prompt" => Guess::Is(Format::Dotprompt),
        "yaml" | "yml" => yaml(file, text),
        "csv" => csv(text),
        "json" => json(text),
        "md" | "markdown" => markdown(&lower, file, text),
        "txt" if has_options(text) => Guess::Is(Format::LibreChat),
        "txt" => Guess::Unknown,
        _ => Guess::Beside("not a file of prompts that is known here"),
    }
}

fn yaml(file: &str, text: &str) -> Guess {
    // A broken file is read all the same, so that its error is told.
    let Ok(found) = tree::yaml(&tree::normal(text)) else {
        let roles = file.starts_with("roles.");
        return Guess::Is(if roles { Format::Aichat } else { Format::Llm });
    };
    match &found {
        Value::Array(all) if all.iter().any(|role| role.get("prompt").is_some()) => {
            Guess::Is(Format::Aichat)
        }
        Value::String(_) => Guess::Is(Format::Llm),
        Value::Object(keys) if keys.contains_key("instructions") => {
            Guess::Beside("an agent of aichat; take its instructions over by hand")
        }
        Value::Object(keys) if keys.contains_key("steps") => {
            Guess::Beside("a macro of aichat; a template is one prompt")
        }
        Value::Object(keys) if keys.contains_key("prompt") || keys.contains_key("system") => {
            Guess::Is(Format::Llm)
        }
        _ => Guess::Unknown,
    }
}

fn csv(text: &str) -> Guess {
    let header = text.lines().next().unwrap_or_default().to_lowercase();
    let mut cells = header
        .split(',')
        .map(|cell| cell.trim().trim_matches(['"', '\u{feff}']));
    let (mut act, mut prompt) = (false, false);
    for cell in &mut cells {
        act |= cell == "act";
        prompt |= cell == "prompt";
    }
    if act && prompt {
        Guess::Is(Format::PromptsChat)
    } else {
        Guess::Unknown
    }
}

fn json(text: &str) -> Guess {
    let found = match tree::json(&tree::normal(text)) {
        Ok(found) => found,
        Err(why) => return Guess::Broken(why),
    };
    if fabric::is_description(&found) {
        return Guess::Beside("what patterns are for; read along with them");
    }
    let first = match &found {
        Value::Array(all) => all.first().unwrap_or(&Value::Null),
        one => one,
    };
    let has = |key: &str| first.get(key).is_some();
    if has("command") && has("content") {
        Guess::Is(Format::OpenWebUi)
    } else if has("messages") {
        Guess::Is(Format::Parllama)
    } else if has("productionPrompt") {
        Guess::Is(Format::LibreChat)
    } else {
        Guess::Unknown
    }
}

fn markdown(path: &str, file: &str, text: &str) -> Guess {
    let below = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    match file {
        "system.md" => return Guess::Is(Format::Fabric),
        "user.md" => return Guess::Beside("fabric does not read it either"),
        "readme.md" => return Guess::Beside("it tells about the folder"),
        _ => {}
    }
    if below(".claude/commands/") {
        return Guess::Is(Format::Claude);
    }
    if below(".crush/commands/") || below("crush/commands/") {
        return Guess::Is(Format::Crush);
    }
    if below(".codex/prompts/") || below("codex/prompts/") {
        return Guess::Is(Format::Codex);
    }
    if below("aichat/roles/") {
        return Guess::Is(Format::Aichat);
    }
    let text = tree::normal(text);
    let (keys, body) = tree::loose_front(&text).unwrap_or_else(|_| (Keys::new(), text.as_ref()));
    let has = |key: &str| keys.contains_key(key);
    if has("inputs") {
        return Guess::Is(Format::Copydesk);
    }
    if has("argument-hint") || has("allowed-tools") || body.contains("$ARGUMENTS") {
        return Guess::Is(Format::Claude);
    }
    let role = has("temperature") || has("top_p") || has("use_tools");
    let marks = ["__INPUT__", "### INPUT:", "{{__os__}}", "{{__shell__}}"];
    if role || marks.iter().any(|mark| body.contains(mark)) {
        return Guess::Is(Format::Aichat);
    }
    if body.contains("${input:") || body.contains("${selection}") {
        return Guess::Is(Format::VsCode);
    }
    if has_options(body) {
        return Guess::Is(Format::LibreChat);
    }
    Guess::Unknown
}

/// Whether a variable with options stands in a text.
fn has_options(text: &str) -> bool {
    let mut parts = text.split("{{").skip(1);
    parts.any(|part| {
        let inner = part.split("}}").next().unwrap_or_default();
        let word = inner
            .split_once(':')
            .map(|(name, options)| (name.trim(), options));
        word.is_some_and(|(name, options)| {
            inner.len() < 500 && options.contains('|') && super::braces::is_name(name)
        })
    })
}
