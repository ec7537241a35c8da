//! What a person does to whole items of the library, and what came of it, in words.
//!
//! Plain data both ways: the shell does a deed and answers with what it did. Files are not
//! touched here.

use super::msg::OpenedDraft;
use crate::store::items::Item;
use crate::store::trash::{Mark, Restored, Why};

/// Something done to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Move it to the trash.
    Delete(Item),
    /// Give it another title, and its file the name that follows.
    Rename {
        /// The item.
        item: Item,
        /// The title.
        title: String,
    },
    /// Copy it under a name of its own.
    Duplicate(Item),
    /// Copy what comes with Copydesk under its own name, to go on with its source.
    MakeOwn(Item),
    /// Begin a new template or snippet, to go on with its source.
    Make {
        /// The item.
        item: Item,
        /// What it is to be called.
        title: String,
    },
    /// Keep a text as a new template or snippet, to go on with its source.
    Write {
        /// The item.
        item: Item,
        /// What it is to be called.
        title: String,
        /// Its source.
        source: String,
    },
    /// Write its tags.
    Retag {
        /// The item.
        item: Item,
        /// The tags.
        tags: Vec<String>,
    },
    /// Write how far a draft is.
    SetStatus {
        /// The draft.
        item: Item,
        /// How far.
        status: String,
    },
    /// Add tags, and take those away that begin with a minus.
    AdjustTags {
        /// The item.
        item: Item,
        /// The tags.
        tags: Vec<String>,
    },
    /// Several of these, which are taken back together.
    Many(Vec<Deed>),
    /// Open its source in `$VISUAL` or `$EDITOR`, and write what comes back.
    EditSource(Item),
    /// Take the last of these back.
    TakeBack,
}

impl Deed {
    /// What it is done to.
    pub const fn item(&self) -> Option<&Item> {
        match self {
            Self::Delete(item)
            | Self::Rename { item, .. }
            | Self::Duplicate(item)
            | Self::MakeOwn(item)
            | Self::Make { item, .. }
            | Self::Write { item, .. }
            | Self::Retag { item, .. }
            | Self::SetStatus { item, .. }
            | Self::AdjustTags { item, .. }
            | Self::EditSource(item) => Some(item),
            Self::Many(_) | Self::TakeBack => None,
        }
    }
}

/// What a deed did. All of it is `None` when it changed nothing.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// The file before.
    pub before: Option<Mark>,
    /// What is there now.
    pub after: Option<After>,
    /// What was taken back.
    pub restored: Option<Restored>,
    /// What each of several did.
    pub parts: Vec<(Deed, Done)>,
    /// What the first of several that failed says; the others were done.
    pub failed: Option<String>,
}

/// An item after a deed.
#[derive(Debug, Clone)]
pub struct After {
    /// The item.
    pub item: Item,
    /// Its file as it is on disk now.
    pub draft: Option<OpenedDraft>,
    /// It lies beside the file it was meant for, which somebody else changed meanwhile.
    pub beside: bool,
}

/// What a deed did, as a line. `title` is what the item was known as.
pub(super) fn told(deed: &Deed, done: &Done, title: &str) -> String {
    let title = quoted(title);
    let name = done.after.as_ref().map(|after| after.item.name());
    let name = name.unwrap_or_default();
    match deed {
        Deed::Write {
            title,
            item: Item::Template(_),
            ..
        } => {
            format!("{} made, in {name}.md; ctrl+g fills it in", quoted(title))
        }
        Deed::Write { title, .. } => format!("{} made, in {name}.md", quoted(title)),
        Deed::Delete(_) => format!("{title} moved to the trash; u takes it back"),
        Deed::Rename { .. } => format!("{title} renamed, now in {name}.md; u takes it back"),
        Deed::Make { title, .. } => format!("{} begun in {name}.md", quoted(title)),
        Deed::MakeOwn(_) => {
            format!("{title} is a template of your own now; it goes before the shipped one")
        }
        Deed::Duplicate(item) if done.after.as_ref().is_some_and(|after| after.item == *item) => {
            format!("{title} is a template of your own now; it goes before the shipped one")
        }
        Deed::Duplicate(_) => format!("{title} copied to {name}.md"),
        Deed::SetStatus { status, .. } => format!("{title} is {status} now; u takes it back"),
        Deed::Many(_) => "nothing was changed".to_owned(),
        Deed::Retag { .. } | Deed::AdjustTags { .. } => {
            format!("tags of {title} written; u takes it back")
        }
        Deed::EditSource(_) if done.after.as_ref().is_some_and(|after| after.beside) => {
            format!("{title} was changed outside meanwhile; your text is in {name}.md")
        }
        Deed::EditSource(_) if done.after.is_none() => format!("{title} is as it was"),
        Deed::EditSource(_) => format!("{title} written; u takes it back"),
        Deed::TakeBack => taken_back(done),
    }
}

/// What several deeds did, as a line; the texts of so many stay open.
pub(super) fn told_of_many(deed: &Deed, done: &Done, stays: usize) -> String {
    let count = done.parts.len();
    let what = match done.parts.first() {
        _ if *deed == Deed::TakeBack => format!("{count} taken back"),
        Some((Deed::Delete(_), _)) => format!("{count} moved to the trash; u takes all back"),
        Some((Deed::SetStatus { status, .. }, _)) => {
            format!("{count} are {status} now; u takes all back")
        }
        _ => format!("tags of {count} written; u takes all back"),
    };
    let open = match stays {
        0 => String::new(),
        stays => format!("; {stays} of them stay open"),
    };
    match &done.failed {
        Some(why) => format!("{what}{open}; not all: {why}"),
        None => format!("{what}{open}"),
    }
}

/// The line about a draft that was deleted while it was open.
pub(super) fn told_of_open_draft(title: &str) -> String {
    let title = quoted(title);
    format!("{title} deleted, its text stays open; u takes it back")
}

fn taken_back(done: &Done) -> String {
    let Some(Restored {
        record,
        now,
        became_gone,
    }) = &done.restored
    else {
        return "nothing to take back".to_owned();
    };
    let title = quoted(&record.title);
    let file = now.path.file_name().unwrap_or_default().to_string_lossy();
    match record.why {
        Why::Deleted if now.path == record.from => format!("{title} is back"),
        Why::Renamed if *became_gone => format!("{title} has its name back"),
        Why::Overwritten if *became_gone => format!("{title} is as it was before"),
        Why::Deleted => format!("{title} is back as {file}; its old name was taken"),
        Why::Renamed | Why::Overwritten => {
            format!("{title} is back as {file}; what was changed since stays")
        }
    }
}

/// A title in quotation marks, short enough that the rest of a line can be read.
fn quoted(title: &str) -> String {
    const LONGEST: usize = 28;
    if title.chars().count() <= LONGEST {
        return format!("“{title}”");
    }
    let start: String = title.chars().take(LONGEST - 1).collect();
    format!("“{}…”", start.trim_end())
}
