//! Finding text: plain, ignoring case, wrapping around at the end. Never moves the cursor.

use super::Document;
use super::wrap::{char_boundary_before, line_count, line_range, read};
use std::ops::Range;

impl Document {
    /// The next place at or after `from` where `needle` stands, ignoring case; after the end the
    /// search goes on from the start. A needle with a line break finds nothing.
    pub fn find(&self, needle: &str, from: usize) -> Option<Range<usize>> {
        let needle: Vec<char> = needle.chars().flat_map(char::to_lowercase).collect();
        if needle.is_empty() {
            return None;
        }
        let first = self
            .rope
            .line_of_byte(char_boundary_before(&self.rope, from));
        let lines = line_count(&self.rope);
        let hits = |line| self.hits_in_line(line, &needle);
        let ahead = hits(first).into_iter().find(|hit| hit.start >= from);
        ahead
            .or_else(|| (first + 1..lines).find_map(|line| hits(line).into_iter().next()))
            .or_else(|| (0..=first).find_map(|line| hits(line).into_iter().next()))
    }

    fn hits_in_line(&self, line: usize, needle: &[char]) -> Vec<Range<usize>> {
        let range = line_range(&self.rope, line);
        let text = read(&self.rope, range.clone());
        let starts = text.char_indices().map(|(at, _)| at);
        starts
            .filter_map(|at| {
                let end = at + match_length(&text[at..], needle)?;
                Some(range.start + at..range.start + end)
            })
            .collect()
    }
}

/// Bytes at the start of `text` that are `needle` (already in lower case).
fn match_length(text: &str, needle: &[char]) -> Option<usize> {
    let mut wanted = needle.iter();
    for (at, c) in text.char_indices() {
        if wanted.as_slice().is_empty() {
            return Some(at);
        }
        for lower in c.to_lowercase() {
            if wanted.next() != Some(&lower) {
                return None;
            }
        }
    }
    wanted.as_slice().is_empty().then_some(text.len())
}
