//! Drafts: a Markdown body and front matter that records where it came from.
//!
//! Reading is total: any text is a draft, and writes back to exactly that text. A change touches
//! only the lines it is about, so unknown keys, comments and line ends survive. Text from a model
//! enters through [`stored`], and front matter inside it stays text.

mod block;
mod front;
mod record;
mod slug;
mod title;
pub(crate) mod yaml;

pub(crate) use record::push_values;
pub use record::{Outcome, Part, Provenance, Tokens};
pub use slug::slug;

use crate::domain::text::stored;
use front::{Fault, Fence, Meta, Tags};
use jiff::{Timestamp, Zoned, civil, tz::TimeZone};
use std::path::Path;

/// One document that a person keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Everything before the body, byte for byte; empty without front matter.
    head: String,
    /// Where the YAML lies in `head`, opening fence included; `None` without front matter.
    yaml_end: Option<usize>,
    body: String,
    meta: Meta,
    provenance: Option<Provenance>,
    problem: Option<String>,
}

impl Draft {
    /// A new draft of a text, which is cleaned as [`stored`] says.
    pub fn new(title: &str, body: &str, provenance: &Provenance, now: &Zoned) -> Self {
        let time = moment(now);
        let mut head = "---\n".to_owned();
        yaml::push_raw(&mut head, 0, "title", &yaml::inline(title));
        head.push_str("status: draft\ntags: []\n");
        yaml::push_raw(&mut head, 0, "created", &time);
        yaml::push_raw(&mut head, 0, "updated", &time);
        provenance.push(&mut head);
        let yaml_end = head.len();
        head.push_str("---\n\n");
        let mut draft = Self {
            head,
            yaml_end: Some(yaml_end),
            body: stored(body).into_owned(),
            meta: Meta::default(),
            provenance: None,
            problem: None,
        };
        draft.read_head();
        draft
    }

    /// Reads any text. Broken front matter is kept and told by [`problem`](Self::problem).
    pub fn parse(source: &str) -> Self {
        // A byte order mark is no text that a person could type before.
        let start = mark_of(source).len();
        let (body_at, yaml_end, problem) = match front::find(source) {
            Fence::Closed { yaml, body } => (body, Some(yaml.end), None),
            Fence::None => (start, None, None),
            Fence::Open => (
                start,
                None,
                Some(
                    "1:1: a `---` line opens here and none closes; add one before the text"
                        .to_owned(),
                ),
            ),
        };
        let mut draft = Self {
            head: source[..body_at].to_owned(),
            yaml_end,
            body: source[body_at..].to_owned(),
            meta: Meta::default(),
            provenance: None,
            problem,
        };
        draft.read_head();
        draft
    }

    /// A text of which everything is body, whatever it begins with; only a byte order mark stays
    /// apart.
    pub fn whole(source: &str) -> Self {
        let mark = mark_of(source);
        Self {
            head: mark.to_owned(),
            yaml_end: None,
            body: source[mark.len()..].to_owned(),
            meta: Meta::default(),
            provenance: None,
            problem: None,
        }
    }

    fn read_head(&mut self) {
        let Some(yaml) = self.yaml() else { return };
        let (meta, provenance) = (front::read_meta(yaml), front::read_provenance(yaml));
        match meta {
            Ok(meta) => self.meta = meta,
            Err(Fault { place, words }) => {
                self.problem = Some(format!("{place}: between the `---` lines, {words}"));
            }
        }
        match provenance {
            Ok(provenance) => self.provenance = provenance,
            Err(Fault { place, words }) if self.problem.is_none() => {
                self.problem = Some(format!(
                    "{place}: the lines below `copydesk:` are not as Copydesk wrote them: {words}"
                ));
            }
            Err(_) => {}
        }
    }

    /// The YAML with its opening fence.
    fn yaml(&self) -> Option<&str> {
        let start = mark_of(&self.head).len();
        self.yaml_end.map(|end| &self.head[start..end])
    }

    /// The whole file.
    pub fn to_source(&self) -> String {
        [self.head.as_str(), &self.body].concat()
    }

    /// The text itself.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The title from the front matter.
    pub fn title(&self) -> Option<&str> {
        self.meta.title.as_deref()
    }

    /// The status from the front matter (`draft` in a new one).
    pub fn status(&self) -> Option<&str> {
        self.meta.status.as_deref()
    }

    /// The tags from the front matter.
    pub fn tags(&self) -> &[String] {
        match &self.meta.tags {
            Some(Tags::Many(tags)) => tags,
            Some(Tags::One(tag)) => std::slice::from_ref(tag),
            None => &[],
        }
    }

    /// When it was begun, as written in the front matter.
    pub fn created(&self) -> Option<&str> {
        self.meta.created.as_deref()
    }

