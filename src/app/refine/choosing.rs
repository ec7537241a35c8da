//! What comes of keys in the box: verbs are read and weighed, asked about, edited, and sent.
//!
//! Owns no list and draws nothing. What is sent is put together by `launch`.

use super::Launch;
use super::chooser::{Asking, Chooser, Scope, Step, Wish};
use super::launch::{ADJUST, GIVEN};
use crate::app::deed::{Deed, Done};
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::msg::{Past, Purpose};
use crate::app::{App, Weight};
use crate::domain::brief::Brief;
use crate::domain::models::Estimate;
use crate::domain::refine::{Anchor, paragraph, trimmed};
use crate::domain::render;
use crate::domain::run::RunId;
use crate::domain::template::{InputKind, Template};
use crate::domain::text::words;
use crate::store::items::Item;
use std::sync::Arc;

impl App {
    /// A box for the selection, else the paragraph; `None` when there are no words.
    pub(super) fn chooser(&self) -> Option<Chooser> {
        let document = &self.editor.document;
        let text = document.text();
        let (scope, range) = if let Some(range) = document.selection() {
            (Scope::Selection, trimmed(&text, range)?)
        } else {
            let cursor = document.cursor();
            let range = paragraph(&text, cursor)?;
            let between = text.get(cursor..range.start).unwrap_or_default();
            let is_below = between.contains('\n');
            let scope = if is_below {
                Scope::Below
            } else {
                Scope::Paragraph
            };
            (scope, range)
        };
        let anchor = Anchor::new(range, document.snapshot());
        Some(Chooser::new(scope, anchor, self.refines.verbs.clone()))
    }

    pub(super) fn open_chooser(&mut self, chooser: Chooser) -> Vec<Effect> {
        self.stop_finding();
        self.dialogs.push(Dialog::Refine(Box::new(chooser)));
        self.look_at_verb()
    }

    /// The box once more for a part whose answer did not do.
    pub(super) fn choose_again(&mut self, run: RunId) -> Vec<Effect> {
        let Some(job) = self.refines.job(run) else {
            return Vec::new();
        };
        let anchor = job.anchor.clone();
        let mut chooser = Chooser::new(Scope::Again, anchor, self.refines.verbs.clone());
        chooser.replaces = Some(run);
        self.open_chooser(chooser)
    }

    /// What the box in front wishes for.
    pub(in crate::app) fn on_refine_wish(&mut self, wish: Wish) -> Vec<Effect> {
        match wish {
            Wish::Look => self.look_at_verb(),
            Wish::Take => self.take_verb(),
            Wish::Widen => {
                self.widen();
                self.look_at_verb()
            }
            Wish::Edit => self.edit_verb(),
        }
    }

    fn front_chooser(&mut self) -> Option<&mut Chooser> {
        match self.dialogs.last_mut() {
            Some(Dialog::Refine(chooser)) => Some(chooser),
            _ => None,
        }
    }

    fn widen(&mut self) {
        let document = &self.editor.document;
        let text = document.text();
        let whole = trimmed(&text, 0..text.len());
        let whole = whole.map(|range| Anchor::new(range, document.snapshot()));
        let Some(chooser) = self.front_chooser() else {
            return;
        };
        if chooser.scope == Scope::Whole {
            let (scope, anchor) = chooser.narrow.clone();
            chooser.mean(scope, anchor);
        } else if let Some(whole) = whole.filter(|_| chooser.replaces.is_none()) {
            chooser.mean(Scope::Whole, whole);
        }
    }

    /// Has the highlighted verb read, and says what it is likely to take.
    fn look_at_verb(&mut self) -> Vec<Effect> {
        let Some(chooser) = self.front_chooser() else {
            return Vec::new();
        };
        let verb = match &chooser.step {
            Step::Verbs => chooser.verb().map(|verb| verb.name.clone()),
            Step::Ask(asking) => Some(asking.template.name.clone()),
        };
        let (given, anchor) = (chooser.given.clone(), chooser.anchor.clone());
        chooser.estimate = None;
        let Some(name) = verb else {
            return Vec::new();
        };
        let template = match self.refines.known.get(&name) {
            Some(Ok((template, _))) => template.clone(),
            Some(Err(_)) => return Vec::new(),
            None => {
                return vec![Effect::LoadTemplate {
                    name,
                    purpose: Purpose::Refine,
                }];
            }
        };
        let (brief, cut) = self.brief_of(&template, &given, &anchor);
        let estimate = self.weigh(&template, &brief, &anchor);
        if let Some(chooser) = self.front_chooser() {
            (chooser.estimate, chooser.cut) = (estimate, cut);
        }
        Vec::new()
    }

    fn weigh(&self, template: &Template, brief: &Brief, anchor: &Anchor) -> Option<Estimate> {
        let provider = self.settings.provider(None).ok()?;
        let rendered = render::preview(template, brief, &self.snippets).ok()?;
        let target = rendered
            .target_words
            .unwrap_or_else(|| words(anchor.text()));
        let request = self.settings.request(provider, template, rendered);
        Some(self.expected(&provider.name, &request, target))
    }

    /// A template of a verb was read.
    pub(in crate::app) fn on_verb(
        &mut self,
        name: String,
        result: Result<Arc<Template>, String>,
        past: Past,
    ) -> Vec<Effect> {
        let known = result.map(|template| (template, past));
        self.refines.known.insert(name, known);
        let waits = self
            .front_chooser()
            .is_some_and(|chooser| std::mem::take(&mut chooser.waits));
        if waits {
            return self.take_verb();
        }
        self.look_at_verb()
    }

