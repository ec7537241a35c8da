//! `[budget]` of the config file: what a person wants to spend in a month.
//!
//! A limit that is misspelt is no limit. So what cannot be understood here stops every request
//! until it is mended, where an odd colour would only be told.

use crate::domain::budget::{Budget, OnLimit};
use crate::domain::cost::Usd;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What may stand in the table.
pub(super) const KEYS: [&str; 2] = ["monthly_usd", "on_limit"];

/// What is wrong with the table, and where.
pub(super) type Fault = (Range<usize>, String);

/// Reads the table; `None` when it sets no limit.
pub(super) fn read(table: &DeTable<'_>) -> Result<Option<Budget>, Fault> {
    let mut monthly = None;
    let mut on_limit = OnLimit::default();
    for (key, value) in table {
        let word = value.get_ref().as_str();
        match (key.get_ref().as_ref(), word) {
            ("monthly_usd", _) => {
                let amount = dollars(value.get_ref()).and_then(Usd::new);
                let wrong = "`monthly_usd` must be an amount of US dollars, such as 5.0";
                monthly = Some(amount.ok_or_else(|| (value.span(), wrong.to_owned()))?);
            }
            ("on_limit", Some("warn")) => on_limit = OnLimit::Warn,
            ("on_limit", Some("stop")) => on_limit = OnLimit::Stop,
            ("on_limit", _) => {
                let wrong = "`on_limit` must be \"warn\" or \"stop\"";
                return Err((value.span(), wrong.to_owned()));
            }
            (unknown, _) => return Err((key.span(), super::file::unknown_key(unknown, &KEYS))),
        }
    }
    Ok(monthly.map(|monthly| Budget { monthly, on_limit }))
}

fn dollars(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => {
            let digits = number.as_str();
            (number.radix() == 10).then(|| digits.parse().ok())?
        }
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(text: &str) -> Result<Option<Budget>, String> {
        let tree = DeTable::parse(text).unwrap();
        read(tree.get_ref()).map_err(|(span, message)| format!("{}: {message}", span.start))
    }

    #[test]
    fn a_limit_is_an_amount_and_what_happens_there() {
        let set = |text: &str| budget(text).unwrap().unwrap();
        assert_eq!(set("monthly_usd = 5").monthly, Usd::new(5.0).unwrap());
        assert_eq!(set("monthly_usd = 2.50").on_limit, OnLimit::Warn);
        assert_eq!(
            set("on_limit = \"stop\"\nmonthly_usd = 0").on_limit,
            OnLimit::Stop
        );
        assert_eq!(budget("on_limit = \"stop\""), Ok(None));
    }

    #[test]
    fn what_cannot_be_understood_is_told_with_its_place() {
        for (text, told) in [
            ("monthly_usd = \"5\"", "14: `monthly_usd` must be an amount"),
            ("monthly_usd = -5", "14: `monthly_usd` must be an amount"),
            ("monthly_usd = nan", "14: `monthly_usd` must be an amount"),
            (
                "on_limit = \"block\"",
                "11: `on_limit` must be \"warn\" or \"stop\"",
            ),
            (
                "monthly = 5",
                "0: unknown key `monthly`; known are monthly_usd, on_limit",
            ),
        ] {
            let wrong = budget(text).unwrap_err();
            assert!(wrong.starts_with(told), "{text}: {wrong}");
        }
    }
}
