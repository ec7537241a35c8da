//! What is said of models, as short as it can be read: for lists on screen and on paper.

use super::Model;

/// What a model can besides text.
pub const fn abilities(model: &Model) -> &'static str {
    match (model.vision, model.reasoning) {
        (Some(true), Some(true)) => "vision reason",
        (Some(true), _) => "vision",
        (_, Some(true)) => "reason",
        _ => "",
    }
}

/// `1050000` → `1.05M`.
pub fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{}K", number / 1_000),
        _ => {
            let millions = format!("{:.2}", number as f64 / 1e6);
            format!("{}M", millions.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

/// Dollars for a million tokens.
pub fn price(rate: f64) -> String {
    if rate > 0.0 && rate < 0.1 {
        format!("{rate:.3}")
    } else {
        format!("{rate:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_and_prices_are_short() {
        for (number, text) in [
            (512, "512"),
            (16_385, "16K"),
            (400_000, "400K"),
            (1_000_000, "1M"),
            (1_050_000, "1.05M"),
            (1_047_576, "1.05M"),
        ] {
            assert_eq!(short(number), text);
        }
        assert_eq!(
            (price(0.0), price(0.075), price(0.1), price(180.0)),
            (
                "0.00".into(),
                "0.075".into(),
                "0.10".into(),
                "180.00".into()
            )
        );
    }
}