    /// Takes the highlighted verb, or the value that was asked for.
    fn take_verb(&mut self) -> Vec<Effect> {
        let Some(chooser) = self.front_chooser() else {
            return Vec::new();
        };
        if let Step::Ask(asking) = &chooser.step {
            let template = asking.template.clone();
            let Some((input, value)) = chooser.value() else {
                return Vec::new();
            };
            let odd = template.input(&input).map(|input| input.check(&value));
            if let Some(Err(reason)) = odd {
                return self.tell(Weight::Bad, reason);
            }
            chooser.given.set(input, value);
            return self.ask_or_launch(&template);
        }
        let Some(verb) = chooser.verb().cloned() else {
            return Vec::new();
        };
        match self.refines.known.get(&verb.name) {
            Some(Ok((template, _))) => {
                let template = template.clone();
                self.ask_or_launch(&template)
            }
            Some(Err(problem)) => {
                let problem = problem.clone();
                self.tell(Weight::Bad, problem)
            }
            None => {
                if let Some(chooser) = self.front_chooser() {
                    chooser.waits = true;
                }
                Vec::new()
            }
        }
    }

    /// Asks for the next value that a verb cannot do without, or sends it.
    fn ask_or_launch(&mut self, template: &Arc<Template>) -> Vec<Effect> {
        let Some(chooser) = self.front_chooser() else {
            return Vec::new();
        };
        let given = |name: &str| GIVEN.contains(&name) || chooser.given.get(name).is_some();
        let mut inputs = template.inputs.iter();
        let next = inputs.find(|input| {
            let choice = matches!(input.kind, InputKind::Choice { .. });
            (input.required && input.default.is_none() || choice) && !given(&input.name)
        });
        if let Some(input) = next {
            let asking = self.asking(template, &input.name);
            if let Some(chooser) = self.front_chooser() {
                chooser.ask(asking, "");
            }
            return self.look_at_verb();
        }
        let Some(Dialog::Refine(chooser)) = self.dialogs.pop() else {
            return Vec::new();
        };
        let title = self.title_of_verb(template);
        self.launch(Launch {
            draft: self.editor.id,
            template: template.clone(),
            title,
            given: chooser.given,
            anchor: chooser.anchor,
            replaces: chooser.replaces,
        })
    }

    /// What a list calls a verb, without the dots that say it asks for something.
    fn title_of_verb(&self, template: &Template) -> String {
        let mut verbs = self.refines.verbs.iter();
        let verb = verbs.find(|verb| verb.name == template.name);
        let title = verb.map_or(template.title.as_str(), |verb| &verb.title);
        title.trim_end_matches('…').to_owned()
    }

    fn asking(&self, template: &Arc<Template>, input: &str) -> Asking {
        let mut asking = Asking::new(template, input);
        let refine = &self.settings.refine;
        match (input, template.input(input).map(|input| &input.kind)) {
            (_, Some(InputKind::Choice { options })) => {
                asking.options.clone_from(options);
                asking.closed = true;
            }
            ("tone", _) => asking.options.clone_from(&refine.tones),
            ("language", _) => asking.options.clone_from(&refine.languages),
            _ => {}
        }
        if let Some(Ok((_, past))) = self.refines.known.get(&template.name) {
            let values = past.values.get(input).into_iter().flatten();
            asking.earlier = values.map(ToString::to_string).collect();
        }
        asking
    }

    /// Asks what the person adds to a verb whose answer did not do; for an instruction, which one
    /// it is to be instead.
    pub(super) fn adjust(&mut self, run: RunId) -> Vec<Effect> {
        let Some(job) = self.refines.job(run) else {
            return Vec::new();
        };
        let launch = match job.launch() {
            Ok(launch) => launch.clone(),
            Err(why) => return self.tell(Weight::Note, why),
        };
        let input = ["instruction", ADJUST];
        let known = |name: &&str| launch.template.input(name).is_some();
        let input = input.into_iter().find(known).unwrap_or(ADJUST);
        let first = launch.given.get(input).map(ToString::to_string);
        let mut asking = self.asking(&launch.template, input);
        if input == ADJUST {
            "The writer adds".clone_into(&mut asking.label);
            "What is to be otherwise, in one line".clone_into(&mut asking.help);
        }
        let anchor = job.anchor.clone();
        let mut chooser = Chooser::new(Scope::Again, anchor, self.refines.verbs.clone());
        chooser.replaces = Some(run);
        chooser.given = launch.given;
        chooser.ask(asking, &first.unwrap_or_default());
        self.open_chooser(chooser)
    }

    /// Opens the template of the highlighted verb in the person's editor; one that is part of the
    /// program becomes a file of theirs first.
    fn edit_verb(&mut self) -> Vec<Effect> {
        let verb = self
            .front_chooser()
            .and_then(|chooser| chooser.verb().cloned());
        let Some(verb) = verb else {
            return Vec::new();
        };
        self.dialogs.pop();
        let item = Item::Template(verb.name.clone());
        if verb.shipped {
            self.refines.to_edit = Some(verb.name);
            return self.begin(Deed::Duplicate(item));
        }
        self.begin(Deed::EditSource(item))
    }

    /// A verb that was to be edited is a file now.
    pub(in crate::app) fn edit_copied_verb(&mut self, done: &Done) -> Option<Effect> {
        let name = self.refines.to_edit.take()?;
        let item = done.after.as_ref().map(|after| &after.item)?;
        let same = *item == Item::Template(name);
        same.then(|| Effect::Change(Deed::EditSource(item.clone())))
    }
}
