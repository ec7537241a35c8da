//! When a request that failed before its first text is sent again, and after which wait.
//!
//! Pure policy: no clock, no sleep, no randomness of its own. At most three tries; never after a
//! character was shown; never for what will not pass by waiting.

use super::class::Class;
use std::time::Duration;

/// Tries in all, the first included.
pub const TRIES: u32 = 3;

/// The longest wait a server may ask for; beyond it the person decides.
pub const LONGEST: Duration = Duration::from_secs(60);

/// How often a server is asked whether it has loaded its model. Those questions are no tries.
pub const LOADING: Duration = Duration::from_millis(1_500);

/// What a failed try says about the next one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hint {
    /// The failure may pass.
    pub passing: bool,
    /// The wait the server asked for.
    pub after: Option<Duration>,
}

/// A repetition that is about to happen, for a screen to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// The number of the coming try, from 2.
    pub attempt: u32,
    /// The wait before it.
    pub wait: Duration,
    /// Why the last try failed.
    pub why: String,
}

/// Whether a failure may pass: by what the server says outright, then by status, then by class.
///
/// `advice` is the header `x-should-retry`. What has to do with money never passes, whatever else
/// is said of it.
pub fn may_pass(status: Option<u16>, class: Class, advice: Option<&str>) -> bool {
    match advice {
        _ if class == Class::Billing => false,
        Some("true") => true,
        Some("false") => false,
        _ => class.is_passing() && status.is_none_or(is_passing),
    }
}

const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 498 | 500..=599)
}

/// The wait before the try after `tried` tries, or `None` when there is none.
///
/// `spread` in 0..1 keeps clients from coming back together.
pub fn wait(tried: u32, hint: Hint, spread: f64) -> Option<Duration> {
    if !hint.passing || tried >= TRIES {
        return None;
    }
    match hint.after {
        Some(after) if after > LONGEST => None,
        Some(after) if !after.is_zero() => Some(after),
        _ => {
            let doubled = 0.5 * f64::from(1_u32 << tried.saturating_sub(1).min(4));
            Some(Duration::from_secs_f64(
                doubled.min(8.0) * (1.0 - 0.25 * spread),
            ))
        }
    }
}

/// The wait a server asks for in its headers: milliseconds first, then seconds or a date.
///
/// `now` is seconds since 1970, for dates.
pub fn asked(millis: Option<&str>, after: Option<&str>, now: u64) -> Option<Duration> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let sane = |seconds: f64| {
        Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|wait| !wait.is_zero())
    };
    millis
        .and_then(number)
        .and_then(|millis| sane(millis / 1000.0))
        .or_else(|| match number(after?) {
            Some(seconds) => sane(seconds),
            None => date(after?.trim())
                .and_then(|at| at.checked_sub(now).map(Duration::from_secs))
                .filter(|wait| !wait.is_zero()),
        })
}

/// The wait that a message asks for in words: `Please try again in 1m6.5s`.
pub fn asked_in_words(message: &str) -> Option<Duration> {
    const WORDS: [&str; 3] = ["try again in ", "retry in ", "retry after "];
    let lower = message.to_ascii_lowercase();
    let start = WORDS
        .iter()
        .find_map(|words| Some(lower.find(words)? + words.len()))?;
    spelt(&lower[start..])
}

/// A span as `1h2m3.5s`, `823ms`, `20 seconds`; what follows it does not matter.
fn spelt(mut text: &str) -> Option<Duration> {
    let mut seconds = None;
    loop {
        let digits = |c: char| c.is_ascii_digit() || c == '.';
        let end = text.find(|c| !digits(c)).unwrap_or(text.len());
        let Ok(number) = text[..end].parse::<f64>() else {
            break;
        };
        let rest = text[end..].trim_start();
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "ms" | "milliseconds" => 0.001,
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "h" | "hr" | "hour" | "hours" => 3600.0,
            _ => break,
        };
        *seconds.get_or_insert(0.0) += number * unit;
        text = &rest[end..];
    }
    let wait = Duration::try_from_secs_f64(seconds?).ok()?;
    (!wait.is_zero()).then_some(wait)
}

/// A span as people say it: `7 s`, `6 min`, `1 h 5 min`.
pub fn said(wait: Duration) -> String {
    let seconds = wait.as_secs_f64().ceil() as u64;
    let part = |count: u64, unit: &str| (count > 0).then(|| format!("{count} {unit}"));
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let small = if hours > 0 { 0 } else { seconds % 60 };
    let parts = [part(hours, "h"), part(minutes, "min"), part(small, "s")];
    let said: Vec<_> = parts.into_iter().flatten().collect();
    if said.is_empty() {
        "0 s".to_owned()
    } else {
        said.join(" ")
    }
}

