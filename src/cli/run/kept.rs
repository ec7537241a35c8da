//! Where the text of a run goes: a file that the flags name, or a draft of the library.
//!
//! Partial text is kept like whole text. Never prints the text.

use super::{Asked, Job};
use crate::cli::outlet::Outlet;
use crate::cli::receive::Answer;
use crate::cli::record::KeptDraft;
use crate::domain::draft::{Draft, Outcome, Provenance};
use crate::domain::failure::Failure;
use crate::domain::text::stored;
use crate::store::trash::{self, Before};
use crate::store::{Paths, drafts};
use std::path::PathBuf;

/// Where the text was kept.
pub(super) struct Kept {
    pub(super) path: PathBuf,
    /// Set when that is a draft of the library.
    pub(super) draft: Option<KeptDraft>,
}

/// Writes the text where the flags say; partial text is kept too.
pub(super) fn keep(
    paths: &Paths,
    (job, asked): (&Job, &Asked),
    answer: &Answer,
) -> Result<Option<Kept>, Failure> {
    if answer.text.is_empty() {
        return Ok(None);
    }
    if let Some(path) = &asked.output {
        let mut text = stored(&answer.text).into_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        match trash::write(paths, path, text.as_bytes()).map_err(|error| error.failure())? {
            Before::Nothing => {}
            Before::Kept => Outlet::complain(&format!(
                "copydesk: what {} held is in the trash; `copydesk draft undo` brings it back",
                path.display()
            )),
            Before::Gone(why) => Outlet::complain(&format!(
                "copydesk: what {} held is not kept: {why}",
                path.display()
            )),
        }
        return Ok(Some(Kept {
            path: path.clone(),
            draft: None,
        }));
    }
    let Some(id) = &asked.draft else {
        return Ok(None);
    };
    let outcome = Outcome {
        model: answer.model.clone(),
        usage: answer.usage,
        cost: answer.cost,
        finish: Some(answer.reason()),
    };
    let provenance = Provenance {
        id: id.clone(),
        template: Some(job.template.name.clone()),
        template_hash: Some(job.template.hash.clone()),
        brief: job.brief.clone(),
        provider: Some(job.provider.name.clone()),
        origin: job.provider.origin(),
        ..Provenance::of(asked.run, &asked.request, outcome)
    };
    let title = Draft::title_from(&answer.text, &job.template.title);
    let draft = Draft::new(&title, &answer.text, &provenance, &jiff::Zoned::now());
    let path = drafts::save_new(paths, &draft).map_err(|error| error.failure())?;
    let kept = KeptDraft {
        key: draft.key(&path),
        path: path.clone(),
        body: draft.body().to_owned(),
    };
    Ok(Some(Kept {
        path,
        draft: Some(kept),
    }))
}
