//! Where the panes go at every size.

use super::{status, tour};
use crate::app::arrangement::{Border, Edge};
use crate::app::{App, Pane};
use crate::store::layout::WHOLE;
use ratatui::layout::Rect;

/// Widest size that shows one pane at a time.
const NARROW: u16 = 80;
/// Narrowest size that shows three columns.
const WIDE: u16 = 120;
/// Fewest cells of the Template pane.
const LEAST_TEMPLATE: u16 = 20;
/// Fewest cells of the Editor and the Output pane.
const LEAST_TEXT: u16 = 30;

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
    /// The borders between them that can be moved.
    pub borders: Vec<Border>,
    /// The card of the tour.
    pub tour: Rect,
    /// The rows of a notice that the status line has no room for.
    pub notice: Rect,
    /// The status line.
    pub status: Rect,
}

impl Plan {
    /// Where boxes may be: everywhere but over the card of the tour and, where there is room for a
    /// box beside them, the rows that say what is wrong or was done.
    pub(super) fn for_boxes(&self) -> Rect {
        let mut end = self.whole.bottom();
        if !self.notice.is_empty() && self.whole.height >= 24 {
            end = end.min(self.notice.y);
        }
        if !self.tour.is_empty() {
            end = end.min(self.tour.y);
        }
        Rect {
            height: end - self.whole.y,
            ..self.whole
        }
    }
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
    let rows = tour::rows(app, area).min(area.height.saturating_sub(told + 5));
    let tour = Rect {
        y: notice.y - rows,
        height: rows,
        ..area
    };
    let mut body = Rect {
        y: area.y + 1,
        height: area.height - 2 - told - rows,
        ..area
    };
    let mut tabs = None;
    if area.width < NARROW && body.height > 3 && !app.settings.appearance.linear {
        tabs = Some(Rect { height: 1, ..body });
        body = Rect {
            y: body.y + 1,
            height: body.height - 1,
            ..body
        };
    }
    let shown = shown(app, area.width);
    let (panes, borders) = columns(app, &shown, body);
    Some(Plan {
        whole: area,
        title,
        tabs,
        panes,
        borders,
        tour,
        notice,
        status,
    })
}

/// The panes that fit, left to right.
pub(super) fn shown(app: &App, width: u16) -> Vec<Pane> {
    if app.is_zoomed() || width < NARROW || app.settings.appearance.linear {
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

/// Where the panes stand, and the borders between them: where the person put them, within bounds;
/// else the Template pane gets 28 to 36 cells and the rest share what is left.
fn columns(app: &App, panes: &[Pane], body: Rect) -> (Vec<(Pane, Rect)>, Vec<Border>) {
    let (mut placed, mut borders) = (Vec::with_capacity(panes.len()), Vec::new());
    let mut rest = body;
    let mut left = panes;
    while let [pane, others @ ..] = left {
        let Some(next) = others.first() else {
            placed.push((*pane, rest));
            break;
        };
        let edge = match (pane, others.len()) {
            (Pane::Template, 1) => Edge::TemplateBeside,
            (Pane::Template, _) => Edge::Template,
            _ => Edge::Editor,
        };
        let least = if *pane == Pane::Template {
            LEAST_TEMPLATE
        } else {
            LEAST_TEXT
        };
        let most = rest.width.saturating_sub(LEAST_TEXT * others.len() as u16);
        let bounds = (least, most.max(least));
        let usual = match edge {
            Edge::Template | Edge::TemplateBeside => (rest.width * 3 / 10).clamp(28, 36),
            Edge::Editor => rest.width / 2,
        };
        let share = app
            .arrangement
            .share(edge)
            .map(|share| of_share(share, rest.width));
        let width = share.map_or(usual, |share| share.clamp(bounds.0, bounds.1));
        placed.push((*pane, Rect { width, ..rest }));
        borders.push(Border {
            edge,
            left: *pane,
            right: *next,
            at: rest.x + width,
            shared: (rest.x, rest.width),
            bounds,
            // The top row has tabs to click.
            rows: (rest.y + 1, rest.bottom()),
        });
        rest = Rect {
            x: rest.x + width,
            width: rest.width - width,
            ..rest
        };
        left = others;
    }
    (placed, borders)
}

/// So many cells of a width.
fn of_share(share: u16, width: u16) -> u16 {
    let whole = u32::from(WHOLE);
    ((u32::from(share) * u32::from(width) + whole / 2) / whole) as u16
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
