//! Where the panes go at every size.

use super::status;
use crate::app::{App, Pane};
use ratatui::layout::Rect;

/// Widest size that shows one pane at a time.
const NARROW: u16 = 80;
/// Narrowest size that shows three columns.
const WIDE: u16 = 120;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The whole screen.
    pub whole: Rect,
    /// The title line.
    pub title: Rect,
    /// The strip of pane names, when only one pane fits.
    pub tabs: Option<Rect>,
    /// The panes on screen, left to right.
    pub panes: Vec<(Pane, Rect)>,
    /// The rows of a notice that the status line has no room for.
    pub notice: Rect,
    /// The status line.
    pub status: Rect,
}

/// The plan for `area`, or `None` when it is too small for anything.
pub fn plan(app: &App, area: Rect) -> Option<Plan> {
    if area.width < 20 || area.height < 5 {
        return None;
    }
    let title = Rect { height: 1, ..area };
    let status = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    let told = status::rows(app, area);
    let notice = Rect {
        y: status.y - told,
        height: told,
        ..area
    };
    let mut body = Rect {
        y: area.y + 1,
        height: area.height - 2 - told,
        ..area
    };
    let mut tabs = None;
    if area.width < NARROW && body.height > 3 {
        tabs = Some(Rect { height: 1, ..body });
        body = Rect {
            y: body.y + 1,
            height: body.height - 1,
            ..body
        };
    }
    let shown = shown(app, area.width);
    Some(Plan {
        whole: area,
        title,
        tabs,
        panes: columns(&shown, body),
        notice,
        status,
    })
}

/// The panes that fit, left to right.
fn shown(app: &App, width: u16) -> Vec<Pane> {
    if app.is_zoomed() || width < NARROW {
        return vec![app.focus];
    }
    let mut panes = if width < WIDE {
        vec![Pane::Template, app.work]
    } else {
        Pane::ALL.to_vec()
    };
    if app.template_hidden {
        panes.retain(|pane| *pane != Pane::Template);
    }
    panes
}

/// Widths: the Template pane gets 28 to 36 cells, the rest share what is left.
fn columns(panes: &[Pane], body: Rect) -> Vec<(Pane, Rect)> {
    let template = match panes {
        [Pane::Template, _, ..] => (body.width * 3 / 10).clamp(28, 36),
        _ => 0,
    };
    let others = panes.len() as u16 - u16::from(template > 0);
    let each = (body.width - template).checked_div(others).unwrap_or(0);
    let mut x = body.x;
    let mut placed = Vec::with_capacity(panes.len());
    for (index, pane) in panes.iter().enumerate() {
        let width = match index {
            _ if index + 1 == panes.len() => body.right() - x,
            0 if template > 0 => template,
            _ => each,
        };
        placed.push((*pane, Rect { x, width, ..body }));
        x += width;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Overrides, Settings};

    fn app() -> App {
        App::new(Settings::resolve(None, &|_| None, &Overrides::default()), 1)
    }

    fn panes(app: &App, width: u16, height: u16) -> Vec<(Pane, u16)> {
        let plan = plan(app, Rect::new(0, 0, width, height)).unwrap();
        plan.panes
            .iter()
            .map(|(pane, area)| (*pane, area.width))
            .collect()
    }

    #[test]
    fn three_columns_from_120() {
        assert_eq!(
            panes(&app(), 120, 40),
            [(Pane::Template, 36), (Pane::Editor, 42), (Pane::Output, 42)]
        );
    }

    #[test]
    fn two_columns_from_80() {
        assert_eq!(
            panes(&app(), 80, 24),
            [(Pane::Template, 28), (Pane::Editor, 52)]
        );
    }

    #[test]
    fn one_pane_and_a_strip_below_80() {
        let plan = plan(&app(), Rect::new(0, 0, 60, 20)).unwrap();
        assert_eq!(plan.panes.len(), 1);
        assert!(plan.tabs.is_some());
    }

    #[test]
    fn a_hidden_template_pane_leaves_its_place() {
        let mut app = app();
        app.template_hidden = true;
        assert_eq!(
            panes(&app, 120, 40),
            [(Pane::Editor, 60), (Pane::Output, 60)]
        );
    }

    #[test]
    fn nothing_fits_below_20_by_5() {
        assert_eq!(plan(&app(), Rect::new(0, 0, 19, 40)), None);
        assert_eq!(plan(&app(), Rect::new(0, 0, 80, 4)), None);
    }
}
