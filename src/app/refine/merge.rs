//! Merging a variant into the draft: what it would change, to be taken or left one by one.
//!
//! The review is that of a rewritten part, and the part is the whole text. The variant stays in the
//! Output pane whatever is decided.

use super::{Job, Part, Ready, Stage, stand};
use crate::app::comparison::Side;
use crate::app::editor::Tab;
use crate::app::effect::Effect;
use crate::app::save::Place;
use crate::app::{App, Pane, Weight};
use crate::domain::refine::{Anchor, Changes, trimmed};
use crate::domain::run::RunId;
use crate::domain::text::stored;

/// What is said where a rewritten part would be asked for once more.
pub(super) const MERGED: &str = "a variant is merged as it is; R in the Output pane writes another";

impl App {
    /// Begins to decide about what the variant shown would change in the draft.
    pub(in crate::app) fn merge(&mut self) -> Vec<Effect> {
        let Some(variant) = self.output.shown() else {
            return self.tell(Weight::Note, "nothing to merge yet; ctrl+g generates");
        };
        if variant.is_running() {
            let told = "still being written; esc stops it, then m merges what is there";
            return self.tell(Weight::Note, told);
        }
        let (run, target) = (variant.run, stored(&variant.text).trim().to_owned());
        if target.is_empty() {
            return self.tell(Weight::Note, "this variant has no text");
        }
        if self.editor.tab == Tab::Prompt {
            self.show_tab(Tab::Draft);
        }
        if self.is_locked() {
            return self.refuse_to_edit();
        }
        let document = &self.editor.document;
        let text = document.text();
        let Some(range) = trimmed(&text, 0..text.len()) else {
            return self.tell(Weight::Note, "the draft is empty; enter uses the variant");
        };
        let target = if text.contains("\r\n") {
            target.replace('\n', "\r\n")
        } else {
            target
        };
        if text[range.clone()] == target {
            return self.tell(Weight::Note, "the draft says the same");
        }
        let mut effects = self.leave_review();
        if let Some(refused) = self.clear_for_merge(run, &range) {
            effects.extend(refused);
            return effects;
        }
        let title = format!("Variant {}", self.output.number());
        if self.refines.job(run).is_none() {
            self.add_merge(
                run,
                title,
                Anchor::new(range, self.editor.document.snapshot()),
                target,
            );
        }
        self.focus_on(Pane::Editor);
        effects.extend(self.begin_review(run));
        effects
    }

    /// Begins to decide about what the variant shown would change in another text. Another variant
    /// becomes the draft first, as if it was used: what that replaces is a version.
    pub(in crate::app) fn merge_into(&mut self, side: Side) -> Vec<Effect> {
        let Side::Variant(base) = side else {
            return self.merge();
        };
        let variants = &self.output.variants;
        let place = variants.iter().position(|variant| variant.run == base);
        let (Some(place), Some(shown)) = (place, self.output.shown()) else {
            return Vec::new();
        };
        let base = &variants[place];
        if base.is_running() || shown.is_running() {
            let told = "one of them is still being written; esc stops it, then m merges the two";
            return self.tell(Weight::Note, told);
        }
        if stored(&base.text).trim() == stored(&shown.text).trim() {
            return self.tell(Weight::Note, "both say the same");
        }
        let merged = self.output.current;
        self.output.show(place);
        let mut effects = self.use_variant(Place::Whole);
        self.output.show(merged);
        effects.extend(self.merge());
        effects
    }

    /// Lets go of other merges into the draft; says why what else waits there comes first.
    fn clear_for_merge(
        &mut self,
        run: RunId,
        range: &std::ops::Range<usize>,
    ) -> Option<Vec<Effect>> {
        let jobs = self.refines.jobs.iter();
        let here = jobs.filter(|job| job.is_merge() && job.run != run);
        let merges: Vec<RunId> = here
            .filter(|job| job.is_in(&self.editor))
            .map(|job| job.run)
            .collect();
        for merge in merges {
            self.refines.drop_job(merge);
        }
        // The same variant may wait in another draft, or for a text that is gone.
        let stale = self.refines.job(run).is_some_and(|job| {
            job.is_merge() && !(job.is_in(&self.editor) && job.anchor.range().is_some())
        });
        if stale {
            self.refines.drop_job(run);
        }
        let mut jobs = self.refines.jobs.iter();
        let other = jobs
            .find(|job| job.run != run && job.is_in(&self.editor) && job.anchor.overlaps(range))?;
        let told = if other.ready().is_some() {
            "a rewritten part waits in the draft; ctrl+k decides about it first"
        } else {
            "a part of the draft is being rewritten; wait for it, or esc in the Editor stops it"
        };
        Some(self.tell(Weight::Note, told))
    }

    fn add_merge(&mut self, run: RunId, title: String, anchor: Anchor, target: String) {
        let revision = self.editor.document.revision();
        let sent = stand(&self.editor.document);
        let changes = Changes::between(anchor.text(), &target);
        self.refines.jobs.push(Job {
            run,
            title,
            anchor,
            stage: Stage::Ready(Ready {
                target,
                changes,
                flaw: None,
                nothing: None,
            }),
            draft: self.editor.id,
            key: self.editor.draft_key(),
            seen: (self.editor.id, revision),
            sent,
            of: Part::Merged,
            step: None,
            taken: false,
            kept: None,
        });
    }
}
