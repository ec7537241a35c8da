//! The templates inside the binary: names and sources, nothing else.

/// Name and source of every shipped template, by name.
pub const SHIPPED: &[(&str, &str)] = &[
    ("alt-text", include_str!("../../templates/alt-text.md")),
    ("blog-post", include_str!("../../templates/blog-post.md")),
    ("cold-email", include_str!("../../templates/cold-email.md")),
    (
        "cover-letter",
        include_str!("../../templates/cover-letter.md"),
    ),
    (
        "email-reply",
        include_str!("../../templates/email-reply.md"),
    ),
    (
        "headline-ideas",
        include_str!("../../templates/headline-ideas.md"),
    ),
    ("job-ad", include_str!("../../templates/job-ad.md")),
    (
        "landing-page",
        include_str!("../../templates/landing-page.md"),
    ),
    (
        "meeting-summary",
        include_str!("../../templates/meeting-summary.md"),
    ),
    ("newsletter", include_str!("../../templates/newsletter.md")),
    (
        "plain-language",
        include_str!("../../templates/plain-language.md"),
    ),
    (
        "press-release",
        include_str!("../../templates/press-release.md"),
    ),
    (
        "product-description",
        include_str!("../../templates/product-description.md"),
    ),
    (
        "recommendations",
        include_str!("../../templates/recommendations.md"),
    ),
    (
        "release-notes",
        include_str!("../../templates/release-notes.md"),
    ),
    (
        "social-posts",
        include_str!("../../templates/social-posts.md"),
    ),
    ("translate", include_str!("../../templates/translate.md")),
    (
        "tutorial-outline",
        include_str!("../../templates/tutorial-outline.md"),
    ),
];

/// Name and source of every shipped template that rewrites a part of a draft, as a list offers
/// them: what people ask for most comes first.
pub const VERBS: &[(&str, &str)] = &[
    (
        "refine/shorten",
        include_str!("../../templates/refine/shorten.md"),
    ),
    (
        "refine/expand",
        include_str!("../../templates/refine/expand.md"),
    ),
    (
        "refine/grammar",
        include_str!("../../templates/refine/grammar.md"),
    ),
    (
        "refine/simplify",
        include_str!("../../templates/refine/simplify.md"),
    ),
    (
        "refine/tone",
        include_str!("../../templates/refine/tone.md"),
    ),
    (
        "refine/translate",
        include_str!("../../templates/refine/translate.md"),
    ),
    (
        "refine/continue",
        include_str!("../../templates/refine/continue.md"),
    ),
    (
        "refine/custom",
        include_str!("../../templates/refine/custom.md"),
    ),
];

/// Name and source of the shipped template that a question about a draft is put into.
pub const QUESTIONS: &[(&str, &str)] =
    &[("ask/answer", include_str!("../../templates/ask/answer.md"))];

/// The shipped templates as a list offers them: the ones most people come for first.
pub const ORDER: [&str; 18] = [
    "blog-post",
    "email-reply",
    "cold-email",
    "release-notes",
    "newsletter",
    "social-posts",
    "meeting-summary",
    "plain-language",
    "translate",
    "product-description",
    "landing-page",
    "press-release",
    "headline-ideas",
    "tutorial-outline",
    "job-ad",
    "cover-letter",
    "recommendations",
    "alt-text",
];

/// Where a list offers a shipped template: among those that are filled in, then among those that
/// rewrite a part or answer a question.
pub fn rank(name: &str) -> Option<usize> {
    let verbs = VERBS.iter().chain(QUESTIONS).map(|(verb, _)| *verb);
    ORDER
        .into_iter()
        .chain(verbs)
        .position(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_names_every_shipped_template() {
        let mut ordered = ORDER;
        ordered.sort_unstable();
        let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
        assert_eq!(ordered.as_slice(), names);
    }
}
