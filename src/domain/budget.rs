//! The budget: what a person wants to spend in a month, and what that means for the next request.

use super::cost::Usd;
use jiff::{Timestamp, Zoned};
use std::fmt;
use std::ops::Range;

/// What happens when the next request would go over it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnLimit {
    /// It is said, and the request goes out.
    #[default]
    Warn,
    /// The request stays here.
    Stop,
}

/// What a person wants to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// In a calendar month of the person's time zone.
    pub monthly: Usd,
    /// What happens when that is not enough.
    pub on_limit: OnLimit,
}

/// How a sum stands to a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// There is room.
    Within,
    /// Four fifths are used up.
    Near,
    /// It is used up, or would be.
    Over,
}

impl Budget {
    /// How what is spent and what a request is likely to cost stand to it.
    pub fn standing(&self, spent: Usd, coming: Usd) -> Standing {
        let sum = spent + coming;
        if sum > self.monthly || spent >= self.monthly {
            Standing::Over
        } else if sum.dollars() >= self.monthly.dollars() * 0.8 {
            Standing::Near
        } else {
            Standing::Within
        }
    }

    /// What is used of it, as the title says it: `$0.31/5`.
    pub fn used(&self, spent: Usd) -> String {
        let whole = self.monthly.dollars();
        let whole = if whole.fract() == 0.0 {
            format!("{whole}")
        } else {
            format!("{whole:.2}")
        };
        format!("{spent}/{whole}")
    }

    /// The same of so many requests, which cost this much together.
    pub fn sentence_of(&self, count: usize, spent: Usd, coming: Usd) -> String {
        let sentence = self.sentence(spent, coming);
        sentence.replacen("this request", &these(count), 1)
    }

    /// The same as a sentence.
    pub fn sentence(&self, spent: Usd, coming: Usd) -> String {
        let Self { monthly, .. } = self;
        let next = Coming(coming);
        match self.standing(spent, coming) {
            _ if spent >= *monthly => {
                format!("the budget of {monthly} for this month is used up: {spent} are spent")
            }
            Standing::Over => format!(
                "{next} would go over the budget of {monthly} for this month: {spent} are spent"
            ),
            _ => {
                let percent = (spent + coming).dollars() / monthly.dollars() * 100.0;
                format!(
                    "{percent:.0} % of the budget of {monthly} for this month are used, {next} included"
                )
            }
        }
    }
}

/// What so many requests that go out together are called, in place of `this request`.
pub fn these(count: usize) -> String {
    match count {
        0 | 1 => "this request".to_owned(),
        _ => format!("these {count} requests"),
    }
}

struct Coming(Usd);

impl fmt::Display for Coming {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == Usd::ZERO {
            write!(out, "this request")
        } else {
            write!(out, "this request (about {})", self.0)
        }
    }
}

/// The calendar month that a moment lies in, in its own time zone.
pub fn month_of(now: &Zoned) -> Range<Timestamp> {
    let first = now.first_of_month().and_then(|day| day.start_of_day());
    let next = now.last_of_month().and_then(|day| day.tomorrow());
    let next = next.and_then(|day| day.start_of_day());
    match (first, next) {
        (Ok(first), Ok(next)) => first.timestamp()..next.timestamp(),
        // At the ends of time.
        _ => Timestamp::MIN..Timestamp::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(dollars: f64) -> Usd {
        Usd::new(dollars).unwrap()
    }

    #[test]
    fn the_request_that_comes_counts() {
        let budget = Budget {
            monthly: usd(5.0),
            on_limit: OnLimit::Stop,
        };
        for (spent, coming, standing) in [
            (0.31, 0.01, Standing::Within),
            (3.99, 0.0, Standing::Within),
            (3.99, 0.01, Standing::Near),
            (4.99, 0.01, Standing::Near),
            (4.99, 0.02, Standing::Over),
            (5.0, 0.0, Standing::Over),
            (7.0, 0.0, Standing::Over),
        ] {
            assert_eq!(
                budget.standing(usd(spent), usd(coming)),
                standing,
                "{spent} {coming}"
            );
        }
        assert_eq!(budget.used(usd(0.31)), "$0.31/5");
        assert_eq!(
            budget.sentence(usd(4.0), Usd::ZERO),
            "80 % of the budget of $5.00 for this month are used, this request included"
        );
        assert_eq!(
            budget.sentence(usd(4.99), usd(0.02)),
            "this request (about $0.02) would go over the budget of $5.00 for this month: $4.99 are spent"
        );
        assert_eq!(
            budget.sentence(usd(5.5), usd(0.02)),
            "the budget of $5.00 for this month is used up: $5.50 are spent"
        );
    }

    #[test]
    fn nothing_may_be_spent_of_nothing() {
        let budget = Budget {
            monthly: Usd::ZERO,
            on_limit: OnLimit::Stop,
        };
        assert_eq!(budget.standing(Usd::ZERO, Usd::ZERO), Standing::Over);
    }

    #[test]
    fn a_month_is_one_of_the_persons_calendar() {
        let now: Zoned = "2026-11-01T00:30:00+01:00[Europe/Berlin]".parse().unwrap();
        let month = month_of(&now);
        assert_eq!(month.start.to_string(), "2026-10-31T23:00:00Z");
        assert_eq!(month.end.to_string(), "2026-11-30T23:00:00Z");
        // The clock is put back in between.
        let now: Zoned = "2026-10-05T12:00:00+02:00[Europe/Berlin]".parse().unwrap();
        let month = month_of(&now);
        assert_eq!(month.start.to_string(), "2026-09-30T22:00:00Z");
        assert_eq!(month.end.to_string(), "2026-10-31T23:00:00Z");
    }
}