/// Seconds since 1970 of an HTTP date.
fn date(text: &str) -> Option<u64> {
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    u64::try_from(time.timestamp().as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSING: Hint = Hint {
        passing: true,
        after: None,
    };

    #[test]
    fn there_are_three_tries_with_growing_waits() {
        let millis = |tried, spread| wait(tried, PASSING, spread).map(|wait| wait.as_millis());
        assert_eq!(millis(1, 0.0), Some(500));
        assert_eq!(millis(1, 1.0), Some(375));
        assert_eq!(millis(2, 0.0), Some(1000));
        assert_eq!(millis(3, 0.0), None);
    }

    #[test]
    fn what_does_not_pass_is_not_tried_again() {
        assert_eq!(wait(1, Hint::default(), 0.0), None);
    }

    #[test]
    fn the_server_sets_the_wait_up_to_a_minute() {
        let after = |seconds| Hint {
            passing: true,
            after: Some(Duration::from_secs(seconds)),
        };
        assert_eq!(wait(1, after(7), 0.5), Some(Duration::from_secs(7)));
        assert_eq!(wait(1, after(61), 0.5), None);
        assert!(wait(1, after(0), 0.0).is_some());
    }

    #[test]
    fn the_wait_is_read_in_all_spellings() {
        let seconds =
            |millis, after| asked(millis, after, 1_000_000_000).map(|wait| wait.as_secs_f64());
        assert_eq!(seconds(Some("1500"), Some("9")), Some(1.5));
        assert_eq!(seconds(Some("soon"), Some(" 5 ")), Some(5.0));
        assert_eq!(seconds(None, Some("1e1")), Some(10.0));
        assert_eq!(
            seconds(None, Some("Sun, 09 Sep 2001 01:46:50 GMT")),
            Some(10.0)
        );
        for odd in [
            "0",
            "-1",
            "NaN",
            "inf",
            "soon",
            "Sun, 09 Sep 2001 01:46:30 GMT",
        ] {
            assert_eq!(seconds(None, Some(odd)), None, "{odd}");
        }
        assert_eq!(seconds(None, None), None);
    }

    #[test]
    fn what_a_message_asks_for_is_read_as_people_write_it() {
        for (message, millis) in [
            ("Rate limit reached. Please try again in 20s.", Some(20_000)),
            ("try again in 823ms", Some(823)),
            ("Try again in 6m0s. Visit", Some(360_000)),
            ("try again in 1h2m3.5s", Some(3_723_500)),
            ("Please retry in 13.2 seconds", Some(13_200)),
            ("retry after 2 minutes", Some(120_000)),
            ("try again in a while", None),
            ("try again in 0s", None),
            ("try again in 5 apples", None),
            ("try again in 1.5.2s", None),
            ("Try again later", None),
            ("", None),
        ] {
            let wait = asked_in_words(message).map(|wait| wait.as_millis());
            assert_eq!(wait, millis, "{message}");
        }
    }

    #[test]
    fn a_wait_is_said_in_the_largest_units_that_matter() {
        for (seconds, words) in [
            (0.0, "0 s"),
            (0.2, "1 s"),
            (61.0, "1 min 1 s"),
            (360.0, "6 min"),
            (3725.0, "1 h 2 min"),
            (7200.0, "2 h"),
        ] {
            assert_eq!(said(Duration::from_secs_f64(seconds)), words);
        }
    }

    #[test]
    fn a_server_may_say_outright_whether_to_come_back_but_not_for_money() {
        for (status, class, advice, again) in [
            (Some(500), Class::Server, None, true),
            (Some(500), Class::Server, Some("false"), false),
            (Some(400), Class::Request, Some("true"), true),
            (Some(400), Class::Request, Some("TRUE"), false),
            (Some(429), Class::Billing, Some("true"), false),
            (Some(503), Class::Billing, None, false),
            (Some(401), Class::Key, None, false),
            (Some(422), Class::Server, None, false),
            // Inside a stream there is no status.
            (None, Class::Overloaded, None, true),
            (None, Class::Rate, None, true),
            (None, Class::Billing, None, false),
            (None, Class::Policy, None, false),
        ] {
            assert_eq!(
                may_pass(status, class, advice),
                again,
                "{status:?} {class:?} {advice:?}"
            );
        }
        for status in [408, 409, 429, 498, 500, 501, 502, 503, 504, 520, 529, 599] {
            assert!(may_pass(Some(status), Class::Server, None), "{status}");
        }
        for status in [300, 307, 400, 402, 403, 404, 405, 413, 418, 422, 425, 451] {
            assert!(!may_pass(Some(status), Class::Server, None), "{status}");
        }
    }
}
