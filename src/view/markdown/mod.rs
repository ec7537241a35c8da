//! Markdown as styled lines, with closed blocks kept.
