//! Several variants in one run: as many requests at once as the settings allow, their texts in order.
//!
//! The first is shown as it arrives, the others when they are whole and all before them are shown.
//! One that fails leaves the others as they are. An end by the person ends all of them.

use super::kept::{Kept, keep};
use super::{Asked, Job, RunArgs, bill, outcome, record_of, report, runtime, verdict};
use crate::cli::Outcome;
use crate::cli::interruption::interruption;
use crate::cli::outlet::{Outlet, Reader};
use crate::cli::receive::{self, Answer, Order, Show};
use crate::cli::record::{Delivery, Record};
use crate::cli::report::{Report, Reports};
use crate::cli::spending::{self, Bill};
use crate::config::keychain::Keychain;
use crate::config::variable;
use crate::domain::cost::{Spent, Usd};
use crate::domain::failure::{Failure, FailureKind};
use crate::store::Paths;
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// What parts two texts in a pipe or file. A model cannot write it: what is stored of its text has
/// marks in place of control characters.
const SEPARATOR: &str = "\u{c}\n";

/// A file among several that one name stands for: `post.md` becomes `post-2.md`.
pub(super) fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// Everything that stays the same from one variant to the next.
#[derive(Clone, Copy)]
struct Desk<'d> {
    paths: &'d Paths,
    args: &'d RunArgs,
    job: &'d Job,
    outlet: &'d Outlet,
}

/// What came of one variant.
struct Ended {
    /// Its place, from 0.
    place: usize,
    answer: Answer,
    /// The journal's part of it; none when it was never sent.
    record: Option<Record>,
}

/// All that was told and kept so far.
#[derive(Default)]
struct Progress {
    reports: Vec<Report>,
    failures: Vec<Option<Failure>>,
    costs: Vec<Option<Spent>>,
    /// Some text came.
    has_text: bool,
    /// Text so far ends in the middle of a line.
    in_line: bool,
    way: Way,
}

/// Whether texts still go somewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Way {
    /// As far as is known.
    #[default]
    Open,
    /// Not to stdout any more, but they are kept.
    Kept,
    /// Nowhere, so that no more of them is wanted.
    Closed,
}

/// Sends all of them.
pub(super) fn send(paths: &Paths, args: &RunArgs, job: &Job, outlet: &Outlet) -> Outcome {
    let desk = Desk {
        paths,
        args,
        job,
        outlet,
    };
    let bills: Vec<Bill<'_>> = job
        .all
        .iter()
        .map(|asked| bill(paths, job, asked))
        .collect();
    spending::within(&bills, job.budget, job.target_words)?;
    let progress = runtime()?.block_on(desk.converse());
    desk.conclude(progress)
}

