//! From when on: a day, or an age of days, weeks or months.

use jiff::civil::Date;
use jiff::{Span, Timestamp, Zoned};

/// A time to look from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The start of a day, by the person's clock.
    Day(Date),
    /// So many days ago.
    Days(u16),
    /// So many weeks ago.
    Weeks(u16),
    /// So many months ago.
    Months(u16),
}

impl Since {
    /// Reads `2026-11-03`, `2026-11`, `7d`, `2w` or `3m`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let month = || format!("{text}-01").parse().ok();
        if let Some(day) = text.parse().ok().or_else(month) {
            return Some(Self::Day(day));
        }
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let number: u16 = number.parse().ok()?;
        match unit {
            "d" | "D" => Some(Self::Days(number)),
            "w" | "W" => Some(Self::Weeks(number)),
            "m" | "M" => Some(Self::Months(number)),
            _ => None,
        }
    }

    /// The moment that is meant, seen from `now`. An age reaches back to the start of its day; one
    /// that no calendar has is the beginning of time.
    pub fn moment(&self, now: &Zoned) -> Timestamp {
        let day = match *self {
            Self::Day(day) => Some(day),
            Self::Days(days) => now.date().checked_sub(Span::new().days(days)).ok(),
            Self::Weeks(weeks) => now.date().checked_sub(Span::new().weeks(weeks)).ok(),
            Self::Months(months) => now.date().checked_sub(Span::new().months(months)).ok(),
        };
        day.and_then(|day| day.to_zoned(now.time_zone().clone()).ok())
            .map_or(Timestamp::MIN, |start| start.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_an_age_is_the_start_of_its_day_by_the_persons_clock() {
        let now: Zoned = "2026-11-23T10:00:00-05:00[America/New_York]"
            .parse()
            .unwrap();
        for (typed, moment) in [
            ("2026-11-03", "2026-11-03T05:00:00Z"),
            ("2026-11", "2026-11-01T04:00:00Z"),
            ("0d", "2026-11-23T05:00:00Z"),
            ("7d", "2026-11-16T05:00:00Z"),
            ("2w", "2026-11-09T05:00:00Z"),
            ("3M", "2026-08-23T04:00:00Z"),
        ] {
            let found = Since::parse(typed).unwrap().moment(&now);
            assert_eq!(found, moment.parse().unwrap(), "{typed}");
        }
        assert!(Since::parse("65535m").unwrap().moment(&now) < Timestamp::UNIX_EPOCH);
        for typed in [
            "",
            "d",
            "7",
            "7y",
            "soon",
            "é",
            "-3d",
            "2026-13-01",
            "99999d",
        ] {
            assert_eq!(Since::parse(typed), None, "{typed}");
        }
    }
}
