//! Work that is under way: every run, whatever it is for.
//!
//! Owns no run: they stand where their text goes.

use super::App;
use super::output::Variant;

impl App {
    /// Every run of this session, those of parts and questions included.
    pub(super) fn runs(&self) -> impl Iterator<Item = &Variant> {
        let variants = self.output.variants.iter();
        variants
            .chain(self.refines.answers())
            .chain(self.asks.answers())
    }
}
