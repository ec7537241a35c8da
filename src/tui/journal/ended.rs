//! The ends of runs that nobody saw: they are said to have broken off, and are booked by what came.
//!
//! Only for runs whose studio is over.

use crate::domain::cost::{Prices, Spent};
use crate::domain::models::{self, Place, Tariff};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, RunId};
use crate::domain::tokens;
use crate::store::journal::{Ending, Journal, JournalError, Outcome, Run};
use jiff::Timestamp;

/// An answer that never ended is said to have broken off, so that it is not offered again.
pub(super) fn settle(journal: &mut Journal, run: &Run) -> Result<(), JournalError> {
    let interrupted = Outcome {
        at: Timestamp::now(),
        ending: Ending::Finished(FinishReason::Interrupted),
        usage: None,
        model: None,
        cost: estimate(run).map(|spent| spent.usd().dollars()),
    };
    match journal.finish(run.record.id, &interrupted) {
        Err(JournalError::Missing { .. }) => Ok(()),
        done => done,
    }
}

/// What a run is likely to have cost that nobody saw the end of, by the text that is there.
fn estimate(run: &Run) -> Option<Spent> {
    let Request { model, prompt } = &run.record.request;
    let listed = models::find(model).prices;
    let prices = match &run.record.origin {
        Some(origin) => Place::of(origin, None).prices(None, listed),
        // The practice engine has no address of its own.
        None => Some(Prices::FREE),
    };
    let input = tokens::estimated(prompt).with_images(prompt).number();
    Tariff { prices, input }.so_far(run.text.len())
}

/// A run that nobody will hear of again has led to nothing.
pub(super) fn end(journal: &mut Journal, run: RunId) -> Result<(), JournalError> {
    let nothing = Outcome {
        at: Timestamp::now(),
        ending: Ending::Failed("the studio ended before any text came".to_owned()),
        usage: None,
        model: None,
        cost: None,
    };
    match journal.finish(run, &nothing) {
        // Another studio that was started at the same time was first.
        Err(JournalError::Missing { .. }) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Brief;
    use crate::domain::cost::Usd;
    use crate::domain::prompt::Prompt;
    use crate::store::journal::{Purpose, RunRecord, SessionId};
    use uuid::Uuid;

    #[test]
    fn a_run_whose_end_nobody_saw_is_booked_by_what_came() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("journal.db");
        let mut journal = Journal::open(&path).unwrap().journal;
        let mut book = |origin: Option<&str>, model: &str| {
            let id = RunId(Uuid::now_v7());
            let record = RunRecord {
                id,
                session: SessionId(Uuid::now_v7()),
                at: Timestamp::now(),
                purpose: Purpose::Generate,
                continues: None,
                together: None,
                draft: None,
                template: None,
                template_hash: None,
                brief: Brief::default(),
                provider: "openai".to_owned(),
                origin: origin.map(str::to_owned),
                request: Request {
                    model: model.to_owned(),
                    prompt: Prompt {
                        user: "word".repeat(1_000),
                        ..Prompt::default()
                    },
                },
            };
            journal.begin(&record).unwrap();
            journal.append(id, &"word".repeat(1_000)).unwrap();
            let run = journal.run(id).unwrap().unwrap();
            settle(&mut journal, &run).unwrap();
            let all = journal.ledger(Timestamp::MIN..Timestamp::MAX).unwrap();
            all.last().unwrap().spent
        };
        let usd = |dollars| Some(Spent::Estimated(Usd::new(dollars).unwrap()));
        let openai = Some("https://api.openai.com");
        assert_eq!(book(openai, "gpt-6.1-terra"), usd(0.006));
        assert_eq!(book(openai, "unheard-of"), None);
        assert_eq!(book(Some("http://127.0.0.1:9"), "gpt-6.1-terra"), usd(0.0));
    }
}
