//! Looking up runs of any session: a page of the list, or one with its text.
//!
//! Changes nothing, and takes nothing from whoever has it.

use super::left::{refused, with_schema};
use super::over::Over;
use crate::app::msg::{Msg, Now};
use crate::app::output::Brought;
use crate::app::switcher::runs::{Aim, Fact, Line};
use crate::app::switcher::texts::{End, Found, Part, Said, Whose};
use crate::domain::query::Query;
use crate::domain::run::RunId;
use crate::store::Paths;
use crate::store::journal::{Journal, JournalError, SessionId};
use jiff::Zoned;

/// Runs that are read in one go: few enough for whoever waits to be written meanwhile.
const PAGE: usize = 200;

/// Some lines of the list of runs, and where the list goes on.
type Page = (Vec<Line>, Option<RunId>);

/// The lines of the newest runs, or of the newest that were begun before another.
pub(super) fn page(
    journal: &Journal,
    paths: &Paths,
    own: SessionId,
    before: Option<RunId>,
) -> Result<Page, JournalError> {
    let mut over = Over::new(paths, own);
    let listed = journal.listed(PAGE, before)?;
    let last = listed.last().map(|last| last.id);
    let next = last.filter(|_| listed.len() == PAGE);
    let line = |listed: crate::store::journal::Listed| {
        let running = listed.ending.is_none() && !over.is_over(listed.session);
        Line::of(listed, running)
    };
    Ok((listed.into_iter().map(line).collect(), next))
}

/// Variants that come back together at most.
const TOGETHER: usize = 40;

/// A run with its text and all that went in, and those whose variants stand together with its own:
/// none of which another studio still writes, and none that another one goes on with.
pub(super) fn set(
    journal: &Journal,
    over: &mut Over<'_>,
    shown: RunId,
) -> Result<Vec<Brought>, JournalError> {
    let mut all: Vec<Brought> = Vec::new();
    for id in journal.together_with(shown)? {
        let Some(mut run) = journal.run(id)? else {
            continue;
        };
        let arriving = run.outcome.is_none() && !over.is_over(run.record.session);
        if id != shown && (arriving || run.text.is_empty() || all.len() >= TOGETHER) {
            continue;
        }
        with_schema(&mut run, over.paths);
        all.push(Brought {
            continues: journal.continued_by(id)?,
            run,
            unused: false,
        });
    }
    let continued: Vec<RunId> = all.iter().flat_map(|each| each.continues.clone()).collect();
    all.retain(|each| {
        let id = each.run.record.id;
        id == shown || !continued.contains(&id)
    });
    Ok(all)
}

/// Runs that one search tells.
const SAID: usize = 100;

/// The newest runs that say what is typed.
pub(super) fn said(journal: &Journal, (ticket, typed): (u64, &str)) -> Result<Msg, JournalError> {
    let query = Query::parse(typed);
    let from = query.since().map(|since| since.moment(&Zoned::now()));
    let found = journal.said(&query, from, SAID + 1)?;
    let more = found.len() > SAID;
    let said = found.into_iter().take(SAID).map(|run| {
        let title = run.template.unwrap_or(run.model);
        let whose = Whose::Run(run.id);
        let said = match run.place {
            Some(place) => Said::new(whose, title, place),
            None => Said {
                whose,
                title,
                at: None,
                line: 0,
                excerpt: run.beginning.lines().next().unwrap_or_default().to_owned(),
                marks: Vec::new(),
                in_body: true,
            },
        };
        let at = u64::try_from(run.at.as_millisecond()).unwrap_or(0);
        Said {
            at: Some(Now(at)),
            ..said
        }
    });
    Ok(Msg::Found(Found {
        ticket,
        part: Part::Runs,
        said: said.collect(),
        over: Some(End {
            more,
            ..End::default()
        }),
    }))
}

/// What a search is told that the journal cannot answer.
pub(super) fn nothing(ticket: u64) -> Msg {
    Msg::Found(Found {
        ticket,
        part: Part::Runs,
        said: Vec::new(),
        over: Some(End::default()),
    })
}

/// The same as it is looked up, for whatever purpose.
pub(super) fn run(
    journal: &Journal,
    paths: &Paths,
    own: SessionId,
    (id, aim): (RunId, Aim),
) -> Result<Msg, JournalError> {
    let Some(mut run) = journal.run(id)? else {
        return Ok(refused("this run is not kept any more"));
    };
    let mut over = Over::new(paths, own);
    let runs = match aim {
        Aim::Show if run.outcome.is_none() && !over.is_over(run.record.session) => {
            return Ok(refused(
                "this text is still being written in another Copydesk; look again when it is done",
            ));
        }
        Aim::Show => set(journal, &mut over, id)?,
        Aim::Inspect => {
            with_schema(&mut run, paths);
            vec![Brought {
                run,
                continues: journal.continued_by(id)?,
                unused: false,
            }]
        }
    };
    let shown = id;
    Ok(Msg::Runs(Fact::Run { runs, shown, aim }))
}