impl Desk<'_> {
    /// Talks to the server about all of them, and takes what came of each in order.
    async fn converse(self) -> Progress {
        let turns = Semaphore::new(usize::from(self.job.settings.variants.at_once));
        let (leave, left) = watch::channel(false);
        let all = self.job.all.iter().enumerate();
        let mut answers: FuturesOrdered<_> = all
            .map(|asked| self.receive(asked, &turns, left.clone()))
            .collect();
        let mut progress = Progress::default();
        while let Some(ended) = answers.next().await {
            self.take(ended, &mut progress).await;
            if progress.way == Way::Closed {
                // Nobody is left to hear of it when all have ended.
                let _heard = leave.send(true);
            }
        }
        progress
    }

    /// Receives one of them when its turn comes.
    async fn receive(
        self,
        (place, asked): (usize, &Asked),
        turns: &Semaphore,
        mut left: watch::Receiver<bool>,
    ) -> Ended {
        let unsent = |answer| Ended {
            place,
            answer,
            record: None,
        };
        let turn = tokio::select! {
            // What ends all of them counts before a turn that it makes free.
            biased;
            kind = interruption() => return unsent(Answer::failed(Failure::new(kind, kind.name()))),
            _ = left.wait_for(|left| *left) => return unsent(deserted()),
            turn = turns.acquire() => turn,
        };
        let job = self.job;
        let (record, begun) = Record::begin(self.paths, record_of(job, asked));
        let order = Order {
            settings: &job.settings,
            provider: &job.provider,
            keychain: Keychain::new(Arc::new(self.paths.clone()), variable),
            request: &asked.request,
            show: self.show(place),
            begun,
            label: self.label(place),
        };
        let answer = tokio::select! {
            biased;
            _ = left.wait_for(|left| *left) => deserted(),
            received = receive::receive(order, self.outlet, &record) => {
                received.unwrap_or_else(Answer::failed)
            }
        };
        drop(turn);
        Ended {
            place,
            answer,
            record: Some(record),
        }
    }

    /// Whether texts go to stdout.
    const fn shows(self) -> bool {
        !self.args.json && self.args.output.is_none()
    }

    /// What stdout gets of a text while it arrives.
    const fn show(self, place: usize) -> Show {
        match (self.shows() && place == 0, self.args.save) {
            (false, _) => Show::Nothing,
            (true, false) => Show::OrEnd,
            (true, true) => Show::WhilePossible,
        }
    }

    /// Which of them it is, as lines about it begin.
    fn label(self, place: usize) -> String {
        let (number, of) = (place + 1, self.job.all.len());
        let model = self.job.all.get(place).map(|asked| &asked.request.model);
        let model = model.map(String::as_str).unwrap_or_default();
        format!("variant {number} of {of} ({model}): ")
    }

    /// Shows and keeps what came of one; all before it were.
    async fn take(self, ended: Ended, progress: &mut Progress) {
        let Ended {
            place,
            mut answer,
            record,
        } = ended;
        let Some(asked) = self.job.all.get(place) else {
            return;
        };
        answer.cost = bill(self.paths, self.job, asked).cost(&answer);
        let (kept, unkept) = match keep(self.paths, (self.job, asked), &answer) {
            Ok(kept) => (kept, None),
            Err(failure) => (None, Some(failure)),
        };
        let shown = self.print(place, &mut answer, progress);
        progress.in_line = !answer.text.is_empty() && !answer.text.ends_with('\n');
        progress.has_text |= !answer.text.is_empty();
        let label = self.label(place);
        if let Some(kept) = &kept {
            Outlet::complain(&format!("saved {}", kept.path.display()));
        }
        let homeless = unkept.is_some();
        let failure = unkept
            .or_else(|| verdict(&answer))
            .or_else(|| answer.unshown.clone())
            .filter(|_| !answer.deserted);
        if let Some(failure) = failure.as_ref().filter(|it| !it.kind.is_interruption()) {
            Outlet::complain(&format!("copydesk: {label}{failure}"));
        }
        if self.args.json {
            let path = kept.as_ref().map(|kept| kept.path.display().to_string());
            let report = report((self.job, asked), &answer, path, failure.as_ref());
            progress.reports.push(report);
        }
        let has_home = kept.is_some() || self.args.json || shown;
        let delivery = if has_home && !homeless {
            Delivery::Done
        } else {
            Delivery::Failed
        };
        progress.costs.push(answer.cost);
        progress.failures.push(failure);
        if let Some(record) = record {
            let draft = kept.and_then(|Kept { draft, .. }| draft);
            record.end(outcome(&answer), draft, delivery).await;
        }
    }

    /// Writes a text to stdout, if it goes there and is not there yet. True when it is.
    fn print(self, place: usize, answer: &mut Answer, progress: &mut Progress) -> bool {
        if !self.shows() || progress.way != Way::Open {
            return false;
        }
        let printed = if place == 0 {
            match &answer.unshown {
                Some(failure) => Err(failure.clone()),
                None if answer.deserted => Ok(Reader::Gone),
                None => Ok(Reader::There),
            }
        } else {
            self.part(place, progress)
                .and_then(|_| self.outlet.offer_text(&answer.text))
                .and_then(|_| self.end_line(&answer.text))
        };
        let shown = matches!(printed, Ok(Reader::There));
        if !shown {
            // Drafts are kept whether anybody reads along or not.
            progress.way = if self.args.save {
                Way::Kept
            } else {
                Way::Closed
            };
        }
        match printed {
            Ok(Reader::Gone) if !self.args.save => answer.deserted = true,
            Err(failure) => answer.unshown = Some(failure),
            Ok(_) => {}
        }
        shown
    }

    /// A person's prompt begins in a line of its own.
    fn end_line(self, text: &str) -> Result<Reader, Failure> {
        if self.outlet.is_terminal() && !text.is_empty() && !text.ends_with('\n') {
            return self.outlet.offer(b"\n");
        }
        Ok(Reader::There)
    }

    /// Parts this text from the one before it.
    fn part(self, place: usize, progress: &Progress) -> Result<Reader, Failure> {
        if self.outlet.is_terminal() {
            let label = self.label(place);
            let line = format!("\n── {} ──\n\n", label.trim_end_matches(": "));
            return self.outlet.offer_text(&line);
        }
        let end = if progress.in_line { "\n" } else { "" };
        self.outlet.offer(format!("{end}{SEPARATOR}").as_bytes())
    }

    /// What all of it comes to.
    fn conclude(self, progress: Progress) -> Outcome {
        let costs = progress.costs.iter();
        let estimated = costs.clone().flatten().any(|spent| spent.is_estimated());
        let cost: Option<Usd> = costs.map(|spent| Some((*spent)?.usd())).sum();
        let failure = summary(&progress);
        if self.args.json {
            let reports = Reports {
                variants: progress.reports,
                cost,
                cost_is_estimate: estimated,
                error: failure.as_ref().map(Into::into),
            };
            self.outlet.json(&reports)?;
            return Ok(failure.map_or(0, |failure| failure.kind.exit_code()));
        }
        if !self.job.provider.is_practice() && std::io::stderr().is_terminal() {
            let told = cost.map_or("cost n/a".to_owned(), |cost| cost.to_string());
            let count = self.job.all.len();
            Outlet::complain(&format!("copydesk: {count} variants · {told}"));
        }
        if progress.way == Way::Closed && progress.failures.iter().all(Option::is_none) {
            return Ok(0);
        }
        failure.map_or(Ok(0), Err)
    }
}

