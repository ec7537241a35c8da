//! Groups of variants: those that were asked for together, and what a person made of them.
//!
//! Owns where a new variant goes. Groups stand in the order they were begun.

use super::{Joins, Output, Variant};
use crate::domain::run::RunId;
use std::ops::Range;

impl Output {
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
