//! What can be read off a model's id: its vendor, its release, its kind, its vocabulary.
//!
//! By patterns, never by lists of ids: there is a new one every week.

/// Who stands before the id where many vendors are served from one place.
const VENDORS: [&str; 8] = [
    "models/",
    "openai/",
    "anthropic/",
    "google/",
    "deepseek/",
    "mistralai/",
    "azure/",
    "~openai/",
];

/// Parts of the ids of models that write no text.
const NO_TEXT: [&str; 30] = [
    "embed",
    "tts",
    "whisper",
    "transcribe",
    "dall-e",
    "image",
    "sora",
    "moderation",
    "realtime",
    "rerank",
    "speech",
    "veo-",
    "imagen",
    "lyria",
    "audio",
    "voxtral",
    "orpheus",
    "davinci-002",
    "babbage-002",
    "ocr",
    "bge-",
    "nomic-",
    "minilm",
    "stable-diffusion",
    "flux",
    "guard",
    "gpt-live",
    "-live-",
    "aqa",
    "clip",
];

/// The names that an id may have in the table, best first: as it is, then without its vendor.
pub(super) fn spellings(id: &str) -> impl Iterator<Item = &str> {
    let bare = VENDORS.iter().find_map(|vendor| id.strip_prefix(vendor));
    [Some(id), bare].into_iter().flatten()
}

/// An id without what tells releases apart: `-2026-11-17`, `-20261117`, `-latest`.
pub(super) fn undated(id: &str) -> Option<&str> {
    if let Some(base) = id.strip_suffix("-latest") {
        return Some(base);
    }
    let dated = |shape: &[u8]| {
        let start = id.len().checked_sub(shape.len())?;
        let (base, tail) = (id.get(..start)?, id.as_bytes().get(start..)?);
        let fits = tail.iter().zip(shape).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        });
        (fits && !base.is_empty()).then_some(base)
    };
    dated(b"-0000-00-00").or_else(|| dated(b"-00000000"))
}

/// The model that one made by fine tuning began as: `ft:gpt-4o-mini:acme::x` → `gpt-4o-mini`.
pub(super) fn tuned_from(id: &str) -> Option<&str> {
    id.strip_prefix("ft:")?.split(':').next()
}

/// Whether a model with this id writes text.
pub fn is_text(id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    !NO_TEXT.iter().any(|part| id.contains(part))
}

/// A list of the pieces that a family of models cuts text into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// OpenAI's from gpt-4o on.
    O200k,
    /// OpenAI's before.
    Cl100k,
}

/// The vocabulary of a model, where it is known to have one of those that can be counted with.
pub fn vocabulary(id: &str) -> Option<Vocabulary> {
    let id = spellings(id).last()?;
    let id = tuned_from(id).unwrap_or(id);
    let starts = |with: &[&str]| with.iter().any(|prefix| id.starts_with(prefix));
    let numbered = id.strip_prefix('o').and_then(|rest| rest.bytes().next());
    if starts(&[
        "gpt-4o",
        "gpt-4.1",
        "gpt-4.5",
        "gpt-5",
        "gpt-6",
        "chatgpt-4o",
    ]) || numbered.is_some_and(|byte| byte.is_ascii_digit())
    {
        return Some(Vocabulary::O200k);
    }
    starts(&["gpt-4", "gpt-3.5"]).then_some(Vocabulary::Cl100k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_told_from_its_model() {
        for (id, base) in [
            ("gpt-6-luna-2026-11-03", Some("gpt-6-luna")),
            ("claude-haiku-4-5-20251001", Some("claude-haiku-4-5")),
            ("chatgpt-4o-latest", Some("chatgpt-4o")),
            ("gpt-6-luna", None),
            ("gpt-4-0613", None),
            ("-2026-11-03", None),
            ("é-2026-11-03", Some("é")),
            ("", None),
        ] {
            assert_eq!(undated(id), base, "{id}");
        }
    }

    #[test]
    fn what_writes_no_text_is_told_by_its_name() {
        for id in [
            "gpt-6-luna",
            "llama3.2",
            "o3",
            "mistral-small-latest",
            "qwen/qwen3.8-27b",
        ] {
            assert!(is_text(id), "{id}");
        }
        for id in [
            "text-embedding-3-small",
            "TTS-1",
            "gpt-4o-transcribe",
            "gpt-image-2.6-flare",
        ] {
            assert!(!is_text(id), "{id}");
        }
    }

    #[test]
    fn a_vocabulary_is_only_told_where_it_is_known() {
        for (id, vocabulary_of_it) in [
            ("gpt-6.1-terra", Some(Vocabulary::O200k)),
            ("openai/gpt-4o-mini", Some(Vocabulary::O200k)),
            ("ft:gpt-4o:acme::1", Some(Vocabulary::O200k)),
            ("o3-mini", Some(Vocabulary::O200k)),
            ("gpt-4-turbo", Some(Vocabulary::Cl100k)),
            ("gpt-3.5-turbo", Some(Vocabulary::Cl100k)),
            ("openai/gpt-oss-20b", None),
            ("olmo", None),
            ("llama3.2", None),
        ] {
            assert_eq!(vocabulary(id), vocabulary_of_it, "{id}");
        }
    }
}