/// An answer that nobody waits for any more.
fn deserted() -> Answer {
    Answer {
        deserted: true,
        ..Answer::default()
    }
}

/// How all of them ended, in one sentence; `None` when all is well.
fn summary(progress: &Progress) -> Option<Failure> {
    let of = progress.failures.len();
    let failed: Vec<&Failure> = progress.failures.iter().flatten().collect();
    let first = failed.first()?;
    if let Some(ended) = failed.iter().find(|it| it.kind.is_interruption()) {
        return Some((*ended).clone());
    }
    if failed.len() == of && failed.iter().all(|it| it.kind == first.kind) {
        let all = format!("none of the {of} variants came to its end");
        return Some(Failure::new(first.kind, all).advice(first.advice.clone()));
    }
    let kind = if progress.has_text {
        FailureKind::Partial
    } else {
        first.kind
    };
    let some = match failed.len() {
        1 => format!("1 of {of} variants did not come to its end"),
        count => format!("{count} of {of} variants did not come to their end"),
    };
    Some(Failure::new(kind, some).advice("see above for each; the others are whole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_goes_in_front_of_the_extension() {
        for (path, second) in [
            ("post.md", "post-2.md"),
            ("out/post", "out/post-2"),
            ("a.b/c.tar.gz", "a.b/c.tar-2.gz"),
            (".hidden", ".hidden-2"),
        ] {
            assert_eq!(numbered(Path::new(path), 2), Path::new(second));
        }
    }

    #[test]
    fn the_exit_code_says_whether_all_some_or_none_failed() {
        use FailureKind as K;
        let code = |kinds: &[Option<K>], has_text| {
            let failures = kinds
                .iter()
                .map(|kind| kind.map(|it| Failure::new(it, "x")));
            let progress = Progress {
                failures: failures.collect(),
                has_text,
                ..Progress::default()
            };
            summary(&progress).map_or(0, |failure| failure.kind.exit_code())
        };
        assert_eq!(code(&[None, None], true), 0);
        assert_eq!(code(&[None, Some(K::Refused)], true), 6);
        assert_eq!(code(&[Some(K::Refused), Some(K::Refused)], false), 4);
        assert_eq!(code(&[Some(K::Refused), Some(K::Network)], false), 4);
        assert_eq!(code(&[Some(K::Network), Some(K::Partial)], true), 6);
        assert_eq!(code(&[None, Some(K::Interrupted)], true), 130);
    }
}
