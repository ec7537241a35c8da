//! The box with the statistics of a text. What it shows was counted off the path of keys.

use crate::app::App;
use crate::app::dialog::{Dialog, Outcome};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::domain::statistics::Statistics;

/// Words and sentences of a text.
#[derive(Debug)]
pub struct StatisticsBox {
    /// What was counted.
    pub statistics: Statistics,
    /// Words aimed at.
    pub target_words: Option<usize>,
}

impl StatisticsBox {
    /// Takes a key.
    pub(in crate::app) const fn key(key: Key) -> Outcome {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q') => Outcome::Close,
            _ => Outcome::Stay,
        }
    }
}

impl App {
    /// Asks for the statistics of what is selected, else of the whole text.
    pub(super) fn measure_text(&mut self) -> Vec<Effect> {
        let document = match self.editor.written() {
            Some(document) => document,
            None => &mut self.editor.document,
        };
        let (text, within) = (document.snapshot(), document.selection());
        vec![Effect::Measure { text, within }]
    }

    /// Shows what was counted.
    pub(in crate::app) fn on_statistics(&mut self, statistics: Statistics) -> Vec<Effect> {
        let target_words = self.editor.target_words;
        self.dialogs
            .push(Dialog::Statistics(Box::new(StatisticsBox {
                statistics,
                target_words,
            })));
        Vec::new()
    }
}