    /// When it was last saved, as an instant.
    pub fn updated(&self) -> Option<Timestamp> {
        let text = self.meta.updated.as_deref().or(self.created())?;
        text.parse::<Timestamp>().ok().or_else(|| {
            let date: civil::DateTime = text.parse().ok()?;
            Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
        })
    }

    /// Where the text came from; `None` for a file that Copydesk did not make.
    pub fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }

    /// What its versions go by: its own id, or the place of a file that has none.
    pub fn key(&self, path: &Path) -> String {
        match &self.provenance {
            Some(record) if !record.id.is_empty() => record.id.clone(),
            _ => path.display().to_string(),
        }
    }

    /// What is wrong with the front matter: `line:column: what, and what to do`.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Replaces the text, as a person wrote it: nothing is cleaned. The same text changes nothing.
    pub fn set_body(&mut self, body: &str) {
        if body == self.body {
            return;
        }
        if self.yaml_end.is_some() {
            // The closing fence must stay a line, and a first blank line must stay the body's.
            let separated = self.head.ends_with("\n\n") || self.head.ends_with("\n\r\n");
            if !self.head.ends_with('\n') && !body.is_empty() {
                self.head.push('\n');
            }
            if !separated && body.starts_with(['\n', '\r']) {
                self.head.push('\n');
            }
        }
        body.clone_into(&mut self.body);
    }

    /// Sets the title by changing only its lines. False when the front matter does not allow it;
    /// then nothing changes.
    pub fn set_title(&mut self, title: &str) -> bool {
        self.set_line("title", &yaml::inline(title), &|meta| {
            meta.title = Some(title.to_owned());
        })
    }

    /// Sets the tags, like [`set_title`](Self::set_title).
    pub fn set_tags(&mut self, tags: &[String]) -> bool {
        let written: Vec<String> = tags.iter().map(|tag| yaml::inline(tag)).collect();
        let written = format!("[{}]", written.join(", "));
        self.set_line("tags", &written, &|meta| {
            meta.tags = Some(Tags::Many(tags.to_vec()));
        })
    }

    /// Gives a draft that records its origin another id. False when there is no such record.
    pub fn set_id(&mut self, id: &str) -> bool {
        let Some(mut made) = self.provenance.take() else {
            return false;
        };
        id.clone_into(&mut made.id);
        self.set_provenance(&made)
    }

    /// Sets the time of the last save, like [`set_title`](Self::set_title).
    pub fn set_updated(&mut self, now: &Zoned) -> bool {
        let time = moment(now);
        self.set_line("updated", &time, &|meta| meta.updated = Some(time.clone()))
    }

    /// Records another origin of the text; the draft keeps its id and its other front matter.
    /// False when the front matter does not allow it; then nothing changes.
    pub fn set_provenance(&mut self, provenance: &Provenance) -> bool {
        if self.yaml_end.is_none() && self.problem.is_none() {
            self.begin_head();
        }
        let (Some(yaml_end), Some(yaml)) = (self.yaml_end, self.yaml()) else {
            return false;
        };
        let start = yaml_end - yaml.len();
        let mut made = provenance.clone();
        if let Some(known) = &self.provenance {
            made.id.clone_from(&known.id);
            if made == *known {
                return true;
            }
        }
        let mut block = String::new();
        made.push(&mut block);
        let Some(edited) = front::with_provenance(yaml, &block) else {
            return false;
        };
        self.yaml_end = Some(start + edited.len());
        self.head.replace_range(start..yaml_end, &edited);
        self.read_head();
        true
    }

    /// Writes the line of a key; it holds only if the front matter then reads as `meant`.
    fn set_line(&mut self, key: &str, written: &str, meant: &dyn Fn(&mut Meta)) -> bool {
        if self.problem.is_some() && self.yaml_end.is_none() {
            return false;
        }
        let Some(yaml_end) = self.yaml_end else {
            self.begin_head();
            return self.set_line(key, written, meant);
        };
        let Some(yaml) = self.yaml() else {
            return false;
        };
        let start = yaml_end - yaml.len();
        let Some(edited) = front::with_line(yaml, key, written, meant) else {
            return false;
        };
        self.yaml_end = Some(start + edited.len());
        self.head.replace_range(start..yaml_end, &edited);
        self.read_head();
        true
    }

    /// Gives a plain file empty front matter; a byte order mark stays first.
    fn begin_head(&mut self) {
        let mark = mark_of(&self.head).to_owned();
        let end = if self.body.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        self.head = format!("{mark}---{end}");
        self.yaml_end = Some(self.head.len());
        for part in ["---", end, end] {
            self.head.push_str(part);
        }
    }
}

/// The byte order mark that a text begins with, or nothing.
fn mark_of(text: &str) -> &str {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    &text[..text.len() - rest.len()]
}

/// A time as the front matter holds it: `2026-11-23T12:04:05+01:00`.
fn moment(now: &Zoned) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests;
