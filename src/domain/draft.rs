//! Drafts: a Markdown body and front matter that records where it came from.
