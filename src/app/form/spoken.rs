//! What is dictated into a field.

use super::{Content, Form};

impl Form {
    /// Puts words at the cursor of a field, as one undo step; false where no such field takes text.
    pub(in crate::app) fn put_words(&mut self, input: &str, words: &str, at: u64) -> bool {
        let mut fields = self.fields.iter_mut();
        let field = fields.find(|field| field.input.name == input);
        let Some((field, Content::Text(entry))) =
            field.map(|it| (&mut it.problem, &mut it.content))
        else {
            return false;
        };
        *field = None;
        self.before = None;
        entry.put_words(words, at);
        true
    }
}
