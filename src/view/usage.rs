//! Draws the usage box: a bar for each day of the month, sums by model and template, the budget.
//!
//! A bar says how much by its height and by the scale beside it, never by its colour alone.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, list};
use crate::app::usage::UsageBox;
use crate::domain::budget::{OnLimit, Standing};
use crate::domain::cost::Usd;
use crate::domain::ledger::{Month, Sum};
use crate::domain::models::short;
use crate::domain::tokens::thousands;
use ratatui::layout::Rect;
use std::fmt::Write;

/// Eighths of a cell.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Columns of a day, and of the scale left of the days.
const DAY: u16 = 2;
const SCALE: u16 = 8;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, usage: &UsageBox, screen: Rect) {
    let month = &usage.month;
    let name = MONTHS.get(month.today.month() as usize - 1).unwrap_or(&"");
    let title = format!("Usage in {name} {}", month.today.year());
    let height = screen.height.saturating_sub(2).min(28);
    let inner = frame(canvas, screen, (76, height), &title);
    let mut rest = inner;
    for (text, role) in [Some(summary(&month.total)), budget(usage)]
        .into_iter()
        .flatten()
    {
        for line in list::wrap(&text, usize::from(inner.width)) {
            say(canvas, &mut rest, &line, role);
        }
    }
    if month.total.runs > 0 {
        say(canvas, &mut rest, "", Role::Text);
        chart(canvas, month, &mut rest);
        totals(canvas, usage, rest);
    }
    let hint = " esc closes ";
    let width = columns(hint) as u16;
    let at = (inner.right().saturating_sub(width), inner.bottom());
    canvas.text(at, hint, width, Role::Dim);
}

/// Draws a line and takes it off what is left.
fn say(canvas: &mut Canvas, rest: &mut Rect, text: &str, role: Role) {
    if rest.height > 0 {
        canvas.text((rest.x, rest.y), text, rest.width, role);
        rest.y += 1;
        rest.height -= 1;
    }
}

fn summary(total: &Sum) -> (String, Role) {
    if total.runs == 0 {
        return ("No run this month yet.".to_owned(), Role::Text);
    }
    let plural = |number: u64| if number == 1 { "" } else { "s" };
    let mut text = format!(
        "{} in {} run{} · {} tokens in, {} out",
        total.shown(),
        thousands(total.runs),
        plural(total.runs),
        thousands(total.input),
        thousands(total.output),
    );
    if let Some(special) = total.special() {
        text.push_str(" (");
        text.push_str(&special);
        text.push(')');
    }
    if total.unpriced > 0 {
        text.push_str(" · ");
        text.push_str(&thousands(total.unpriced));
        text.push_str(" without a price");
    }
    (text, Role::Strong)
}

fn budget(usage: &UsageBox) -> Option<(String, Role)> {
    let budget = usage.budget?;
    let spent = usage.month.total.cost;
    let percent = spent.dollars() / budget.monthly.dollars().max(f64::MIN_POSITIVE) * 100.0;
    let then = match budget.on_limit {
        OnLimit::Warn => "warns",
        OnLimit::Stop => "stops",
    };
    let (mark, role) = match budget.standing(spent, Usd::ZERO) {
        Standing::Within => ("", Role::Text),
        Standing::Near => (" · nearly used up", Role::Warning),
        Standing::Over => (" · used up", Role::Error),
    };
    let used = format!("{:.0} %", percent.min(999.0));
    let text = format!(
        "Budget: {spent} of {} ({used}), {then} at the limit{mark}",
        budget.monthly
    );
    Some((text, role))
}

/// Bars, one for each day, with the highest beside them and days below.
fn chart(canvas: &mut Canvas, month: &Month, rest: &mut Rect) {
    let measure = Measure::of(month);
    let most = month.days.iter().map(|day| measure.value(day));
    let most = most.fold(0.0, f64::max);
    let rows = (rest.height / 3).clamp(3, 7);
    if rest.height < rows + 2 || rest.width < SCALE + DAY * 31 {
        return;
    }
    let top = rest.y;
    let [highest, unit, lowest] = measure.scale(most);
    for (label, row) in [(highest, 0), (unit, 1), (lowest, rows - 1)] {
        canvas.text((rest.x, top + row), &label, SCALE - 1, Role::Dim);
    }
    for (index, day) in month.days.iter().enumerate() {
        let x = rest.x + SCALE + DAY * index as u16;
        let role = if index + 1 == month.today.day() as usize {
            Role::Strong
        } else {
            Role::Accent
        };
        for (row, cell) in bar(measure.value(day), most, rows).into_iter().enumerate() {
            canvas.text((x, top + rows - 1 - row as u16), cell, 1, role);
        }
    }
    rest.y += rows;
    rest.height -= rows;
    let mut axis = String::new();
    for day in 1..=month.days.len() {
        let marked = day == 1 || day.is_multiple_of(5);
        let label = if marked {
            day.to_string()
        } else {
            String::new()
        };
        // Writing to a string cannot fail.
        let _ = write!(axis, "{label:<width$}", width = usize::from(DAY));
    }
    let line = format!("{:width$}{axis}", "", width = usize::from(SCALE));
    say(canvas, rest, &line, Role::Dim);
}

