//! Groups of variants: those that were asked for together, and what a person made of them.
//!
//! Owns where a new variant goes. Groups stand in the order they were begun.

use super::{Joins, Origin, Output, Phase, Variant};
use crate::app::msg::Now;
use crate::domain::run::RunId;
use std::ops::Range;

impl Output {
    /// Says that the variants to come are asked for together, until this is said again.
    pub(super) const fn begin_set(&mut self) {
        self.sets += 1;
    }

    /// Adds a variant where it belongs.
    pub fn add(&mut self, mut variant: Variant, joins: Joins) {
        let shown = self.shown().map(|shown| shown.group);
        let (group, place) = if let Some(group) = shown.filter(|_| joins != Joins::Nothing) {
            (group, self.group().end)
        } else {
            self.groups += 1;
            (self.groups, self.variants.len())
        };
        variant.group = group;
        variant.set = self.sets;
        self.variants.insert(place, variant);
        if joins != Joins::Behind || shown.is_none() {
            self.current = place;
        }
    }

    /// Places of the variants that were asked for together with the one shown.
    pub fn group(&self) -> Range<usize> {
        let Some(group) = self.shown().map(|shown| shown.group) else {
            return 0..0;
        };
        let start = self.variants.partition_point(|each| each.group < group);
        let end = self.variants.partition_point(|each| each.group <= group);
        start..end
    }

    /// The first run of the group shown, by which the journal knows all of it.
    pub(super) fn first_of_group(&self) -> Option<RunId> {
        let first = self.variants.get(self.group().start)?;
        Some(first.together.unwrap_or(first.run))
    }

    /// What is asked for once more: all that the group shown began with, or what the variant shown
    /// was made from, if it began with one.
    pub(super) fn asked_together(&self) -> Vec<Origin> {
        let group = self.variants.get(self.group()).unwrap_or_default();
        let set = group.first().map(|first| first.set);
        let first = group.iter().filter(|each| Some(each.set) == set);
        let together: Vec<Origin> = first.map(|each| each.origin.clone()).collect();
        if together.len() > 1 {
            return together;
        }
        self.shown()
            .map(|shown| shown.origin.clone())
            .into_iter()
            .collect()
    }

    /// The set that a run went out with.
    pub(in crate::app) fn set_of(&self, run: RunId) -> Option<u64> {
        let mut variants = self.variants.iter();
        variants.find(|each| each.run == run).map(|each| each.set)
    }

    /// The others that a run went out with.
    pub(in crate::app) fn beside(&self, run: RunId) -> impl Iterator<Item = &Variant> {
        let set = self.set_of(run);
        let set = self
            .variants
            .iter()
            .filter(move |each| Some(each.set) == set);
        set.filter(move |each| each.run != run)
    }

    /// Whether several models were asked in the group shown.
    pub fn has_several_models(&self) -> bool {
        let group = self.variants.get(self.group()).unwrap_or_default();
        let model = |each: &Variant| each.origin.request.model.clone();
        group
            .first()
            .is_some_and(|first| group.iter().any(|each| model(each) != model(first)))
    }

    /// Whether the group shown was made from several templates, or versions of one.
    pub fn has_several_templates(&self) -> bool {
        let group = self.variants.get(self.group()).unwrap_or_default();
        let hash = |each: &Variant| each.origin.template_hash.clone();
        group
            .first()
            .is_some_and(|first| group.iter().any(|each| hash(each) != hash(first)))
    }

    /// What tells a variant from those beside it: its template where there are several, else who
    /// wrote it; both where both differ.
    pub fn told_apart_by(&self, variant: &Variant) -> String {
        let (title, model) = (&variant.origin.title, variant.written_by());
        match (self.has_several_templates(), self.has_several_models()) {
            (true, true) => format!("{title} · {model}"),
            (true, false) => title.clone(),
            (false, _) => model.to_owned(),
        }
    }

    /// How many requests are under way.
    pub(super) fn under_way(&self) -> usize {
        let running = self.variants.iter().filter(|each| each.is_running());
        running.filter(|each| each.phase != Phase::InTurn).count()
    }

    /// Notes that a run whose turn has come goes out; `None` when nobody waits for it any more.
    pub(super) fn goes_out(&mut self, run: RunId, now: Now) -> Option<&Variant> {
        let mut variants = self.variants.iter_mut();
        let waits = |each: &&mut Variant| each.run == run && each.phase == Phase::InTurn;
        let variant = variants.find(waits)?;
        variant.phase = Phase::Connecting { retry: None };
        (variant.started, variant.heard) = (now, now);
        Some(variant)
    }

    /// The number of a variant within its group, from 1, and how many that has.
    pub(in crate::app) fn place_of(&self, run: RunId) -> Option<(usize, usize)> {
        let found = self.variants.iter().find(|each| each.run == run)?;
        let group = self
            .variants
            .iter()
            .filter(|each| each.group == found.group);
        let runs: Vec<RunId> = group.map(|each| each.run).collect();
        let place = runs.iter().position(|each| *each == run)?;
        Some((place + 1, runs.len()))
    }

    /// The number of the variant shown within its group, from 1.
    pub fn number(&self) -> usize {
        self.current - self.group().start + 1
    }

    /// The number of the variant at `place` within its group, and whether that is the one shown.
    pub fn number_at(&self, place: usize) -> (usize, bool) {
        let group = self.variants.get(place).map(|each| each.group);
        let mut all = self.variants.iter();
        let start = all.position(|each| Some(each.group) == group).unwrap_or(0);
        let number = place.saturating_sub(start) + 1;
        (number, self.group().contains(&place))
    }

    /// The run of the variant with this number in the group shown.
    pub fn in_group(&self, number: usize) -> Option<RunId> {
        let place = self.group().start.checked_add(number.checked_sub(1)?)?;
        let here = self.group().contains(&place);
        here.then(|| self.variants[place].run)
    }

    /// True when the newest group is shown.
    pub fn is_newest_group(&self) -> bool {
        self.group().end == self.variants.len()
    }

    /// Shows the variant at `place` of the group shown, if there is one.
    pub fn show_in_group(&mut self, place: usize) {
        let group = self.group();
        if place < group.len() {
            self.current = group.start + place;
        }
    }

    /// How many variants have text that went nowhere.
    pub fn unused(&self) -> usize {
        self.variants.iter().filter(|each| each.is_unused()).count()
    }

    /// How many of them were asked for together with none that was used: a person who took one has
    /// decided about its neighbours.
    pub fn undecided(&self) -> usize {
        let unused = self.variants.iter().filter(|each| each.is_unused());
        let taken = |group| {
            let mut all = self.variants.iter();
            all.any(|each| each.group == group && each.used)
        };
        unused.filter(|each| !taken(each.group)).count()
    }
}
