//! Past values, uses and facts.

use super::*;
use jiff::SignedDuration;
use pretty_assertions::assert_eq;

fn topic(text: &str) -> Brief {
    [("topic", Value::Text(text.into()))].into_iter().collect()
}

#[test]
fn values_come_newest_first_and_each_once() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for (millis, text) in (0..).zip(["tea", "coffee", "tea", "  ", "milk"]) {
        journal.remember("story", &topic(text), at(millis)).unwrap();
    }
    journal.remember("other", &topic("wine"), at(9)).unwrap();
    let values = |limit| journal.values("story", "topic", limit).unwrap();
    let text = |word: &str| Value::Text(word.into());
    assert_eq!(values(9), [text("milk"), text("tea"), text("coffee")]);
    assert_eq!(values(1), [text("milk")]);
    assert_eq!(journal.values("story", "none", 9).unwrap(), []);
}

#[test]
fn a_value_keeps_its_kind() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.remember("story", &brief(), at(0)).unwrap();
    for (input, value) in brief().iter() {
        assert_eq!(
            journal.values("story", input, 9).unwrap(),
            std::slice::from_ref(value)
        );
    }
    assert_eq!(journal.last_brief("story").unwrap(), Some(brief()));
    assert_eq!(journal.last_brief("none").unwrap(), None);
}

#[test]
fn only_so_many_values_are_remembered_and_no_long_ones() {
    let desk = Desk::new();
    let mut journal = desk.open_for_many();
    for number in 0..120 {
        let given = topic(&number.to_string());
        journal.remember("story", &given, at(number)).unwrap();
    }
    let long = topic(&"x".repeat(20_000));
    journal.remember("story", &long, at(999)).unwrap();
    let values = journal.values("story", "topic", 1_000).unwrap();
    assert_eq!(
        (values.len(), &values[0]),
        (100, &Value::Text("119".into()))
    );
    assert_eq!(journal.last_brief("story").unwrap(), Some(long));
}

#[test]
fn uses_are_counted_and_dated() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for (template, millis) in [("a", 1), ("b", 2), ("a", 3), ("c", 0)] {
        journal.remember(template, &brief(), at(millis)).unwrap();
    }
    let uses = journal.uses().unwrap();
    let told: Vec<_> = uses
        .iter()
        .map(|line| (line.template.as_str(), line.count, line.at))
        .collect();
    assert_eq!(told, [("a", 2, at(3)), ("b", 1, at(2)), ("c", 1, at(0))]);
}

#[test]
fn a_fact_is_remembered_until_a_newer_one_comes() {
    let desk = Desk::new();
    let mut journal = desk.open();
    assert_eq!(journal.fact("https://a small", "limit").unwrap(), None);
    for value in ["max_tokens", "max_completion_tokens"] {
        journal.learn("https://a small", "limit", value).unwrap();
        let fact = journal.fact("https://a small", "limit").unwrap();
        assert_eq!(fact.as_deref(), Some(value));
    }
    assert_eq!(journal.fact("https://b small", "limit").unwrap(), None);
}

#[test]
fn a_fact_holds_for_thirty_days() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal
        .learn("https://a small", "refuses", "top_p")
        .unwrap();
    let days = |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days);
    let known = |journal: &Journal, day| journal.facts_at("https://a small", days(day)).unwrap();
    assert_eq!(known(&journal, 29).len(), 1);
    assert_eq!(known(&journal, 31), []);
    // Learnt again, it holds for as long again; what is too old goes when something is learnt.
    let old = days(-31).as_millisecond();
    journal
        .db
        .execute("UPDATE facts SET at = ?1", [old])
        .unwrap();
    journal
        .learn("https://b small", "refuses", "store")
        .unwrap();
    assert_eq!(known(&journal, -40), []);
    assert_eq!(journal.fact("https://a small", "refuses").unwrap(), None);
}