/// What the bars show: money, and where there was none to pay, tokens, or else runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Cost,
    Tokens,
    Runs,
}

impl Measure {
    fn of(month: &Month) -> Self {
        let total = &month.total;
        if total.cost > Usd::ZERO {
            Self::Cost
        } else if total.input + total.output > 0 {
            Self::Tokens
        } else {
            Self::Runs
        }
    }

    fn value(self, day: &Sum) -> f64 {
        match self {
            Self::Cost => day.cost.dollars(),
            Self::Tokens => (day.input + day.output) as f64,
            Self::Runs => day.runs as f64,
        }
    }

    /// What stands at the top of the scale, what is counted, and what stands at its foot.
    fn scale(self, most: f64) -> [String; 3] {
        let counted = |unit: &str| [short(most as u64), unit.to_owned(), "0".to_owned()];
        match self {
            Self::Cost => {
                let most = Usd::new(most).unwrap_or_default();
                [most.to_string(), String::new(), "$0".to_owned()]
            }
            Self::Tokens => counted("tokens"),
            Self::Runs => counted("runs"),
        }
    }
}

/// The cells of a bar, lowest first; whatever is more than nothing has a mark.
fn bar(value: f64, most: f64, rows: u16) -> Vec<&'static str> {
    if value <= 0.0 {
        return Vec::new();
    }
    let eighths = value / most * f64::from(rows) * 8.0;
    let eighths = (eighths.round() as usize).max(1);
    let mut cells = vec![EIGHTHS[8]; eighths / 8];
    if !eighths.is_multiple_of(8) {
        cells.push(EIGHTHS[eighths % 8]);
    }
    cells
}

/// What models and templates took, as far as there is room; it scrolls.
fn totals(canvas: &mut Canvas, usage: &UsageBox, area: Rect) {
    let month = &usage.month;
    let empty = Sum::default();
    let mut lines: Vec<(&str, &Sum)> = vec![("By model", &empty)];
    lines.extend(month.models.iter().map(|sum| ("", sum)));
    lines.push(("By template", &empty));
    lines.extend(month.templates.iter().map(|sum| ("", sum)));
    let rows = usize::from(area.height);
    let first = usage.scroll.min(lines.len().saturating_sub(rows));
    for ((heading, sum), y) in lines.iter().skip(first).zip(area.top()..area.bottom()) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        if heading.is_empty() {
            row(canvas, sum, line);
        } else {
            canvas.text((line.x, y), heading, line.width, Role::Heading);
        }
    }
    if first + rows < lines.len() {
        let more = " ↓ more · ";
        let width = columns(more) as u16;
        let at = (area.right().saturating_sub(width + 12), area.bottom());
        canvas.text(at, more, width, Role::Dim);
    }
}

fn row(canvas: &mut Canvas, sum: &Sum, line: Rect) {
    let runs = format!(
        "{} run{}",
        thousands(sum.runs),
        if sum.runs == 1 { "" } else { "s" }
    );
    let cost = sum.shown();
    let cost_width = 10;
    let runs_width = 12;
    let room = line.width.saturating_sub(cost_width + runs_width + 1);
    let name = cut(&sum.name, usize::from(room.saturating_sub(2)));
    canvas.text((line.x + 2, line.y), &name, room, Role::Text);
    let end = line.right().saturating_sub(cost_width);
    let at = end.saturating_sub(columns(&runs) as u16);
    canvas.text((at, line.y), &runs, runs_width, Role::Dim);
    let at = line.right().saturating_sub(columns(&cost) as u16);
    canvas.text((at, line.y), &cost, cost_width, Role::Text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_high_as_its_share_and_never_invisible() {
        assert_eq!(bar(1.0, 1.0, 3), ["█", "█", "█"]);
        assert_eq!(bar(0.5, 1.0, 3), ["█", "▄"]);
        assert_eq!(bar(0.000_1, 1.0, 3), ["▁"]);
        assert!(bar(0.0, 1.0, 3).is_empty());
        assert!(bar(0.0, 0.0, 3).is_empty());
    }
}
