//! A variant as its text arrives: what each event of its run makes of it.
//!
//! Text that goes on with another is joined to it here, and nowhere else.

use super::{Phase, Variant};
use crate::app::msg::Now;
use crate::domain::run::{StreamEvent, correct};
use crate::domain::seam::Came;

impl Variant {
    /// Takes the text anew from what it goes on with and what was written.
    pub(super) fn join(&mut self) {
        let Some(seam) = &self.seam else { return };
        let text = seam.text(Came::in_part(self.is_running() || self.is_partial()));
        if !text.starts_with(&self.text) {
            self.corrections += 1;
        }
        self.text = text;
    }

    pub(super) fn on_event(&mut self, now: Now, event: StreamEvent) {
        self.heard = now;
        match event {
            StreamEvent::Started { model } => {
                self.model = Some(model).filter(|model| !model.is_empty());
                if matches!(self.phase, Phase::Loading { .. }) {
                    self.phase = Phase::Connecting { retry: None };
                }
            }
            StreamEvent::Delta(text) => {
                self.first_text.get_or_insert(now);
                self.phase = Phase::Streaming;
                match &mut self.seam {
                    None => self.text.push_str(&text),
                    Some(seam) => match seam.push(&text) {
                        Some(more) => self.text.push_str(more),
                        None => self.join(),
                    },
                }
            }
            StreamEvent::Corrected { keep, text } => {
                match &mut self.seam {
                    None => correct(&mut self.text, keep, &text),
                    Some(seam) => seam.correct(keep, &text),
                }
                self.join();
                self.corrections += 1;
            }
            StreamEvent::Reasoning(text) => {
                self.phase = Phase::Streaming;
                self.reasoning.push(&text);
            }
            StreamEvent::Refusal(text) => self.refusal.push_str(&text),
            StreamEvent::Finished(finish) => {
                self.usage = finish.usage.or(self.usage);
                self.end(now, Phase::Done(finish.reason));
            }
        }
    }
}
