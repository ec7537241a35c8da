//! Wire values that accept any JSON: a surprise in one field never costs the rest of the answer.
//!
//! Owns the building blocks of the wire structs in `chat` and `responses`, and [`read`], which
//! reads a payload once, borrowing from it. Never fails on a type; only broken JSON is an error.

use crate::domain::cost::Usd;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A string, or nothing when the value is of another type.
#[derive(Debug, Default, Clone)]
pub(super) struct Word<'a>(pub(super) Option<Cow<'a, str>>);

impl<'a> Word<'a> {
    /// The text as it stands in the payload, if nothing in it was escaped.
    pub(super) fn borrowed(&self) -> Option<&'a str> {
        match &self.0 {
            Some(Cow::Borrowed(text)) => Some(text),
            _ => None,
        }
    }

    /// The text, if it is not empty.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.0.as_deref() == Some(word)
    }
}

/// A whole number, also when written as a float or in quotes.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Count(pub(super) Option<u64>);

/// An amount of dollars, also when written in quotes.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Amount(pub(super) Option<Usd>);

/// True for a value that says something: not null, false, zero or empty.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Truthy(pub(super) bool);

/// An object of a known shape; any other type reads as the default.
#[derive(Debug, Default, Clone)]
pub(super) struct Shape<T>(pub(super) T);

/// An array; any other type reads as empty.
#[derive(Debug, Default, Clone)]
pub(super) struct Many<T>(pub(super) Vec<T>);

/// Reads a payload, borrowing from it. `None` when it is not what `serde_json` takes.
pub(super) fn read<'a, T: Deserialize<'a> + Default>(text: &'a str) -> Option<T> {
    serde_json::from_str::<Shape<T>>(text)
        .ok()
        .map(|Shape(read)| read)
}

/// The longest payload that is read into a tree, in bytes: a tree may be forty times as large.
const TREE: usize = 2 * 1024 * 1024;

/// Elements of one array that are read; no answer has nearly as many, and each costs more memory
/// than bytes.
const ELEMENTS: usize = 10_000;

/// The slow second try: what servers send and a typed read refuses, lone surrogate escapes and
/// keys that come twice. `None` when it is not JSON, or too large to be read this way.
pub(super) fn repaired(text: &str) -> Option<serde_json::Value> {
    if text.len() > TREE {
        return None;
    }
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&without_lone_surrogates(text)))
        .ok()
}

/// The same shape as [`read`] gives, from a repaired payload.
pub(super) fn reread<'a, T: Deserialize<'a> + Default>(value: &'a serde_json::Value) -> T {
    Shape::<T>::deserialize(value).map_or_else(|_| T::default(), |Shape(read)| read)
}

/// The elements of an array, up to a bound that is an error to pass.
pub(super) fn elements<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    mut array: A,
) -> Result<Vec<T>, A::Error> {
    let mut all = Vec::new();
    while let Some(one) = array.next_element()? {
        if all.len() == ELEMENTS {
            return Err(serde::de::Error::custom("an array is too long"));
        }
        all.push(one);
    }
    Ok(all)
}

/// Puts the escape of U+FFFD in place of every surrogate escape without its other half.
pub(super) fn without_lone_surrogates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(Half::High), Some(Half::Low)) => 12,
            (Some(_), _) => {
                out.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            // A backslash and the character it escapes, which may be a backslash.
            (None, _) => escape
                .char_indices()
                .nth(2)
                .map_or(escape.len(), |(end, _)| end),
        };
        out.push_str(&escape[..taken]);
        rest = &escape[taken..];
    }
    out.push_str(rest);
    out
}

enum Half {
    High,
    Low,
}

fn surrogate(escape: &str) -> Option<Half> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::High),
        0xdc00..=0xdfff => Some(Half::Low),
        _ => None,
    }
}

/// Reads every element, so that the parser can go on behind the array.
pub(super) fn skip_array<'de, A: SeqAccess<'de>>(mut array: A) -> Result<bool, A::Error> {
    let mut any = false;
    while array.next_element::<IgnoredAny>()?.is_some() {
        any = true;
    }
    Ok(any)
}

pub(super) fn skip_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<bool, A::Error> {
    let mut any = false;
    while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
        any = true;
    }
    Ok(any)
}

