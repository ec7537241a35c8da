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