/// The visitor methods of the kinds of value that read as the default.
macro_rules! default_for {
    ($($kind:ident)*) => {
        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("any value")
        }
        $(default_for!(@ $kind);)*
    };
    (@ str) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@ unit) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@ bool) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@ number) => {
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@ array) => {
        fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
            $crate::provider::lenient::skip_array(array).map(|_| Self::Value::default())
        }
    };
    (@ object) => {
        fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
            $crate::provider::lenient::skip_object(object).map(|_| Self::Value::default())
        }
    };
}
pub(super) use default_for;

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Word<'de>;

            default_for!(unit bool number array object);

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Word(Some(Cow::Borrowed(text))))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Word(Some(Cow::Owned(text.to_owned()))))
            }
        }
        from.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Count;

            default_for!(unit bool array object);

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Count(text.trim().parse().ok()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Count(u64::try_from(number).ok()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Count(Some(number)))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Count((number >= 0.0).then_some(number as u64)))
            }
        }
        from.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Amount;

            default_for!(unit bool array object);

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Amount(text.trim().parse().ok().and_then(Usd::new)))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Amount(Usd::new(number as f64)))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Amount(Usd::new(number as f64)))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Amount(Usd::new(number)))
            }
        }
        from.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Truthy {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Truthy;

            default_for!(unit);

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Truthy(!text.is_empty()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Truthy(value))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Truthy(number != 0))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Truthy(number != 0))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Truthy(number != 0.0))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                skip_array(array).map(Truthy)
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                skip_object(object).map(Truthy)
            }
        }
        from.deserialize_any(Reader)
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Shape<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for Reader<T> {
            type Value = Shape<T>;

            default_for!(str unit bool number array);

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(Shape)
            }
        }
        from.deserialize_any(Reader(PhantomData))
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for Reader<T> {
            type Value = Many<T>;

            default_for!(str unit bool number object);

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                let all: Vec<Shape<T>> = elements(array)?;
                Ok(Many(all.into_iter().map(|Shape(one)| one).collect()))
            }
        }
        from.deserialize_any(Reader(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Wire<'a> {
        #[serde(borrow)]
        word: Word<'a>,
        count: Count,
        error: Truthy,
        list: Many<Inner>,
        shape: Shape<Inner>,
    }

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Inner {
        n: Count,
    }

    #[test]
    fn a_plain_string_is_borrowed_from_the_payload() {
        let wire: Wire<'_> = read(r#"{"word":"plain"}"#).unwrap();
        assert!(matches!(wire.word.0, Some(Cow::Borrowed("plain"))));
    }

    #[test]
    fn no_type_is_a_surprise() {
        for odd in [
            "null",
            "1",
            "-1",
            "1.5",
            "true",
            "\"x\"",
            "[1,[2]]",
            "{\"a\":{}}",
        ] {
            let text = format!(
                r#"{{"word":{odd},"count":{odd},"error":{odd},"list":{odd},"shape":{odd},"new":{odd}}}"#
            );
            assert!(read::<Wire<'_>>(&text).is_some(), "{text}");
            assert!(read::<Wire<'_>>(odd).is_some(), "{odd}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_spelling() {
        for text in ["7", "7.0", "\"7\""] {
            let value = serde_json::from_str(&format!(r#"{{"count":{text}}}"#)).unwrap();
            let wire: Wire<'_> = reread(&value);
            assert_eq!(wire.count.0, Some(7), "{text}");
        }
    }

    #[test]
    fn an_error_counts_only_when_it_says_something() {
        for (text, says) in [
            ("null", false),
            ("\"\"", false),
            ("{}", false),
            ("0", false),
            ("false", false),
            ("\"x\"", true),
            ("{\"a\":null}", true),
            ("500", true),
        ] {
            let text = format!(r#"{{"error":{text}}}"#);
            assert_eq!(read::<Wire<'_>>(&text).unwrap().error.0, says, "{text}");
        }
    }

    #[test]
    fn elements_and_members_are_read() {
        let wire: Wire<'_> = read(r#"{"list":[{"n":1},null,{"n":2}],"shape":{"n":3}}"#).unwrap();
        let all: Vec<_> = wire.list.0.iter().map(|inner| inner.n.0).collect();
        assert_eq!(all, [Some(1), None, Some(2)]);
        assert_eq!(wire.shape.0.n.0, Some(3));
    }

    #[test]
    fn lone_surrogates_and_double_keys_are_repaired() {
        let text = r#"{"word":"a\ud83dx","word":"\\ud83d \ud83d\ude00 \ude00\ud83d"}"#;
        assert!(read::<Wire<'_>>(text).is_none());
        let value = repaired(text).unwrap();
        assert_eq!(value["word"], "\\ud83d 😀 \u{fffd}\u{fffd}");
    }

    #[test]
    fn broken_json_stays_broken() {
        assert!(repaired("{\"a\":\"\0\"}").is_none());
        assert!(repaired("{\"a\":\"\\ud83").is_none());
    }
}
